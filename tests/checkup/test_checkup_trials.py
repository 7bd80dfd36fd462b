"""The trials of the check-up run, one case of each part."""

import numpy as np
import pytest

from collapse_lib.checkup import trials


def test_a_case_of_each_part():
    name, share, (low, high) = next(trials.nulls(3))
    assert name == "alarms, penguins, 344 rows" and 0 <= share <= 1 and low < 0.05 < high
    real, other = trials.thinned(np.random.default_rng(1), 400)
    shares = [(table["species"] == "Chinstrap").mean() for table in (real, other)]
    assert shares[1] < 0.8 * shares[0]
    chains = [trials._chain(np.random.default_rng(seed), 100) for seed in range(8)]
    assert trials._hits(chains, "effective_rows", 100) > 0.5
    assert trials._hits(chains, "effective_rows", 10_000) < 0.5


def test_a_part_that_is_not_there(capsys):
    with pytest.raises(SystemExit):
        trials.main(["guesses"])
    assert "no part is called guesses; there are nulls, faults" in capsys.readouterr().err
