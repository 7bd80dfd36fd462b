"""What the chapter `provenance` draws is what the ledger, the keys and the signatures say."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_lib import run_loop, sources
from collapse_lib.chapters import load
from collapse_lib.chapters.provenance.badges import badges
from collapse_lib.chapters.provenance.bracket import bracket
from collapse_lib.chapters.provenance.marks import (
    after_attacks,
    by_length,
    by_strength,
    found_table,
    green_words,
)
from collapse_lib.chapters.provenance.tampering import altered, ledger_chains, rechained
from collapse_lib.chapters.provenance.telling import flagged, read_by_smollm
from collapse_lib.chapters.provenance.tree import merkle_tree
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.ngram import NGram
from collapse_lib.policies import FreshReal
from collapse_lib.provenance import Ledger, prove
from collapse_lib.provenance.record import parse
from collapse_lib.watermarks.attacks import replaced
from collapse_lib.watermarks.schemes import GreenList, Gumbel, Tournament


def ledger_of(folder, n_samples, n_generations, seed=1):
    with Ledger(Path(folder) / "ledger.jsonl") as ledger:
        run_loop(
            Gaussian(), sources.GaussianSource(), FreshReal(0.25),
            n_samples=n_samples, n_generations=n_generations, seed=seed, ledger=ledger,
        )  # fmt: skip
    return ledger.path.read_bytes().splitlines(keepends=True), ledger.head


def drawn(lines, attempts):
    return ledger_chains(lines, attempts, name="chains", title="Chains").table


@settings(max_examples=8, deadline=None)
@given(st.integers(4, 120), st.integers(1, 12), st.integers(0, 99))
def test_the_lesson_of_the_ledger_holds_at_all_sizes(n_samples, n_generations, seed):
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        lines, head = ledger_of(folder, n_samples, n_generations, seed)
    changed = altered(lines, 2, rows=0)
    table = drawn(
        lines,
        {
            "as written": (lines, head),
            "changed": (changed, head),
            "cut": (lines[:-3], head),
            "anew": (rechained(changed), None),
            "anew, head": (rechained(changed), head),
        },
    )
    n = len(lines)
    assert table["changed"].tolist() == [0, 1, 0, n - 2, n - 2]
    assert table["lost"].tolist() == [0, 0, 3, 0, 0]
    sound = [text.startswith("All ") for text in table["verdict"]]
    assert sound == [True, False, False, True, False]
    assert table["verdict"][1].startswith("Record 2 was altered")
    assert table["verdict"][4].startswith(f"Record {n - 1} was altered")


def test_a_record_is_altered_in_what_it_says_alone(tmp_path):
    lines, _ = ledger_of(tmp_path, 10, 2)
    changed = altered(lines, 2, rows=0)
    assert [a == b for a, b in zip(lines, changed, strict=True)].count(False) == 1
    assert parse(changed[2][:-1]) == "its content does not have the hash that it states"
    assert parse(rechained(changed)[2][:-1]).content["rows"] == 0
    assert rechained(lines) == lines  # what was not changed keeps its fingerprints


@pytest.mark.parametrize(("n", "index"), [(2, 0), (5, 4), (8, 5), (11, 10), (16, 3)])
def test_the_tree_hands_over_what_the_proof_does(n, index):
    rows = np.random.default_rng(0).normal(size=n)
    figure = merkle_tree(rows, index, name="tree", title="A tree")
    assert tuple(figure.table["fingerprint"]) == prove(rows, index).path
    assert "the root comes out" in figure.alt


def test_a_badge_is_the_beginning_of_its_verdict():
    verdicts = {
        "as signed": "Trusted: signed by The Book.",
        "stranger": "Valid: signed by Someone.",
        "changed": "Invalid: signed by The Book.",
        "saved": "The picture carries no Content Credentials.",
    }
    figure = badges(np.zeros((8, 8), np.uint8), verdicts, name="badges", title="Badges")
    assert figure.table["badge"].tolist() == ["✓", "?", "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"]


@pytest.fixture(scope="module")
def texts():
    blocks = sources.docstrings("numpy").blocks(64)
    model = NGram(2, len(blocks.vocabulary)).fit(blocks.rows[:400])
    schemes = {"green list": GreenList(7, context=4), "Gumbel": Gumbel(7, context=4)}
    rng = np.random.default_rng(0)
    marked = {name: model.sample(40, rng=rng, scheme=each) for name, each in schemes.items()}
    return blocks, model, schemes, marked, model.sample(40, rng=rng)


def test_frames_of_marks_are_the_schemes_own_scores(texts):
    _, model, schemes, marked, plain = texts
    frame = by_length(schemes, marked, [16, 64]).query("words == 64 and scheme == 'Gumbel'")
    assert np.array_equal(frame.z, schemes["Gumbel"].score(marked["Gumbel"]).z)
    found = found_table(schemes, marked, plain, model, load("marked-transformer"))
    assert found.loc[("bigram", "Gumbel"), "median z"] == np.median(frame.z)
    assert (abs(found["z without"]) < 4 / np.sqrt(40)).all()  # without a mark: chance
    assert (found["median z"] > 4).all()
    strong = by_strength(schemes, model, n_texts=5, rng=np.random.default_rng(1))
    assert strong.groupby("kind").size().to_dict() == {"Gumbel": 5, "green list": 5}


def test_an_attack_leaves_as_much_of_a_mark_as_of_its_groups(texts):
    _, model, schemes, marked, _ = texts
    rng = np.random.default_rng(2)
    attacks = {
        "none": lambda rows: rows,
        "some": lambda rows: replaced(rows, 0.1, model.n_tokens, rng=rng),
        "all": lambda rows: replaced(rows, 1.0, model.n_tokens, rng=rng),
    }
    frame = after_attacks(schemes, marked, attacks)
    none, some, gone = (frame.query("attack == @attack") for attack in attacks)
    assert (none.left == 1).all() and (none.whole == 1).all()
    assert (abs(some.left - some.whole) < 0.12).all() and (some.whole < 0.75).all()
    assert (gone.whole < 0.01).all() and (abs(gone.z) < 4 / np.sqrt(40)).all()


def test_green_words_are_those_that_the_key_scores(texts):
    blocks, _, schemes, marked, _ = texts
    row = marked["green list"][0]
    figure = green_words(
        {"marked": row}, schemes["green list"], blocks.vocabulary, name="green", title="Green"
    )
    green = figure.table["marked: green"]
    assert len(green) == 40 and np.isnan(green[:4]).all()
    n_green = [schemes["green list"].score(row[k - 4 : k + 1]).statistic for k in range(4, 40)]
    assert green[4:].tolist() == n_green


def test_flags_follow_bayes_rule():
    frame = flagged(hit_rate=0.9, false_alarm_rate=0.05, percents=(50, 1), n=1000)
    counts = frame.set_index(["collection", "text"])["flagged texts"].unstack()
    right, wrong = 0.01 * 0.9, 0.99 * 0.05
    assert counts.loc["1 % synthetic"].max() == round(1000 * wrong / (right + wrong))
    assert (counts.sum(axis=1) == 1000).all()
    assert frame.attrs["said"].endswith("846 are by people.")


def test_a_beam_is_told_and_plain_sampling_is_not():
    found = read_by_smollm(load("detection")).groupby("written").auroc.mean()
    assert found["by a beam of 5"] > 0.9 and found["at temperature 1"] < 0.5


def test_the_larger_coin_wins_each_match_of_the_bracket():
    law, words = np.full(30, 1 / 30), [f"word {k}" for k in range(30)]
    scheme, tossed = Tournament(5, layers=3, context=2), 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        figure = bracket(scheme, [1, 2], law, words, rng=rng, name="tournament", title="A word")
        rounds = [figure.table["word"][figure.table["round"] == r] for r in (1, 2, 3)]
        coins = [figure.table["coin"][figure.table["round"] == r] for r in (1, 2, 3)]
        rounds.append([figure.alt.split("The winner is ")[1].split(",")[0]])
        for r, (players, coin) in enumerate(zip(rounds[:3], coins, strict=True)):
            for k, winner in enumerate(rounds[r + 1]):
                pair, (a, b) = list(players[2 * k : 2 * k + 2]), coin[2 * k : 2 * k + 2]
                assert winner in (pair if a == b else [pair[int(b > a)]])
                tossed += int(a == b)
    assert 0 < tossed < 6 * 7
