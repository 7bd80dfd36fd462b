"""What the torch models share: randomness from rng alone, torch's global state left as it was, and
states to start warm from."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

from collapse_lib.models.base import check_fitted

__all__ = ["Dropout", "WarmStart", "batches", "empty_network", "threads", "torch_generator"]

_LOCK = threading.RLock()


def torch_generator(rng: np.random.Generator, device="cpu") -> torch.Generator:
    """A torch.Generator keyed by rng; torch's own global generator is not touched."""
    return torch.Generator(device).manual_seed(int(rng.integers(2**63)))


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


def empty_network(make: Callable[[], torch.nn.Module], device="cpu") -> torch.nn.Module:
    """The float32 network that make() builds, its parameters not set yet. Torch's layers draw
    their first weights from the global generator; here none are drawn."""
    with torch.device("meta"):
        network = make().to(torch.float32)
    return network.to_empty(device=device)


def batches(n: int, size: int, generator: torch.Generator) -> Iterator[torch.Tensor]:
    """Row numbers (size,) for one training step after the other, without end: the n rows in an
    order drawn anew at each pass. A batch may end one pass and begin the next, so that all are of
    one size; of fewer rows than that, each batch holds them all."""
    size = min(size, n)
    order = torch.empty(0, dtype=torch.int64, device=generator.device)
    while True:
        while len(order) < size:
            fresh = torch.randperm(n, generator=generator, device=generator.device)
            order = torch.cat([order, fresh])
        yield order[:size]
        order = order[size:]


class WarmStart:
    """get_state and set_state of a model that learns network_; its fit looks for _start."""

    def get_state(self) -> dict[str, np.ndarray]:
        """The learned weights, from which another fit can start warm."""
        check_fitted(self, "network_")
        weights = self.network_.state_dict().items()
        return {name: array.cpu().numpy().copy() for name, array in weights}

    def set_state(self, state) -> None:
        """Let the next fit start from these weights in place of drawn ones."""
        self._start = {name: np.array(array) for name, array in dict(state).items()}


class Dropout(torch.nn.Module):
    """Sets a share of what passes to zero and scales up the rest. torch's own draws from the
    global generator, this one from the generator given."""

    def __init__(self, share: float, generator: torch.Generator):
        super().__init__()
        self.share, self.generator = share, generator

    def forward(self, x):
        kept = torch.rand(x.shape, generator=self.generator, dtype=torch.float32) >= self.share
        return x * kept.to(x.device) / (1 - self.share)
