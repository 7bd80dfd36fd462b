"""From a metric of arrays to a metric of a generation, as `run_loop(metrics=...)` takes it.

    metrics = {
        "variance": against_reference(variance_ratio),
        "W1": against_reference(functools.partial(wasserstein, order=1)),
        "log likelihood": of_model(log_likelihood),
    }

The results pickle, so that a sweep can send them to its workers.
"""

from dataclasses import dataclass
from typing import Any


def of_sample(metric):
    """Return a metric of a generation that calls metric(generation.sample).

    metric: a function of rows (n, ...). Raises TypeError for what cannot be called.
    """
    return _OfSample(_callable("of_sample", metric))


def against_reference(metric):
    """Return a metric of a generation that calls metric(generation.sample, generation.reference).

    metric: a function of two tables of rows. Raises TypeError for what cannot be called.
    """
    return _AgainstReference(_callable("against_reference", metric))


def of_model(metric):
    """Return a metric of a generation that calls metric(generation.model, generation.reference).

    metric: a function of a model and rows, such as log_likelihood: how well the model explains real
    rows. Raises TypeError for what cannot be called.
    """
    return _OfModel(_callable("of_model", metric))


@dataclass(frozen=True)
class _OfSample:
    metric: Any

    def __call__(self, generation):
        return float(self.metric(generation.sample))


@dataclass(frozen=True)
class _AgainstReference:
    metric: Any

    def __call__(self, generation):
        return float(self.metric(generation.sample, generation.reference))


@dataclass(frozen=True)
class _OfModel:
    metric: Any

    def __call__(self, generation):
        return float(self.metric(generation.model, generation.reference))


def _callable(owner, metric):
    if not callable(metric):
        raise TypeError(
            f"{owner}.metric must be a function of arrays; got {type(metric).__name__}."
        )
    return metric
