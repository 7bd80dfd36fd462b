"""The random functions of the engine against the laws in SciPy, by chi-square and Kolmogorov-
Smirnov: on both sides of every place where the method changes."""

import numpy as np
import pytest
from engine_page import faulty
from scipy import stats
from statcheck import stat_seeds

SIZE = 20_000
ALPHA = 1e-4


def p_of_counts(draws, law):
    """p-value of the chi-square test of whole numbers against a frozen SciPy law, in about 30
    cells of equal chance."""
    edges = np.unique(law.ppf(np.linspace(0, 1, 31)[1:-1]))
    cells = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    observed = np.bincount(np.searchsorted(edges, draws), minlength=len(cells))
    keep = cells * len(draws) > 5
    observed = np.append(observed[keep], observed[~keep].sum())
    expected = np.append(cells[keep], cells[~keep].sum()) * len(draws)
    if expected[-1] == 0:
        assert observed[-1] == 0
        observed, expected = observed[:-1], expected[:-1]
    return stats.chisquare(observed, expected).pvalue


def p_of_reals(draws, law):
    return stats.kstest(draws, law.cdf).pvalue


def drawn(engine, name, *args, seed=0):
    return engine.many(name, *args, size=SIZE, seed=seed)


BINOMIAL = [
    (7, 0.3), (20, 0.05), (20, 0.5), (20, 0.95), (100, 0.09), (100, 0.11), (100, 0.6),
    (32767, 0.2), (32769, 0.2), (10**6, 9e-6), (10**6, 0.3), (10**9, 2e-8), (10**12, 0.37),
    (10**12, 5e-12), (1, 0.3), (2, 0.5), (15, 0.3), (16, 0.3), (17, 0.3), (100, 1 / 128),
    (127, 0.5), (128, 0.4999), (128, 1e-3), (129, 0.4999), (129, 1e-3),
    (200, 0.04), (200, 0.06), (400, 0.3),
]  # fmt: skip
HYPERGEOMETRIC = [
    (3, 4, 2), (30, 40, 20), (40, 30, 60), (1000, 300, 500), (300, 5000, 5000), (5, 10**6, 10**5),
    (20000, 12767, 9000), (20000, 12768, 9000), (10**6, 3 * 10**6, 10**6), (10**8, 10**8, 40),
    (1, 1, 1), (1, 9, 3), (9, 1, 7), (100, 100, 100), (128, 128, 128), (129, 129, 129),
    (150, 400, 128), (150, 400, 129), (128, 400, 150), (140, 5000, 160), (8000, 12000, 100),
    (12000, 8000, 19900), (10**7, 10**8, 100),
]  # fmt: skip
SHAPES = [0.5, 1.0, 2.0, 9.5, 49.5, 5e5, 5e11]


def binomial_agrees(engine, n, p, seed=0):
    return p_of_counts(drawn(engine, "drawBinomial", n, p, 1 - p, seed=seed), stats.binom(n, p))


def hypergeometric_agrees(engine, good, bad, k, seed=0):
    draws = drawn(engine, "drawHypergeometric", good, bad, k, seed=seed)
    return p_of_counts(draws, stats.hypergeom(good + bad, good, k))


def gamma_agrees(engine, shape, seed=0):
    draws = drawn(engine, "drawGamma", shape, seed=seed)
    return p_of_reals((draws - shape) / np.sqrt(shape), standard_gamma(shape))


def normal_agrees(engine, seed=0):
    return p_of_reals(drawn(engine, "drawNormal", seed=seed), stats.norm)


def standard_gamma(shape):
    if shape > 1e6:  # SciPy's function is slow there, and the normal law is within 1e-4 of it
        return stats.norm
    return stats.gamma(shape, loc=-np.sqrt(shape), scale=1 / np.sqrt(shape))


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize(("n", "p"), BINOMIAL)
def test_binomial(engine, n, p, seed):
    assert binomial_agrees(engine, n, p, seed) > ALPHA


def binomial_by_hand(uniforms, n, p):
    """Algorithm BTRS (Hoermann 1993, doi:10.1080/00949659308811496) with SciPy's probabilities, on
    pairs of uniforms; the squeeze only saves time."""
    std = np.sqrt(n * p * (1 - p))
    b = 1.15 + 2.53 * std
    a = -0.0873 + 0.0248 * b + 0.01 * p
    u, v = np.reshape(uniforms, (-1, 2)).T - [[0.5], [0.0]]
    us = 0.5 - np.abs(u)
    k = np.floor((2 * a / us + b) * u + n * p + 0.5)
    law = stats.binom(n, p)
    top = law.logpmf(np.arange(n + 1)).max()
    hat = v * (2.83 + 5.1 / b) * std / (a / us**2 + b)
    return k[np.log(hat) <= law.logpmf(k) - top]


MODES = [(131, 0.45), (139, 0.0795), (400, 0.3)]  # the first two: floor(n p) is one too low


def draws_differ(engine, n, p):
    """How many draws of the engine are not those by hand, from the same uniforms."""
    by_hand = binomial_by_hand(drawn(engine, "drawUniform"), n, p)
    return (by_hand != drawn(engine, "drawBinomial", n, p, 1 - p)[: len(by_hand)]).sum()


@pytest.mark.parametrize(("n", "p"), MODES)
def test_binomials_are_those_of_the_algorithm_draw_by_draw(engine, n, p):
    assert draws_differ(engine, n, p) == 0


@pytest.mark.parametrize("wrong", ["Math.floor(n * p)", "Math.floor((n + 1) * p) + 1"])
def test_another_mode_draws_other_binomials(browser, source, wrong):
    """It scales the chance to accept by 1 %, which no test of the law alone would see."""
    with faulty(browser, source, "Math.floor((n + 1) * p)", wrong) as engine:
        assert draws_differ(engine, *MODES[0]) > 10


def few_agree(engine, seed=0):
    """The smallest of 64 p-values over the whole range of the tables, times 64."""
    rng = np.random.default_rng([seed, 5])
    cases = [(int(rng.integers(1, 129)), (i + rng.random()) / 64) for i in range(64)]
    return 64 * min(binomial_agrees(engine, n, p, seed) for n, p in cases)


@pytest.mark.parametrize("seed", stat_seeds())
def test_binomials_of_few_trials_over_their_whole_range(engine, seed):
    assert few_agree(engine, seed) > ALPHA


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize(("good", "bad", "k"), HYPERGEOMETRIC)
def test_hypergeometric(engine, good, bad, k, seed):
    assert hypergeometric_agrees(engine, good, bad, k, seed) > ALPHA


def test_hypergeometric_of_a_pool_that_no_numpy_draw_holds(engine):
    good, bad, k = 10**14, 10**14, 10**12
    draws = drawn(engine, "drawHypergeometric", good, bad, k)
    std = np.sqrt(k / 4 * (1 - k / (good + bad)))
    assert p_of_reals((draws - k / 2) / std, stats.norm) > ALPHA


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("shape", SHAPES)
def test_gamma(engine, shape, seed):
    assert gamma_agrees(engine, shape, seed) > ALPHA


@pytest.mark.parametrize("seed", stat_seeds())
def test_normal_and_uniform(engine, seed):
    assert normal_agrees(engine, seed) > ALPHA
    uniforms = drawn(engine, "drawUniform", seed=seed)
    assert p_of_reals(uniforms, stats.uniform) > ALPHA
    assert ((uniforms >= 0) & (uniforms < 1)).all()
    words = uniforms * 2**53
    assert (words == words.round()).all()
    assert abs((words % 2).mean() - 0.5) < 4 * 0.5 / np.sqrt(SIZE)  # down to the last bit


def test_neighbouring_streams_and_neighbouring_draws_do_not_follow_one_another(engine):
    streams = np.array([drawn(engine, "drawUniform", seed=seed)[:2000] for seed in range(8)])
    links = np.corrcoef(np.concatenate([streams, streams[:, np.r_[1:2000, 0]]]))
    off_diagonal = links[np.triu_indices(len(links), 1)]
    assert np.abs(off_diagonal).max() < 5 / np.sqrt(2000)
    assert len(np.unique(streams)) == streams.size


TWO_OVER = (binomial_agrees, 120, 1.99 / 128)  # two or more over the grid's chance
FAULTS = [
    ("(n - k) * odds", "(n + k) * odds", (binomial_agrees, 200, 0.04)),
    ("Math.log1p(-p)", "-Math.log1p(-p)", (binomial_agrees, 200, 0.04)),
    ("(k - mode) * Math.log(p / q)", "(mode - k) * Math.log(p / q)", (binomial_agrees, 400, 0.3)),
    ("us >= 0.07", "us >= -0.07", (binomial_agrees, 400, 0.3)),
    ("const rest = n & (STEP - 1)", "const rest = 0 & (STEP - 1)", (few_agree,)),
    ("((n - k) * p) / ((k + 1) * (1 - p))", "((n + k) * p) / ((k + 1) * (1 - p))", (few_agree,)),
    ("if (beyond > mean * width) return x;", "return x;", (few_agree,)),
    ("return x + 1;", "return x;", (few_agree,)),
    ("return x + countedFromTop(", "return x + 0 * countedFromTop(", TWO_OVER),
    ("n * Math.log1p(-r)", "-n * Math.log1p(-r)", TWO_OVER),
    ("let left = 1 - uniform", "let left = uniform", TWO_OVER),
    ("refusal * slack >=", "2 * refusal * slack >=", (hypergeometric_agrees, 100, 100, 100)),
    ("if (refusal >= 1 - ratio) return x;", "return x;", (hypergeometric_agrees, 100, 100, 100)),
    ("(good - i) / good) *", "(good + i) / good) *", (hypergeometric_agrees, 100, 100, 100)),
    ("(good / (good - i))", "(good / (good + i))", (hypergeometric_agrees, 100, 100, 100)),
    ("fewOfMany(stream, k, all - k, good)", "fewOfMany(stream, k, all, good)",
     (hypergeometric_agrees, 128, 400, 250)),
    (
        "logPoisson(n - k, n * q) -\n        logPoisson(mode",
        "logPoisson(n - k, n * q) +\n        logPoisson(mode",
        (binomial_agrees, 10**6, 0.3),
    ),
    ("let sum = gap * v;", "let sum = -gap * v;", (binomial_agrees, 10**12, 0.3)),
    ("k - drawn : drawn", "drawn : drawn", (hypergeometric_agrees, 40, 30, 20)),
    ("rare - among : among", "among : among", (hypergeometric_agrees, 30, 40, 60)),
    (
        "u * (4 - u) - 3 <= ratio",
        "u * (4 - u) - 3 <= -ratio",
        (hypergeometric_agrees, 300, 400, 200),
    ),
    ("const d = shape - 1 / 3", "const d = shape + 1 / 3", (gamma_agrees, 9.5)),
    ("* Math.exp(power)", "* Math.exp(-power)", (gamma_agrees, 0.5)),
    ("(-2 * Math.log(square))", "(-3 * Math.log(square))", (normal_agrees,)),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "notices"), FAULTS)
def test_a_fault_put_in_by_hand_is_noticed(browser, source, right, wrong, notices):
    p_value, *case = notices
    with faulty(browser, source, right, wrong) as engine:
        found = p_value(engine, *case)
    assert np.isnan(found) or found < ALPHA
