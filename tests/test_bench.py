"""Every benchmark runs, on small sizes: what it measures is for `make bench`."""

import pytest

from bench import __main__ as command
from bench import (
    exact_engine,
    explorer,
    explorer_view,
    ledger,
    manifold,
    ngram,
    rows_engine,
    transformer,
    vae,
)
from bench.chromium import Work
from bench.timing import Pair, paired

SMALL = {
    "gaussian_chain": {"replicates": 10, "generations": 5},
    "categorical_chain": {"types": 50, "generations": 2},
    "categorical_memory": {"types": 50},
    "many_rows": {"n": 100, "generations": 3},
    "few_rows": {"generations": 3},
    "accumulated_memory": {"n": 20, "generations": 20},
    "ledger_verified": {"n": 20, "rounds": 1},
    "rows_hashed": {"n": 20, "rounds": 1},
    "manifold_plane": {"n": 50, "rounds": 1},
    "manifold_wide": {"n": 50, "rounds": 1},
    "bigrams": {"n": 4, "length": 8, "rounds": 1},
    "trigrams": {"n": 4, "length": 8, "rounds": 1},
    "transformer_training": {"n_tokens": 50, "width": 16, "steps": 1, "cores": 1, "rounds": 1},
    "transformer_sampling": {"n_tokens": 50, "width": 16, "n": 2, "cores": 1, "rounds": 1},
    "vae_dense": {"n": 64, "epochs": 1, "rounds": 1},
    "vae_convolutional": {"n": 32, "rounds": 1},
}


PAIRED = (exact_engine, rows_engine, ledger, manifold, ngram, transformer, vae)


@pytest.mark.parametrize("case", [case for module in PAIRED for case in module.CASES])
def test_benchmark_runs_and_names_its_aim(case):
    figure, aim = case(**SMALL[case.__name__])
    value = figure.ratio if isinstance(figure, Pair) else figure
    assert value == value and aim > 0
    assert f"Aim: {'under' if case.__name__ == 'accumulated_memory' else 'at most'}" in case.__doc__


SHORT = {"n_replicates": 5, "n_generations": 4}


@pytest.mark.parametrize("case", explorer.CASES)
def test_the_engine_of_the_page_is_timed(browser, case):
    milliseconds, aim = case(**SHORT, rounds=2, browser=browser)
    assert 0 < milliseconds < 1000
    assert f"Aim: at most {aim}." in case.__doc__


@pytest.mark.parametrize("case", explorer_view.CASES)
def test_the_figure_is_timed(browser, case):
    few = {} if case is explorer_view.first_interaction else {"redraws": explorer_view.BATCH}
    figure, aim = case(**SHORT, **few, browser=browser)
    work = figure.work if isinstance(figure, Work) else figure
    assert 0 < work < 10_000
    assert f"Aim: under {aim}." in case.__doc__


def test_what_is_above_its_aim_is_said_to_fall_short(capsys, monkeypatch):
    def slow():
        """Aim: at most 16."""
        return Work(work=16.5, clock=20.0), 16

    def swift():
        """Aim: at most 16."""
        return Work(work=15.5, clock=20.0), 16

    monkeypatch.setattr(explorer_view, "CASES", [slow, swift])
    assert command.main(["slow", "swift"]) == 0
    lines = capsys.readouterr().out.splitlines()[::2]
    waiting = "(20.0 with waiting for the processor); aim 16"
    assert lines == [f"slow: 16.5 {waiting}: FELL SHORT", f"swift: 15.5 {waiting}: ok"]


def test_pairs_are_timed_in_turn():
    turns = []
    pair = paired(lambda: turns.append("a"), lambda: turns.append("b"), rounds=3, warmup=1)
    assert turns == ["a", "b"] * 4
    assert pair.spread[0] <= pair.ratio <= pair.spread[1]


def test_a_benchmark_that_does_not_exist_is_told(capsys):
    assert command.main(["speed"]) == 2
    assert "No benchmark is called speed; there are gaussian_chain," in capsys.readouterr().out
