"""Watermarks: their null and their power, transformers' detector as oracle, attacks, faults."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sentences import says
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.metrics import perplexity
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.ngram import NGram
from collapse_lib.models.transformer import Transformer
from collapse_lib.policies import Replace
from collapse_lib.sources import docstrings
from collapse_lib.watermarks.attacks import paraphrased, replaced, spliced
from collapse_lib.watermarks.base import drawn, ragged
from collapse_lib.watermarks.radioactivity import diet, trace
from collapse_lib.watermarks.schemes import GreenList, Gumbel, Hashed, LeftHash, Tournament
from collapse_lib.watermarks.watermarked import Watermarked

seeds = pytest.mark.parametrize("seed", stat_seeds())
LAW = 1 / np.arange(3, 43)  # 40 words, 3.5 nats
LAW /= LAW.sum()
SCHEMES = [GreenList(7), GreenList(7, context=3), Gumbel(7, 2), Tournament(7, 6, 2)]


def rng(seed=0):
    return np.random.default_rng(seed)


class Memoryless:
    """Texts of independent words, marked by Watermarked through NGram(1)."""

    def __init__(self, scheme, length, law=LAW):
        counts = np.round(law * 20_000).astype(int)
        words = rng().permutation(np.repeat(np.arange(len(law)), counts))
        words = words[: len(words) // length * length].reshape(-1, length)
        self.law = np.bincount(words.ravel()) / words.size
        self.plain = NGram(1).fit(words, rng=rng())
        self.marked = Watermarked(NGram(1), scheme).fit(words, rng=rng())


@pytest.fixture(scope="module")
def prose():
    blocks = docstrings("numpy").blocks(40)
    return NGram(2, len(blocks.vocabulary)).fit(blocks.rows).sample(10_000, rng=rng())


def with_repeats(scheme, texts):
    """z of each text with every n-gram counted wherever it stands: the mistake."""
    h = scheme.context
    windows = np.lib.stride_tricks.sliding_window_view(texts, h + 1, axis=1)
    flat = windows.reshape(-1, h + 1)
    values = scheme._values(flat[:, :-1], flat[:, -1]).reshape(windows.shape[:2])
    return scheme._detection(values.sum(axis=1), np.full(len(texts), windows.shape[1])).z


def binomial_level(n, p):
    """Probability of an exact p-value up to 0.05: counts come in steps."""
    return stats.binom.sf(stats.binom.isf(0.05, n, p), n, p)


# how a watermark is made, and P(p-value <= 0.05) without it at n n-grams
NULLS = {
    "green": (lambda key: GreenList(key), lambda n: binomial_level(n, 0.25)),
    "gumbel": (lambda key: Gumbel(key, 1), lambda n: np.full(n.shape, 0.05)),
    "tournament": (lambda key: Tournament(key, 8, 1), lambda n: binomial_level(8 * n, 0.5)),
}


@pytest.mark.parametrize(("make", "level"), NULLS.values(), ids=NULLS)
@seeds
def test_null_on_ten_thousand_texts(prose, make, level, seed):
    """A key for each hundred texts: under one key the texts share their commonest pairs. Each text
    stands twice in a row, so that n-grams do repeat."""
    parts = np.tile(prose.reshape(100, 100, -1), 2)  # (keys, texts, length)
    schemes = [make(int(key)) for key in rng(seed).integers(2**62, size=len(parts))]
    found = [scheme.score(part) for scheme, part in zip(schemes, parts, strict=True)]
    z = np.array([each.z for each in found])
    assert_agrees(z.mean(axis=1), 0)
    assert_agrees((z**2).mean(axis=1), 1)
    alarms = [(each.p_value <= 0.05) - level(each.n_scored) for each in found]
    assert_agrees(np.mean(alarms, axis=1), 0)
    repeated = [with_repeats(scheme, part) for scheme, part in zip(schemes, parts, strict=True)]
    assert_rejects((np.array(repeated) ** 2).mean(axis=1), 1)


@seeds
def test_the_wrong_key_finds_nothing(seed):
    marked = Memoryless(GreenList(7, context=3), 60).marked.sample(3000, rng=rng(seed))
    right, wrong = (GreenList(key, context=3).score(marked).z for key in (7, 8))
    assert_agrees(wrong, 0)
    assert_agrees(wrong**2, 1)
    assert_rejects(right, 0)


def test_repeated_ngrams_count_once_in_a_text_or_in_all():
    scheme, text = GreenList(3), np.array([1, 2, 1, 2, 1, 2, 3])
    found = scheme.score(text)
    assert found.n_scored == 3  # 1 2, 2 1, 2 3
    assert scheme.score(np.array([1, 2, 1, 2, 3])) == found
    both = np.stack([text, text])
    assert np.array_equal(scheme.score(both).n_scored, [3, 3])
    assert scheme.score_together(both) == found
    z = theory.green_list_z(round(found.statistic * 3), 3)
    assert found.z == pytest.approx(z)


def green_power(p, n, level, gamma=0.25, delta=2.0):
    return theory.green_list_power(theory.marked_green_share(p, gamma, delta), n, gamma, level)


def tournament_power(p, n, level):
    return theory.green_list_power(theory.tournament_mean(p), n, 0.5, level)


# scheme, power of theory, n-grams in a text, false-alarm rate
POWERS = {
    "green": (GreenList(5, context=6), green_power, 12, 1e-2),
    "strong green": (
        GreenList(5, 0.5, 3.0, 6),
        lambda p, n, level: green_power(p, n, level, 0.5, 3.0),
        12,
        1e-2,
    ),
    "gumbel": (Gumbel(5, 6), theory.gumbel_power, 5, 1e-6),
    "tournament": (Tournament(5, 1, 6), tournament_power, 20, 1e-2),
}


@pytest.mark.parametrize(("scheme", "power", "n", "level"), POWERS.values(), ids=POWERS)
@seeds
def test_power_is_that_of_theory(scheme, power, n, level, seed):
    """Six words of context: one that returns is rare, so that tokens are independent."""
    words = Memoryless(scheme, n + 6)
    found = scheme.score(words.marked.sample(2000, rng=rng(seed)))
    assert (found.n_scored == n).mean() > 0.98
    detected = found.p_value <= level
    assert_agrees(detected, power(words.law, n, level))
    assert_rejects(detected, power(words.law, n + 2, level))
    assert_rejects(detected, level)


MEANS = {
    "green": (GreenList(5, context=4), 0.25, lambda p: theory.marked_green_share(p, 0.25, 2.0)),
    "gumbel": (Gumbel(5, 4), 1.0, theory.gumbel_mean),
    "tournament": (Tournament(5, 1, 4), 0.5, theory.tournament_mean),
}


@pytest.mark.parametrize(("scheme", "null", "mean"), MEANS.values(), ids=MEANS)
@seeds
def test_what_attacks_leave(scheme, null, mean, seed):
    words = Memoryless(scheme, 40)
    texts, mark = words.marked.sample(1500, rng=rng(seed)), mean(words.law)
    assert_agrees(scheme.score(texts).statistic, mark)
    edited = replaced(texts, 0.1, len(LAW), rng=rng(seed + 1))
    left = theory.intact_share(0.1, 4, 1 / len(LAW))
    assert_agrees(scheme.score(edited).statistic, null + (mark - null) * left)
    assert_rejects(scheme.score(edited).statistic, null + (mark - null) * left**0.8)
    half = spliced(texts, words.plain.sample(len(texts), rng=rng(seed + 2)), 0.5)
    assert_agrees(scheme.score(half).statistic, null + (mark - null) * (16 / 36))
    assert_rejects(scheme.score(half).statistic, null + (mark - null) * 0.5)
    again = paraphrased(texts, words.plain, 1.0, rng=rng(seed + 3))
    assert_agrees(scheme.score(again).statistic, null)
    some = paraphrased(texts, words.plain, 0.2, rng=rng(seed + 3))
    kept = (sliding(some, 5) == sliding(texts, 5)).all(axis=2).mean()
    assert kept > 0.8**5
    assert (scheme.score(some).statistic - null).mean() / (mark - null) == pytest.approx(
        kept, abs=0.05
    )


def sliding(texts, width):
    return np.lib.stride_tricks.sliding_window_view(texts, width, axis=1)


@pytest.mark.parametrize("scheme", [Gumbel(1, 2), Tournament(1, 4, 2), GreenList(1, delta=0.0)])
@seeds
def test_over_contexts_the_law_of_the_token_is_the_models(scheme, seed):
    """Contexts stand for keys: both only seed the hash."""
    contexts = rng(seed).integers(10**9, size=(20_000, 2))
    p = np.tile([0.5, 0.3, 0.2, 0.0], (len(contexts), 1))
    tokens = scheme.sample(p, contexts, rng=rng(seed + 1))
    counts = np.bincount(tokens, minlength=4)
    assert counts[3] == 0
    assert stats.chisquare(counts[:3], 20_000 * p[0, :3]).pvalue > 1e-4
    assert stats.chisquare(counts[:3], 20_000 * np.array([0.52, 0.3, 0.18])).pvalue < 1e-4


def test_a_green_list_does_change_the_law():
    contexts = rng().integers(10**9, size=(20_000, 2))
    p = np.tile([0.5, 0.3, 0.2], (len(contexts), 1))
    tokens = GreenList(1).sample(p, contexts, rng=rng(1))
    assert stats.chisquare(np.bincount(tokens), 20_000 * p[0]).pvalue < 1e-4


def bracket(candidates, bits, layer=0):
    """P(winner) of a tournament among these candidates, pair by pair; ties are tossed for."""
    if len(candidates) == 1:
        return {candidates[0]: 1.0}
    half = len(candidates) // 2
    law = {}
    left = bracket(candidates[:half], bits, layer - 1)
    right = bracket(candidates[half:], bits, layer - 1)
    for (a, p), (b, q) in itertools.product(left.items(), right.items()):
        ga, gb = bits[a][layer], bits[b][layer]
        for winner, chance in ((a, (ga > gb) + (ga == gb) / 2), (b, (gb > ga) + (ga == gb) / 2)):
            law[winner] = law.get(winner, 0) + p * q * chance
    return law


def test_the_law_of_a_tournament_by_playing_all_of_them():
    scheme, p, context = Tournament(11, 2, 1), np.array([0.6, 0.3, 0.1]), np.array([[4]])
    one_token = [scheme.score(np.array([4, v])).statistic for v in range(3)]
    bits = scheme.bits(context[0], np.arange(3))
    assert np.allclose(bits.mean(axis=1), one_token)
    expected = np.zeros(3)
    for candidates in itertools.product(range(3), repeat=4):
        for winner, chance in bracket(candidates, bits, layer=1).items():
            expected[winner] += p[list(candidates)].prod() * chance
    assert not np.allclose(expected, p)
    uniform = (np.arange(6000) + 0.5) / 6000
    chosen = scheme.choose(
        np.repeat(context, 6000, axis=0), *ragged(np.tile(p, (6000, 1))), uniform
    )
    assert np.allclose(np.bincount(chosen, minlength=3) / 6000, expected, atol=1 / 3000)


def test_a_tournament_that_is_played_has_the_law_that_is_computed():
    scheme, p, context = Tournament(11, 3, 2), LAW[:6] / LAW[:6].sum(), np.array([4, 9])
    toss = rng(2)
    played = [scheme.play(context, toss.choice(6, 8, p=p), rng=toss) for _ in range(3000)]
    assert [len(each) for each in played[0]] == [8, 4, 2, 1]
    won = np.bincount([each[-1].item() for each in played], minlength=6)
    uniform = (np.arange(3000) + 0.5) / 3000
    laws = ragged(np.tile(p, (3000, 1)))
    law = np.bincount(scheme.choose(np.tile(context, (3000, 1)), *laws, uniform), minlength=6)
    law = np.maximum(law, 1) / np.maximum(law, 1).sum()
    assert stats.chisquare(won, 3000 * law).pvalue > 1e-4
    assert stats.chisquare(won, 3000 * p).pvalue < 1e-4  # one key does not leave the law as it is


def test_gumbel_takes_the_largest_power():
    scheme, context = Gumbel(11, 1), np.array([4])
    p = np.array([0.6, 0.3, 0.1])
    r = 1 - np.exp(-np.array([scheme.score(np.array([4, v])).statistic for v in range(3)]))
    (token,) = scheme.sample(p[None], context[None], rng=rng())
    assert token == np.argmax(r ** (1 / p))


def test_drawing_from_ragged_laws():
    p = np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    tokens, weights, edges = ragged(p)
    assert edges.tolist() == [0, 1, 3]
    assert tokens[drawn(weights, edges, np.array([0.999, 0.2]))].tolist() == [1, 0]
    assert tokens[drawn(weights, edges, np.array([0.0, 0.7]))].tolist() == [1, 2]


@pytest.mark.parametrize("width", [1, 2])
def test_z_is_that_of_transformers(width):
    watermarking = pytest.importorskip("transformers.generation.watermarking")
    from torch import as_tensor
    from transformers import GPT2Config, WatermarkingConfig

    n_tokens, key = 300, 15485863
    scheme = GreenList(key, 0.25, 2.0, width, LeftHash(n_tokens))
    p = np.tile(1 / n_tokens, (6, n_tokens))
    texts = rng().integers(1, n_tokens, size=(6, 60))
    for i in range(20, 60):  # the first twenty tokens are not marked
        texts[:3, i] = scheme.sample(p, texts[:, :i], rng=rng(i))[:3]
    texts[4, 30:] = texts[4, :30]
    detector = watermarking.WatermarkDetector(
        GPT2Config(vocab_size=n_tokens),
        "cpu",
        WatermarkingConfig(greenlist_ratio=0.25, hashing_key=key, context_width=width),
        ignore_repeated_ngrams=True,
    )
    theirs = detector(as_tensor(texts), return_dict=True)
    ours = scheme.score(texts)
    assert np.allclose(ours.z, theirs.z_score)
    assert np.array_equal(ours.n_scored, theirs.num_tokens_scored)
    assert (ours.z[:3] > 4).all() and (ours.z[3:] < 4).all()
    other = GreenList(key + 1, 0.25, 2.0, width, LeftHash(n_tokens)).score(texts)
    assert not np.allclose(other.z, theirs.z_score)


def variance_by_lists(texts, width, n_tokens):
    """Of z over the keys, where n-grams with the same last two tokens share a colour and a list
    holds a fixed number of green tokens: drawing without replacement, list by list."""
    windows = np.lib.stride_tricks.sliding_window_view(texts, width + 1, axis=1)
    ngrams = np.unique(windows.reshape(-1, width + 1), axis=0)
    pairs = np.zeros((n_tokens, n_tokens))
    np.add.at(pairs, (ngrams[:, -2], ngrams[:, -1]), 1)
    squares = (pairs**2).sum(axis=1) - pairs.sum(axis=1) ** 2 / n_tokens
    return squares.sum() * n_tokens / (n_tokens - 1) / len(ngrams)


@pytest.mark.parametrize("width", [1, 3])
@seeds
def test_lists_by_the_last_token_are_cautious_for_context_one_alone(width, seed):
    pytest.importorskip("torch")
    n_tokens = len(LAW)
    zipf = 1 / np.arange(1, n_tokens)
    texts = 1 + rng().choice(n_tokens - 1, p=zipf / zipf.sum(), size=(60, 60))
    keys = rng(seed).integers(2**40, size=300).tolist()
    lists, hashed = (
        [GreenList(key, 0.25, 2.0, width, colours).score_together(texts) for key in keys]
        for colours in (LeftHash(n_tokens), Hashed())
    )
    squares = np.array([found.z**2 for found in lists])
    expected = variance_by_lists(texts, width, n_tokens)
    assert expected < 0.7 if width == 1 else expected > 4
    assert_agrees(squares, expected)
    assert_rejects(squares, 1)
    assert_agrees(np.array([found.z**2 for found in hashed]), 1)
    alarms = np.mean([found.p_value <= 0.01 for found in lists])
    assert alarms < 0.01 if width == 1 else alarms > 0.1


@pytest.mark.parametrize("scheme", SCHEMES, ids=repr)
def test_it_is_found_inside_the_loop(scheme):
    rows = rng().choice(len(LAW), p=LAW, size=(200, 30))
    run = run_loop(
        Watermarked(NGram(1, len(LAW)), scheme),
        lambda n, rng: rows[rng.permutation(len(rows))[:n]],
        Replace(),
        n_samples=200,
        n_generations=3,
        n_reference=10,
        seed=1,
    )
    for each in run:
        assert scheme.score_together(each.sample).z > 6
    assert abs(scheme.score_together(run[0].train.rows).z) < 4


def test_a_stronger_mark_costs_quality():
    words = rng().choice(len(LAW), p=LAW, size=(500, 30))
    plain = NGram(2).fit(words, rng=rng())
    z, cost = [], []
    for delta in (0.0, 1.0, 2.0, 5.0):
        scheme = GreenList(7, 0.25, delta, 2)
        texts = Watermarked(NGram(2), scheme).fit(words, rng=rng()).sample(500, rng=rng(1))
        z.append(scheme.score(texts).z.mean())
        cost.append(perplexity(plain, texts))
    assert z == sorted(z) and cost == sorted(cost)


def test_the_transformer_is_marked_through_its_decoding():
    rows = rng().choice(20, p=LAW[:20] / LAW[:20].sum(), size=(80, 16))
    scheme = GreenList(7, 0.25, 4.0)
    small = Transformer(layers=1, heads=1, width=8, steps=30, decoding=Sample(temperature=1.2))
    fitted = Watermarked(small, scheme).fit(rows, rng=rng())
    texts = fitted.sample(150, rng=rng(1))
    assert texts.shape == (150, 16)
    assert scheme.score(texts).z.mean() > 3
    assert np.array_equal(texts, fitted.sample(150, rng=rng(1)))
    assert scheme.score_together(texts).z > 5
    assert fitted.model_.decoding.temperature == 1.2
    without = small.fit(rows, rng=rng())
    assert np.allclose(fitted.score_samples(rows), without.score_samples(rows))
    nothing = Watermarked(small, GreenList(7, delta=0.0)).fit(rows, rng=rng())
    assert np.array_equal(nothing.sample(40, rng=rng(2)), without.sample(40, rng=rng(2)))
    assert abs(scheme.score_together(without.sample(150, rng=rng(1))).z) < 4


@seeds
def test_a_student_shows_what_it_was_fed(seed):
    law, n = np.full(120, 1 / 120), 150
    share = theory.marked_green_share(law)
    gaps = []
    for key in range(40):
        scheme = GreenList(key, context=2)
        words = Memoryless(scheme, 64, law)
        marked = words.marked.sample(n, rng=rng([seed, key, 0]))
        plain = words.plain.sample(n, rng=rng([seed, key, 1]))
        gaps.append([])
        for rho in (0.0, 0.1, 0.3):
            rows = diet(marked, plain, rho, n)
            found = trace(NGram(3), scheme, rows, n, rng=rng([seed, key, 2]))
            gaps[-1].append(found.z - theory.radioactivity_z(found.n_scored, rho, share))
    assert_agrees(gaps, 0)
    wrong = theory.radioactivity_z(found.n_scored, 0.34, share) - (found.z - gaps[-1][2])
    assert_rejects(np.array(gaps)[:, 2], wrong)


def faults():
    model, rows = NGram(2), np.zeros((4, 6), int)
    texts = np.arange(12).reshape(2, 6)
    wide = "GreenList.score: tokens of a text must be at least 3; got "
    return [
        (lambda: GreenList(-1), "GreenList.key must be at least 0; got -1."),
        (lambda: GreenList(1.5), "GreenList.key must be a whole number; got 1.5."),
        (
            lambda: GreenList(1, 1.0),
            "GreenList.green_share must be in (0, 1); got 1.",
        ),
        (
            lambda: GreenList(1, delta=-1.0),
            "GreenList.delta must be in [0, 700]; got -1.",
        ),
        (
            lambda: GreenList(1, colours="lefthash"),
            "GreenList.colours must be of type Hashed or LeftHash; got 'lefthash'.",
        ),
        (lambda: Gumbel(1, 0), "Gumbel.context must be at least 1; got 0."),
        (lambda: Tournament(1, 65), "Tournament.layers must be at most 64; got 65."),
        (lambda: GreenList(1, context=2).score([]), wide + "0."),
        (lambda: GreenList(1, context=2).score(texts[:, :2]), wide + "2."),
        (
            lambda: Gumbel(1).score(texts - 1),
            "Gumbel.score must be at least 0; 1 of 12 are not (the first is -1).",
        ),
        (
            lambda: Gumbel(1).score(texts / 1.0 + 0.5),
            "Gumbel.score must be a whole number; 12 of 12 are not (the first is 0.5).",
        ),
        (
            lambda: Gumbel(1).score("a text"),
            "Gumbel.score needs rows of numbers; got 'a text'.",
        ),
        (
            lambda: Gumbel(1).score_together(texts[:0]),
            "Gumbel.score_together: len(texts) must be at least 1; got 0.",
        ),
        (
            lambda: GreenList(1, colours=LeftHash(5)).score(texts),
            "LeftHash.green: largest token must be at most 4; got 11.",
        ),
        (
            lambda: Gumbel(1, 1).sample([[0.5, 0.4]], [[1]], rng=rng()),
            "Gumbel.sample.p must sum to 1; got 0.9. Divide counts by their sum.",
        ),
        (
            lambda: Gumbel(1, 1).sample([[0.5, 0.5]], [[1], [2]], rng=rng()),
            "Gumbel.sample: len(contexts) must be at most 1; got 2.",
        ),
        (
            lambda: Watermarked(Gaussian(), GreenList(1)).fit(rows, rng=rng()),
            "Watermarked.model must be a language model that writes token by token, "
            "such as NGram() or Transformer(); got Gaussian.",
        ),
        (
            lambda: Watermarked(model, "green").fit(rows, rng=rng()),
            "Watermarked.scheme must be of type Watermark; got 'green'. GreenList(key=1) is one.",
        ),
        (
            lambda: Watermarked(Transformer(decoding=Beam()), GreenList(1)).fit(rows, rng=rng()),
            "Watermarked.model.decoding must be of type Sample; got Beam(width=5, "
            "repetition_penalty=1.0).",
        ),
        (
            lambda: Watermarked(model, GreenList(1)).sample(2, rng=rng()),
            "Watermarked is not fitted; call Watermarked.fit first.",
        ),
        (
            lambda: replaced(texts, 1.5, 9, rng=rng()),
            "replaced.share must be in [0, 1]; got 1.5.",
        ),
        (
            lambda: paraphrased(texts, Gaussian(), 0.5, rng=rng()),
            "paraphrased.model.redraw must be callable as redraw(texts, rng=rng); got None.",
        ),
        (
            lambda: spliced(texts, texts[:, :3], 0.5),
            "spliced needs arrays of one shape; got texts (2, 6), others (2, 3).",
        ),
        (
            lambda: diet(texts, texts, 0.5, 8),
            "diet: len(marked) must be at least 4; got 2.",
        ),
        (lambda: diet(texts, texts, 2, 2), "diet.rho must be in [0, 1]; got 2."),
    ]


@pytest.mark.parametrize(("call", "sentence"), faults())
def test_faults_are_sentences(call, sentence):
    with says(sentence, (TypeError, ValueError, RuntimeError)):
        call()
