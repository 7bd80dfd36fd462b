"""Every benchmark runs, on small sizes: what it measures is for `make bench`."""

import pytest

from bench import __main__ as command
from bench import exact_engine, rows_engine
from bench.timing import Pair, paired

SMALL = {
    "gaussian_chain": {"replicates": 10, "generations": 5},
    "categorical_chain": {"types": 50, "generations": 2},
    "categorical_memory": {"types": 50},
    "many_rows": {"n": 100, "generations": 3},
    "few_rows": {"generations": 3},
    "accumulated_memory": {"n": 20, "generations": 20},
}


@pytest.mark.parametrize("case", [*exact_engine.CASES, *rows_engine.CASES])
def test_benchmark_runs_and_names_its_aim(case):
    figure, aim = case(**SMALL[case.__name__])
    value = figure.ratio if isinstance(figure, Pair) else figure
    assert value == value and aim > 0
    assert f"Aim: {'under' if case.__name__ == 'accumulated_memory' else 'at most'}" in case.__doc__


def test_pairs_are_timed_in_turn():
    turns = []
    pair = paired(lambda: turns.append("a"), lambda: turns.append("b"), rounds=3, warmup=1)
    assert turns == ["a", "b"] * 4
    assert pair.spread[0] <= pair.ratio <= pair.spread[1]


def test_a_benchmark_that_does_not_exist_is_told(capsys):
    assert command.main(["speed"]) == 2
    assert "No benchmark is called speed; there are gaussian_chain," in capsys.readouterr().out
