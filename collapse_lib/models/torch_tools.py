"""What the torch models share: randomness from rng alone, torch's global state left as it was,
steps of training, and states to start warm from.

They compute in float32, so the same rng gives the same rows on one machine with one number of
threads, which is 1 where a model has no field for it. Another kind of processor rounds differently,
and training magnifies that.
"""

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

from collapse_lib.arguments import check_type
from collapse_lib.models.base import Learned

__all__ = [
    "WarmStart",
    "batches",
    "check_loss",
    "descend",
    "drawn_weights",
    "dropping",
    "empty_network",
    "put_weights",
    "threads",
    "torch_generator",
]

_LOCK = threading.RLock()


def torch_generator(rng: np.random.Generator) -> torch.Generator:
    """A torch.Generator of the CPU keyed by rng; torch's own global generator is not touched."""
    return torch.Generator().manual_seed(int(rng.integers(2**63)))


@contextmanager
def threads(n: int = 1) -> Iterator[None]:
    """Let torch use n threads inside, and as many as before outside. The number can change the
    last digits of a sum, so a result that repeats has it fixed. It belongs to the process: models
    in several Python threads take turns, or the last to leave would restore what the first had
    set."""
    with _LOCK:
        before = torch.get_num_threads()
        torch.set_num_threads(n)
        try:
            yield
        finally:
            torch.set_num_threads(before)


def empty_network(make: Callable[[], nn.Module]) -> nn.Module:
    """The float32 network that make() builds, its parameters not set yet. Torch's layers draw
    their first weights from the global generator; here none are drawn."""
    with torch.device("meta"):
        network = make().to(torch.float32)
    return network.to_empty(device="cpu")


def drawn_weights(make: Callable[[], nn.Module], generator: torch.Generator) -> nn.Module:
    """The network that make() builds, with PyTorch's usual first weights but drawn from the
    generator: uniform within 1 / sqrt(inputs of a unit)."""
    network = empty_network(make)
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            bound = layer.weight[0].numel() ** -0.5
            for weights in (layer.weight, layer.bias):
                nn.init.uniform_(weights, -bound, bound, generator=generator)
    return network


@torch.no_grad()
def put_weights(network: nn.Module, weights, whose: str) -> None:
    """Give a network its weights, arrays by name; whose: what a sentence calls them."""
    own = dict(network.named_parameters())
    for name in sorted(own.keys() | weights.keys()):
        needed = tuple(own[name].shape) if name in own else "none"
        given = np.shape(weights[name]) if name in weights else "none"
        if needed != given:
            raise ValueError(
                f"{whose} is of another network: {name} has shape {given} there, and {needed} in "
                "this one."
            )
    for name, weight in own.items():
        weight.copy_(torch.as_tensor(weights[name]))


def batches(n: int, size: int, generator: torch.Generator) -> Iterator[torch.Tensor]:
    """Row numbers (size,) for one training step after the other, without end: the n rows in an
    order drawn anew at each pass. A batch may end one pass and begin the next, so that all are of
    one size; of fewer rows than that, each batch holds them all."""
    size = min(size, n)
    order = torch.empty(0, dtype=torch.int64)
    while True:
        while len(order) < size:
            order = torch.cat([order, torch.randperm(n, generator=generator)])
        yield order[:size]
        order = order[size:]


def descend(optimiser, loss: torch.Tensor, rate=None, clipped: Iterable = ()) -> None:
    """One step of the optimiser down a loss. rate: its learning rate from now on; clipped:
    parameters whose gradient is clipped to norm 1."""
    for group in optimiser.param_groups:
        group["lr"] = group["lr"] if rate is None else rate
    optimiser.zero_grad()
    loss.backward()
    if clipped:
        nn.utils.clip_grad_norm_(clipped, 1.0)
    optimiser.step()


def check_loss(model, loss: float, when: str) -> None:
    """Raise one sentence (ValueError) where training has led to nothing finite."""
    if not math.isfinite(loss):
        raise ValueError(
            f"{type(model).__name__}.learning_rate must be small enough for the loss to stay "
            f"finite; with {model.learning_rate:g} it was {loss} {when}. Lower it."
        )


class WarmStart:
    """get_state and set_state of a model that learns network_; its fit calls _warm."""

    device = None
    network_ = Learned()

    def _device(self) -> torch.device:
        """The device that was given; for None the GPU where torch finds one, else the CPU."""
        check_type(f"{type(self).__name__}.device", self.device, (torch.device, str, type(None)))
        return self.device or torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def get_state(self) -> dict[str, np.ndarray]:
        """The learned weights, from which another fit can start warm."""
        weights = self.network_.named_parameters()
        return {name: weight.detach().cpu().numpy().copy() for name, weight in weights}

    def set_state(self, state) -> None:
        """Let the next fit start from these weights in place of its usual ones."""
        self._state = {name: np.array(array) for name, array in dict(state).items()}

    def _warm(self, network: nn.Module) -> nn.Module:
        """The network, with the weights of the state where one was set since the last fit."""
        state = self.__dict__.pop("_state", None)
        if state is not None:
            put_weights(network, state, f"The state given to {type(self).__name__}.set_state")
        return network


def dropping(share: float, generator: torch.Generator) -> Callable:
    """dropout(x): sets a share of what passes to zero and scales up the rest. torch's own draws
    from the global generator, this one from the generator given."""

    def dropout(x):
        kept = torch.rand(x.shape, generator=generator, dtype=torch.float32) >= share
        return x * kept.to(x.device) / (1 - share)

    return dropout
