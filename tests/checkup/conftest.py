"""Tables with known laws."""

import numpy as np
import pandas as pd
import pytest


def mixed(n, rng, *, spread=1.0, thin=1.0, temperature=1.0):
    """Numbers, categories with a small group and a long tail, gaps, an id and a constant."""
    shares = 1 / np.arange(1, 61)
    shares **= 1 / temperature
    group = np.array([0.8, 0.2 * thin])
    height = rng.normal(170, 10, n)
    return pd.DataFrame(
        {
            "person": np.arange(n),
            "height": 170 + spread * (height - 170),
            "weight": height / 2 + rng.normal(0, 5, n),
            "income": np.where(rng.random(n) < 0.1, np.nan, rng.lognormal(10, 1, n)),
            "group": rng.choice(["majority", "minority"], n, p=group / group.sum()),
            "town": rng.choice([f"town {k}" for k in range(60)], n, p=shares / shares.sum()),
            "member": rng.random(n) < 0.3,
            "country": "here",
        }
    )


@pytest.fixture
def tables():
    """Two tables of 2,000 real rows."""
    rng = np.random.default_rng(1)
    return mixed(2000, rng), mixed(2000, rng)
