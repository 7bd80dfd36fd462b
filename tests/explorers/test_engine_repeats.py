"""Rows of many colours: from laws that are kept as tables and drawn from again and again, and by a
draw of their own, against SciPy's laws."""

import os
from pathlib import Path

import numpy as np
import pytest
from engine_page import ENGINE, Engine, faulty
from scipy import stats
from statcheck import stat_seeds
from test_engine_draws import ALPHA, SIZE, p_of_counts

from collapse_lib.explorers.host.bundle import bundle

ENTRY = """
import {{ drawThinned }} from "./{way}/draws.mjs";
import {{ newStream, restart }} from "./{way}/random.mjs";
import {{ repeatedRows, repeatedThinning }} from "./{way}/repeats.mjs";

/** `size` draws of k rows: (size, K) counts, flat. Laws of other counts are forgotten first. */
function repeatedly(thinning, weights, k, size, seed) {{
  const stream = newStream();
  const K = weights.length;
  const given = new Float64Array(K).fill(k);
  const repeated = (thinning ? repeatedThinning : repeatedRows)(given, k);
  const counts = new Float64Array(size * K);
  for (let i = 0; i < 50; i++) repeated.draw(stream, counts.subarray(0, K));
  given.set(weights);
  repeated.forget();
  restart(stream, seed, 0);
  for (let i = 0; i < counts.length; i += K) repeated.draw(stream, counts.subarray(i, i + K));
  return counts;
}}

/** `size` times k of the rows that `counts` counts: (size, K) counts, flat. */
function thinned(counts, k, size, seed) {{
  const stream = newStream();
  const K = counts.length;
  const found = new Float64Array(size * K);
  restart(stream, seed, 0);
  for (let i = 0; i < found.length; i += K) {{
    drawThinned(stream, counts, k, found.subarray(i, i + K));
  }}
  return found;
}}

export default {{ newStream, restart, repeatedly, thinned }};
"""
CASES = [
    ([40, 30, 20, 10], 10), ([90, 10], 1), ([90, 10], 32), ([5, 0, 3, 4], 6), ([0, 7, 8, 0], 4),
    ([10**6, 3 * 10**6, 10**6], 32), ([20000, 12767, 9], 9), ([20000, 12768, 9], 9), ([5, 6], 11),
    ([10**6, 1, 10**5], 20),
]  # fmt: skip
THINNED = [
    ([40, 30, 20, 10], 10), ([40, 30, 20, 10], 60), ([10, 20, 30, 40], 50), ([90, 10], 95),
    ([5, 0, 3, 4], 6), ([0, 7, 8, 0], 4), ([5, 6], 11), ([300, 5, 1000, 200], 150),
    ([10**6, 3 * 10**6, 10**6], 128), ([10**6, 3 * 10**6, 10**6], 10**4),
]  # fmt: skip


@pytest.fixture(scope="module")
def repeats_source(tmp_path_factory):
    entry = tmp_path_factory.mktemp("repeats") / "entry.mjs"
    entry.write_text(ENTRY.format(way=Path(os.path.relpath(ENGINE, entry.parent)).as_posix()))
    return bundle(entry)


@pytest.fixture(scope="module")
def repeats(browser, repeats_source):
    engine = Engine(browser, repeats_source)
    yield engine
    engine.close()


def repeats_agree(engine, thinning, weights, k, seed=0):
    counts = engine.call("repeatedly", thinning, weights, k, SIZE, seed)
    return smallest_p(counts.reshape(SIZE, -1), weights, k, thinning)


def thinned_agree(engine, weights, k, seed=0):
    counts = engine.call("thinned", weights, k, SIZE, seed)
    return smallest_p(counts.reshape(SIZE, -1), weights, k, thinning=True)


def smallest_p(counts, weights, k, thinning):
    """Of each colour and of each two together, times their number: a p-value of them all."""
    assert (counts.sum(axis=1) == k).all()
    all_, parts = sum(weights), [[j] for j in range(len(weights))]
    parts += [[i, j] for i in range(len(weights)) for j in range(i)]
    p_values = []
    for part in parts:
        some = sum(weights[j] for j in part)
        law = stats.hypergeom(all_, some, k) if thinning else stats.binom(k, some / all_)
        drawn = counts[:, part].sum(axis=1)
        if some in (0, all_) or (thinning and k == all_):
            assert (drawn == k * some / all_).all()
        else:
            p_values.append(p_of_counts(drawn, law))
    return len(p_values) * min(p_values) if p_values else 1


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("thinning", [False, True])
@pytest.mark.parametrize(("weights", "k"), CASES)
def test_each_colour_and_each_two_have_their_law(repeats, thinning, weights, k, seed):
    assert repeats_agree(repeats, thinning, weights, k, seed) > ALPHA


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize(("weights", "k"), THINNED)
def test_rows_drawn_without_replacement_have_their_law(repeats, weights, k, seed):
    assert thinned_agree(repeats, weights, k, seed) > ALPHA


FAULTS = [
    ("law[x] += law[x - 1]", "law[x] -= law[x - 1]", False),
    ("forget: () => starts.fill(UNKNOWN)", "forget: () => starts.fill(0)", False),
    ("while (cell >= SEARCHES * law[x]) x++", "while (cell > SEARCHES * law[x] - 1) x++", False),
    ("out[K - 1] = wanted", "out[K - 1] = size", False),
    ("logBinomial(x, wanted, p, q)", "logBinomial(x, wanted, q, p)", False),
    ("(good - x) * (wanted - x)", "(good + x) * (wanted - x)", True),
    ("x * (after - wanted + x)", "x * (after + wanted - x)", True),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "thinning"), FAULTS)
def test_a_fault_put_in_by_hand_is_noticed(browser, repeats_source, right, wrong, thinning):
    with faulty(browser, repeats_source, right, wrong) as engine:
        try:
            found = repeats_agree(engine, thinning, [40, 30, 20, 10], 10)
        except AssertionError:
            return
    assert np.isnan(found) or found < ALPHA


THINNING_FAULTS = [
    ("count = wanted - fewOfMany(", "count = fewOfMany(", ([40, 30, 20, 10], 10)),
    ("drawHypergeometric(stream, good, left", "drawHypergeometric(stream, left, good",
     ([40, 30, 20, 10], 90)),
    ("    left -= good;\n", "", ([40, 30, 20, 10], 10)),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "case"), THINNING_FAULTS)
def test_a_fault_in_a_draw_without_replacement_is_noticed(
    browser, repeats_source, right, wrong, case
):
    with faulty(browser, repeats_source, right, wrong) as engine:
        try:
            found = thinned_agree(engine, *case)
        except AssertionError:
            return
    assert np.isnan(found) or found < ALPHA
