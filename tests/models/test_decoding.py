"""Decoding: against enumeration, against transformers' own, and by chi-square."""

import itertools

import numpy as np
import pytest
import torch
from scipy import stats

from collapse_lib.models.decoding import Beam, Sample, draw, nucleus, penalised


class Table:
    """A reader whose law of the next token is a table of the last one and the position."""

    def __init__(self, logits):  # (length, n_tokens + 1, n_tokens)
        self.logits, self.at = logits, 0

    def __call__(self, tokens):
        self.at += 1
        return self.logits[self.at - 1, tokens[:, -1]]

    def reorder(self, rows):
        """The last tokens are all that it knows, and they are given."""


def table(length=4, n_tokens=3, seed=0):
    shape = length, n_tokens + 1, n_tokens
    return torch.as_tensor(np.random.default_rng(seed).normal(size=shape) * 1.5)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def start(n, n_tokens=3):
    return torch.full((n, 1), n_tokens)


def laws_of_paths(logits, decoding=None):
    """path -> probability, by going through all of them."""
    length, _, n_tokens = logits.shape
    decoding = decoding or Sample()
    found = {}
    for path in itertools.product(range(n_tokens), repeat=length):
        p, last = 1.0, n_tokens
        for i, token in enumerate(path):
            seen = torch.zeros(1, n_tokens, dtype=torch.bool)
            seen[0, list(path[:i])] = True
            p *= decoding.probabilities(logits[i, last][None], seen)[0, token].item()
            last = token
        found[path] = p
    return found


@pytest.mark.parametrize(
    "decoding",
    [
        Sample(),
        Sample(temperature=0.7),
        Sample(top_p=0.8),
        Sample(temperature=1.3, top_p=0.9, repetition_penalty=1.5),
    ],
    ids=repr,
)
def test_samples_follow_the_law_of_all_paths(decoding):
    logits, n = table(), 20_000
    law = laws_of_paths(logits, decoding)
    assert sum(law.values()) == pytest.approx(1)
    rows = decoding.write(Table(logits), start(n), 4, generator())
    counts = np.bincount(rows.numpy() @ [27, 9, 3, 1], minlength=81)
    p = np.array(list(law.values()))
    assert counts[p == 0].sum() == 0
    assert stats.chisquare(counts[p > 0], n * p[p > 0]).pvalue > 1e-4
    other = np.array(list(laws_of_paths(logits, Sample(temperature=0.9)).values()))
    keep = other > 1e-4  # the negative control: nearly the same temperature
    expected = other[keep] / other[keep].sum() * counts[keep].sum()
    assert stats.chisquare(counts[keep], expected).pvalue < 1e-4


def test_the_nucleus_is_the_smallest_set_that_holds_enough():
    rng = np.random.default_rng(1)
    for top_p in (0.05, 0.5, 0.8, 0.99, 1.0):
        for p in rng.dirichlet(np.full(6, 0.7), size=20):
            kept = nucleus(torch.as_tensor(p[None]), top_p)[0].numpy()
            sets = [
                chosen
                for size in range(1, 7)
                for chosen in itertools.combinations(range(6), size)
                if p[list(chosen)].sum() >= top_p - 1e-12
            ]
            size = min(map(len, sets))
            best = max((s for s in sets if len(s) == size), key=lambda s: p[list(s)].sum())
            assert set(np.flatnonzero(kept)) == set(best)
            assert np.allclose(kept[list(best)], p[list(best)] / p[list(best)].sum())


def test_probabilities_are_those_of_transformers():
    from transformers import (
        LogitsProcessorList,
        RepetitionPenaltyLogitsProcessor,
        TemperatureLogitsWarper,
        TopPLogitsWarper,
    )

    peer = LogitsProcessorList(
        [
            RepetitionPenaltyLogitsProcessor(1.7),
            TemperatureLogitsWarper(0.8),
            TopPLogitsWarper(0.75),
        ]
    )
    logits = torch.randn(50, 9, generator=generator())
    written = torch.randint(9, (50, 5), generator=generator())
    seen = torch.zeros(50, 9, dtype=torch.bool).scatter_(1, written, True)
    ours = Sample(temperature=0.8, top_p=0.75, repetition_penalty=1.7).probabilities(logits, seen)
    theirs = torch.softmax(peer(written, logits.clone()), dim=-1)
    assert torch.allclose(ours, theirs, atol=1e-6)
    assert not torch.allclose(Sample(temperature=0.8, top_p=0.75).probabilities(logits), theirs)


def test_a_penalty_lowers_what_was_seen():
    logits = torch.tensor([[2.0, -2.0, 2.0, -2.0]])
    seen = torch.tensor([[True, True, False, False]])
    assert penalised(logits, seen, 2.0).tolist() == [[1.0, -4.0, 2.0, -2.0]]
    assert penalised(logits, None, 2.0) is logits


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_wide_enough_finds_the_likeliest_path(seed):
    logits = table(seed=seed)
    law = laws_of_paths(logits)
    best = max(law, key=law.get)
    found = Beam(width=81).write(Table(logits), start(2), 4)
    assert found.tolist() == [list(best)] * 2


def test_a_beam_of_one_is_greedy_and_a_wider_one_is_likelier():
    gains = []
    for seed in range(20):
        logits = table(length=6, n_tokens=5, seed=seed)
        greedy, last = [], 5
        for i in range(6):
            last = int(logits[i, last].argmax())
            greedy.append(last)
        assert Beam(width=1).write(Table(logits), start(1, 5), 6).tolist() == [greedy]
        wide = Beam(width=5).write(Table(logits), start(1, 5), 6)[0].tolist()
        gains.append(score(logits, wide) - score(logits, greedy))
    assert min(gains) > -1e-9
    assert max(gains) > 0.1


def score(logits, path):
    lasts = [logits.shape[2], *path]
    steps = [logits[i, lasts[i]].log_softmax(0)[token] for i, token in enumerate(path)]
    return float(sum(steps))


def test_a_beam_with_a_penalty_seeks_the_penalised_law():
    logits = table(seed=3)
    law = laws_of_paths(logits, Sample(repetition_penalty=3.0))
    found = Beam(width=81, repetition_penalty=3.0).write(Table(logits), start(1), 4)
    assert tuple(found[0].tolist()) == max(law, key=law.get)
    plain = laws_of_paths(logits)
    assert max(plain, key=plain.get) != max(law, key=law.get)


def test_a_token_of_no_probability_is_never_drawn():
    p = torch.tensor([[0.0, 0.5, 0.0, 0.5, 0.0]]).expand(4, -1)
    edges = torch.tensor([[0.0], [0.4999], [0.5], [1 - 2**-53]], dtype=torch.float64)
    assert draw(p, edges).ravel().tolist() == [1, 1, 3, 3]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: Sample(temperature=0),
            "Sample.temperature must be finite and above 0; got 0.",
        ),
        (lambda: Sample(temperature="1"), "Sample.temperature must be a number; got '1'."),
        (lambda: Sample(top_p=0), "Sample.top_p must be in (0, 1]; got 0."),
        (lambda: Sample(top_p=1.5), "Sample.top_p must be in (0, 1]; got 1.5."),
        (
            lambda: Sample(repetition_penalty=0.5),
            "Sample.repetition_penalty must be finite and at least 1; got 0.5.",
        ),
        (
            lambda: Beam(repetition_penalty=float("nan")),
            "Beam.repetition_penalty must be finite and at least 1; got nan.",
        ),
        (lambda: Beam(width=0), "Beam.width must be at least 1; got 0."),
        (lambda: Beam(width=2.5), "Beam.width must be a whole number; got 2.5."),
    ],
)
def test_options_out_of_range_are_told(make, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        make()
    assert str(error.value) == sentence
