"""What several theory tests share."""

import numpy as np
import pytest

from collapse_lib import run_loop


@pytest.fixture
def on_rows():
    """Function that runs many short loops on rows and gives the learned attributes asked for."""

    def fitted(model, source, policy, *attributes, n_runs, seed, **settings):
        """One array (n_runs, n_generations, ...) for each attribute; settings as for run_loop."""
        runs = [
            run_loop(model, source, policy, seed=child, n_reference=1, **settings)
            for child in np.random.SeedSequence(seed).spawn(n_runs)
        ]
        values = [
            np.array([[getattr(generation.model, name) for generation in run] for run in runs])
            for name in attributes
        ]
        return values[0] if len(values) == 1 else values

    return fitted
