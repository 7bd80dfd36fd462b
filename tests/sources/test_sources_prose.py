"""Words of real prose: tokens, vocabulary, and docstrings read without running anything."""

import hashlib
import inspect
import itertools
import pickle
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collapse_lib.sources import Words, docstrings, prose, python_topics, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The loop, the LOOP.", ["the", "loop", "the", "loop"]),
        ("Don't say it\u2019s 'quoted'", ["don't", "say", "it's", "quoted"]),
        ("rock'n'roll x'y'z", ["rock'n", "roll", "x'y", "z"]),
        ("snake_case v2 3.14 e-mail", ["snake", "case", "v", "e", "mail"]),
        ("x\u00b2 \u00bd cup", ["x", "cup"]),
        ("Erd\u0151s na\u00efve nai\u0308ve", ["erd\u0151s", "na\u00efve", "na\u00efve"]),
        (" 12 -- ' _ ", []),
    ],
)
def test_tokenise(text, words):
    assert tokenise(text) == words


@given(st.text())
def test_tokens_are_fixed_points(text):
    words = tokenise(text)
    assert tokenise(" ".join(words)) == words
    assert tokenise(text.upper().lower()) == tokenise(text.upper())


@given(st.text(alphabet="ab' \n", min_size=1).filter(tokenise))
def test_words_spell_the_text(text):
    words = Words.from_text(text, "mine")
    spelt = [words.vocabulary[token] for token in words.tokens]
    assert spelt == tokenise(text)
    counts = Counter(spelt)
    assert words.vocabulary == tuple(sorted(counts, key=lambda word: (-counts[word], word)))
    assert words.counts.tolist() == [counts[word] for word in words.vocabulary]
    assert words.probabilities.sum() == pytest.approx(1)


def test_words_of_a_text():
    text = "to be or not to be"
    words = Words.from_text(text, "hamlet")
    assert words.vocabulary == words.names == ("be", "to", "not", "or")
    assert words.tokens.tolist() == [1, 0, 3, 2, 1, 0]
    assert words.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert repr(words) == (
        "Words(rows=[1, 0, 3, 2, 1, 0], name='hamlet', names=('be', 'to', 'not', 'or'), "
        f"sha256='{words.sha256}')"
    )
    back = pickle.loads(pickle.dumps(words))
    assert back == words and type(back) is Words
    assert words != Words.from_text(text + ".", "hamlet")


def test_words_are_dealt_as_a_shuffled_bag():
    words = python_topics()
    dealing = words.start(np.random.default_rng(0))
    dealt = dealing(dealing.left)
    everything = np.concatenate([dealt, dealing.reference(len(words))])
    assert np.array_equal(np.bincount(everything), words.counts)
    assert not np.array_equal(dealt, words.tokens[: len(dealt)])


def read_letter_by_letter(text):
    """An independent tokeniser: a letter goes on with the word, and so does the first apostrophe
    that stands between two letters."""
    words, word, text = [], "", text.replace("\u2019", "'") + " "
    for sign, following in itertools.pairwise(text):
        if sign.isalpha():
            word += sign.lower()
        elif sign == "'" and word and "'" not in word and following.isalpha():
            word += sign
        elif word:
            words.append(word)
            word = ""
    return [*words, word] if word else words


@given(st.text(alphabet="aB'1 _"))
def test_tokenise_against_a_reader_of_letters(text):
    assert tokenise(text) == read_letter_by_letter(text)


def test_python_topics_are_the_help_texts():
    from pydoc_data.topics import topics

    words = python_topics()
    assert python_topics() is words
    text = "\n".join(topics[key] for key in sorted(topics))
    assert [words.vocabulary[token] for token in words.tokens] == read_letter_by_letter(text)
    assert words.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert len(words) > 30_000 and len(words.vocabulary) > 2_000


def test_python_topics_that_are_not_there(monkeypatch):
    python_topics.cache_clear()
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    monkeypatch.setattr(prose.platform, "python_version", lambda: "3.99")
    with pytest.raises(ModuleNotFoundError) as error:
        python_topics()
    assert str(error.value) == (
        "python_topics needs pydoc_data.topics of the standard library, which this Python 3.99 "
        "lacks; install the whole standard library, or use docstrings()."
    )


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Makes packages that nobody may import."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name, **files):
        for path, text in files.items():
            file = tmp_path / name / (path.replace("__in__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    return make


EVERY_PLACE = '''"""one"""
import warnings
raise RuntimeError("run")
class A:
    """two"""
    def b(self):
        """three"""
        return "\\d"
if True:
    def c():
        "four"
        def d():
            """
            five
                indented
            """
else:
    async def e(): """six"""
try: pass
except Exception:
    def f(): """seven"""
finally:
    def g(): """eight"""
match 1:
    case 1:
        def h(): """nine"""
x = "not a docstring"
def i(): return """neither"""
'''


def test_docstrings_of_every_place_in_line_order(package):
    package("made_up_places", __init__=EVERY_PLACE)
    words = docstrings("made_up_places")
    spelt = " ".join(words.vocabulary[token] for token in words.tokens)
    assert spelt == "one two three four five indented six seven eight nine"
    assert words.name == "docstrings of made_up_places"


def test_docstrings_skip_tests_and_broken_files_and_go_by_path(package):
    package(
        "made_up_folders",
        __init__='"""start"""',
        b='"""bee"""',
        a__in__z='"""zed"""',
        a__in__tests__in__x='"""hidden"""',
        test__in__y='"""hidden"""',
        broken='"""hidden""" this is no Python',
    )
    package("made_up_second", __init__="'''after'''")
    words = docstrings(("made_up_folders", "made_up_second"))
    spelt = [words.vocabulary[token] for token in words.tokens]
    assert spelt == ["start", "zed", "bee", "after"]
    assert docstrings(["made_up_folders", "made_up_second"]) is words


def test_docstrings_of_a_single_file(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "made_up_single.py").write_text('"""alone"""', encoding="utf-8")
    assert docstrings("made_up_single").vocabulary == ("alone",)


def test_docstrings_of_numpy_hold_what_help_shows():
    words = docstrings()
    assert words.name == "docstrings of numpy" and len(words) > 100_000
    text = " ".join(words.vocabulary[token] for token in words.tokens)
    assert " ".join(tokenise(inspect.getdoc(np.linalg.norm))) in text


@pytest.mark.parametrize(
    ("packages", "kind", "message"),
    [
        (
            "no_such_package",
            ModuleNotFoundError,
            "docstrings.packages names 'no_such_package', which is not installed; install it, or "
            "leave it out.",
        ),
        (
            "numpy.linalg",
            ValueError,
            "docstrings.packages must be names of top-level packages, such as numpy; "
            "got ('numpy.linalg',).",
        ),
        (
            (),
            ValueError,
            "docstrings.packages must be names of top-level packages, such as numpy; got ().",
        ),
        (
            "itertools",
            ValueError,
            "docstrings of itertools holds no words; give a text with letters in it.",
        ),
    ],
)
def test_sentences(packages, kind, message):
    with pytest.raises(kind) as error:
        docstrings(packages)
    assert str(error.value) == message
