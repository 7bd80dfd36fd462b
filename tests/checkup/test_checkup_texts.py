"""Texts: words, templates, near-duplicates; the alphabets of the world."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from checkup.test_checkup_tables import measure

from collapse_lib.checkup import checkup
from collapse_lib.checkup.words import words_of


@pytest.fixture(scope="module")
def texts():
    """Two lists of 600 texts of about 20 words by the same made-up writer."""
    rng = np.random.default_rng(1)
    shares = 1 / np.arange(1, 3001)
    shares /= shares.sum()
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(rng.choice(letters, 6)) for _ in range(3000)])
    return [
        [" ".join(words[rng.choice(3000, rng.integers(12, 28), p=shares)]) for _ in range(600)]
        for _ in range(2)
    ]


def test_texts_of_one_writer_are_kept(texts):
    report = checkup(*texts, n_deals=199)
    names = {each.measure.name for each in report.findings}
    assert report.verdict == "kept"
    assert names == {
        "rare words",
        "mean surprise of words",
        "spread of lengths",
        "different words",
        "different pairs of words",
    }  # no two texts are alike, whoever wrote them


def test_rare_words_that_are_dropped_are_found(texts):
    counts = Counter(" ".join(texts[0]).split())
    cut = [" ".join(w for w in text.split() if counts[w] >= 3) for text in texts[1]]
    report = checkup(texts[0], cut, n_deals=199)
    assert measure(report, "rare words", "text")["lost"]
    assert measure(report, "different words", "text")["lost"]


def test_near_duplicates_are_found_with_their_share(texts):
    rng, other = np.random.default_rng(2), list(texts[1])
    for k in range(0, 600, 10):
        words = other[k + 1].split()
        words[rng.integers(len(words))] = "changed"
        other[k] = " ".join(words)
    found = measure(checkup(texts[0], other, n_deals=199), "near-duplicates", "text")
    assert found["lost"] and found["low"] < 0.9 < found["high"] + 0.02


def test_one_template_for_all_is_found(texts):
    common = [word for word, _ in Counter(" ".join(texts[0]).split()).most_common(9)]
    rare = sorted(set(" ".join(texts[0]).split()) - set(common))
    rng = np.random.default_rng(3)
    form = "{} {} {} - {} {} - {} {} {} {} -".format(*common)
    filled = [
        " ".join(rng.choice(rare[500:]) if word == "-" else word for word in form.split())
        for _ in range(600)
    ]
    assert len(set(filled)) == 600
    assert measure(checkup(texts[0], filled, n_deals=199), "templates", "text")["value"] < 0.1


@pytest.mark.parametrize(
    "sentence",
    [
        "模型从数据中学习数字{}然后自己写数据",
        "モデルはデータから{}学ぶ",
        "يتعلم النموذج من البيانات {} ثم يكتب",
        "המודל לומד מהנתונים {} ואז כותב",
    ],
)
def test_every_alphabet_is_read(sentence):
    rng = np.random.default_rng(5)
    letters = [c for c in sentence if c.isalpha()]
    texts = [
        sentence.format("".join(rng.choice(letters, 6))) + " " + "".join(rng.choice(letters, 30))
        for _ in range(120)
    ]
    report = checkup({"t": texts[:60]}, {"t": texts[60:]}, text="t", n_deals=99)
    assert report.findings and report.verdict in ("kept", "cannot tell")


def test_scripts_without_spaces_are_read_letter_by_letter():
    codes, row = words_of(["数据数据", "data 数据", None, ""])
    assert codes.tolist() == [2, 1, 2, 1, 0, 2, 1] and row.tolist() == [0, 0, 0, 0, 1, 1, 1]


def test_what_is_measured_does_not_depend_on_which_rows_are_called_real(texts):
    there, back = checkup(*texts, n_deals=20), checkup(*texts[::-1], n_deals=20)
    named = {f.measure.name: f.value for f in back.findings if not f.measure.is_relative}
    for each in there.findings:
        if each.measure.name in named:
            assert each.value == pytest.approx(1 / named[each.measure.name], rel=1e-5)


def test_a_column_without_words_is_left_out():
    numbers = [f"{k} {k + 1} {k + 2} {k + 3} {k + 5}" for k in range(60)]
    table = pd.DataFrame({"t": numbers, "x": np.arange(60) % 5})
    told = checkup(table[:30], table[30:], text="t", n_deals=20).to_dict()
    assert told["inputs"][0]["columns_left_out"] == {"t": "no words in it"}
