"""The ring in Python: its runs are those of the loop, and who copied whom has the right law."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from ring_page import COUNTS, LINKS, ring
from statcheck import assert_agrees

from collapse_lib import run_loop
from collapse_lib.explorers.ring.family import family_of
from collapse_lib.models.categorical import Categorical
from collapse_lib.policies import Accumulate, MixReal, Replace
from collapse_lib.sources import FixedProportions

CHAPTERS = Path(__file__).parents[2] / "chapters"
POLICIES = {"replace": Replace(), "mix": MixReal(0.5)}
N, T = sum(COUNTS), 9


def loop(policy, seed, n_reference=N):
    return run_loop(
        Categorical(len(COUNTS)), FixedProportions(COUNTS), policy, n_samples=N,
        n_reference=n_reference, n_generations=T, seed=seed,
    )  # fmt: skip


def origins(family, t):
    """(n,) kinds of a training set, and which of it is real."""
    newest = family.kinds()[t - 1] if t else family.real
    return np.concatenate([newest, family.real])[family.taken[t]], family.taken[t] >= N


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_objects_are_those_of_the_loop(policy, seed):
    family, run = ring(n_runs=2).family(policy, seed), loop(POLICIES[policy], seed)
    for t, generation in enumerate(run):
        kinds, is_real = origins(family, t)
        for which in (True, False):
            there = generation.train.rows[(generation.train.origin == 0) == which]
            assert kinds[is_real == which].tolist() == sorted(there.tolist())
        assert family.kinds()[t].tolist() == sorted(generation.sample.tolist())
        assert len(set(family.taken[t].tolist())) == N, "no object is taken twice"


def test_another_seed_is_another_run():
    assert ring().family().kinds().tolist() != ring(seed=4).family().kinds().tolist()


def alone(parents):
    """Share of training objects that nobody copied, generation by generation."""
    return np.array([1 - len(set(row.tolist())) / N for row in parents])


def test_each_training_object_is_as_likely_to_be_copied_as_any():
    families = [family_of(COUNTS, Replace(), n_generations=T, seed=s) for s in range(200)]
    expected = (1 - 1 / N) ** N
    assert_agrees(np.array([alone(f.parents) for f in families]), expected)
    with pytest.raises(AssertionError):  # of each kind the first is always copied
        firsts = [np.searchsorted(k, k) for f in families for k in (np.sort(f.kinds()[-1]),)]
        assert_agrees(np.array([alone([first]) for first in firsts]), expected)


def test_founders_only_die_where_no_real_object_comes_back():
    family = ring().family()
    assert (np.diff(family.founders()) <= 0).all()
    assert (np.diff(family.left()) <= 0).all()
    assert (family.founders() >= family.left()).all()
    kept = ring(n_generations=40).family("mix")
    assert (np.diff(kept.left()) > 0).any()


def test_the_words_and_the_table_are_computed():
    figure = ring()
    family, still = figure.family(), figure.still()
    assert f"after 9 generations of copies {family.left()[-1]} of 5 colours are left" in still.alt
    assert f"descend from {family.founders()[-1]} of the first {N}" in still.alt
    assert still.table["colours left"].tolist() == family.left().tolist()
    counts = np.array([still.table[f"colour {k}"] for k in range(1, 6)])
    assert (counts > 0).sum(axis=0).tolist() == family.left().tolist()
    assert (counts.sum(axis=0) == N).all()
    assert repr(figure) == f"Explorer ring: {still.alt}"


def test_the_still_ring_stands_for_the_last_generation():
    svg = ring().still().svg(standalone=True)
    left = ring().family().left()[-1]
    assert svg.count("<svg") == 1 and f"{left} of 5 colours left" in svg
    assert svg.count("<circle") == 3 * N + 5
    assert svg.count('fill="none" stroke="currentColor" stroke-opacity=".45"') == 5 - left


def anchors(page):
    """The anchors of a chapter: its labels, and its headings as Sphinx names them."""
    cells = json.loads((CHAPTERS / f"{page}.ipynb").read_text("utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    names = [re.sub(r"[^a-z0-9]+", "-", head.lower()).strip("-")
             for head in re.findall(r"^#+ (.*)$", text, re.M)]  # fmt: skip
    return {*re.findall(r"^\((.*)\)=$", text, re.M), *names}


def index_links():
    cells = json.loads((CHAPTERS / "index.ipynb").read_text("utf-8"))["cells"]
    cell = next("".join(c["source"]) for c in cells if "Ring(" in "".join(c["source"]))
    return dict(re.findall(r'"(\w+)": "([\w-]+#[\w-]+)"', cell))


def test_every_station_of_the_index_page_leads_to_a_section():
    links = index_links()
    assert list(links) == list(LINKS)
    for link in links.values():
        page, anchor = link.split("#")
        assert anchor in anchors(page), link
    assert "no-such-section" not in anchors("recursion")


REFUSED = {
    "a policy that is no MixReal": (
        {"kept": Accumulate()}, TypeError,
        "Ring.kept must be of type MixReal; got Accumulate().",
    ),
    "too many objects": (
        {"counts": (40, 20)}, ValueError, "sum(Ring.counts) must be at most 50; got 60.",
    ),
    "one kind": (
        {"counts": (9,)}, ValueError, "len(Ring.counts) must be at least 2; got 1.",
    ),
    "a station too few": (
        {"links": {"mix": "recursion#sec-policy"}}, ValueError,
        "Ring.links: its stations must be one of ('source', 'mix', 'fit', 'sample', 'measure'); "
        "got ('mix',).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("given, kind, sentence", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_shown_is_refused_in_a_sentence(given, kind, sentence):
    with pytest.raises(kind) as caught:
        ring(**given)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("change", [{"policy": "fresh"}, {"seed": 9}, {"t": 10}, {"v": 1}])
def test_a_state_that_cannot_be_shown_is_refused(change):
    figure = ring()
    with pytest.raises(ValueError):
        figure.state = figure.state | change
