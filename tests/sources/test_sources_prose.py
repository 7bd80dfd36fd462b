"""Words of real prose: tokens, vocabulary, and docstrings read without running anything."""

import hashlib
import inspect
import itertools
import pickle
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import refusals

from collapse_lib.sources import (
    Blocks,
    Words,
    docstrings,
    from_text,
    notebook_prose,
    prose,
    python_topics,
    tokenise,
)


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


# --- blocks ------------------------------------------------------------------------------------

HAMLET = Words.from_text("to be or not to be that is the question", "hamlet")


def test_blocks_keep_the_order_of_the_text_and_leave_its_rest():
    blocks = HAMLET.blocks(4)
    assert [blocks.decode(block) for block in blocks.rows] == ["to be or not", "to be that is"]
    assert blocks.name == "hamlet in blocks of 4" and blocks.sha256 == HAMLET.sha256
    assert blocks.vocabulary == HAMLET.vocabulary
    assert HAMLET.blocks(10).rows.tolist() == [HAMLET.tokens.tolist()]
    assert pickle.loads(pickle.dumps(blocks)) == blocks != HAMLET.blocks(5)


def test_blocks_are_dealt_whole():
    blocks = docstrings().blocks(64)
    dealing = blocks.start(np.random.default_rng(0))
    dealt = np.concatenate([dealing(dealing.left), dealing.reference(len(blocks))])
    assert len(dealing.reference(10**6)) == len(blocks) // 5
    assert sorted(map(bytes, dealt)) == sorted(map(bytes, blocks.rows))
    assert not np.array_equal(dealt, blocks.rows)


@given(st.text(alphabet="ab' \n", min_size=1).filter(tokenise))
def test_decode_undoes_encode(text):
    words = Words.from_text(text, "mine")
    assert words.encode(text).tolist() == words.tokens.tolist()
    assert words.decode(words.encode(text)) == " ".join(tokenise(text))


test_blocks_that_cannot_be_are_told = refusals(
    (
        lambda: HAMLET.blocks(11),
        "hamlet holds 10 words, so its blocks may be from 1 to 10 words long; got 11.",
    ),
    (
        lambda: Words.from_text("one", "mine").blocks(2),
        "mine holds 1 words, so its blocks may be from 1 to 1 words long; got 2.",
    ),
    (
        lambda: HAMLET.blocks(0),
        "hamlet holds 10 words, so its blocks may be from 1 to 10 words long; got 0.",
    ),
    (
        lambda: HAMLET.encode("to sleep no more"),
        "hamlet does not know 3 of the words to encode (the first is 'more'); use words of "
        "its vocabulary.",
    ),
    (
        lambda: HAMLET.blocks(2).encode(" 12 "),
        "hamlet in blocks of 2: the text to encode holds no words; give at least one word.",
    ),
    (
        lambda: HAMLET.decode([0, 8, -1]),
        "hamlet numbers 8 words from 0 to 7; 2 of 3 tokens lie outside (the first is 8).",
    ),
    (
        lambda: Blocks(np.array([0, 1]), "mine", ("a", "b")),
        "mine must hold one block of ints a row, shape (n, length); got shape (2,) with dtype "
        "int64.",
    ),
    (
        lambda: Blocks(np.array([[0, 2]]), "mine", ("a", "b")),
        "mine numbers 2 words from 0 to 1; 1 of 2 tokens lie outside (the first is 2).",
    ),
)


def test_a_file_of_bytes_is_told(tmp_path):
    path = tmp_path / "image.png"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(ValueError) as error:
        from_text(path)
    assert str(error.value) == (
        "image.png must be UTF-8 text; line 2 holds the byte 0x80, which is not. Save the file as "
        "UTF-8, or name its encoding, such as encoding='cp1252'."
    )
    path.write_bytes(bytes(50))
    with pytest.raises(ValueError) as error:
        from_text(path)
    assert str(error.value) == (
        "image.png must be text without NUL characters; line 1 holds one. Remove them, or give a "
        "file of text."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("किताब की", ["किताब", "की"]),
        ("\u0130zmir i\u00e7in", ["i\u0307zmir", "i\u00e7in"]),
        ("مَرْحَبًا", ["مَرْحَبًا"]),
        ("\u0645\u06cc\u200c\u062e\u0648", ["\u0645\u06cc\u200c\u062e\u0648"]),
        ("தமிழ்", ["தமிழ்"]),
        ("x\u030a\u0323y \u0301z co\u00adoperate", ["x\u0323\u030ay", "z", "co\u00adoperate"]),
    ],
)  # fmt: skip
def test_marks_and_joiners_stay_in_their_word(text, words):
    assert tokenise(text) == words


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("我喜欢吃苹果。你呢", "Chinese or Japanese"),
        ("日本語のテキストです", "Chinese or Japanese"),
        ("ภาษาไทยสวยงาม", "Thai, Lao, Khmer or Burmese"),
        ("ភាសាខ្មែរស្អាតណាស់", "Thai, Lao, Khmer or Burmese"),
    ],
)  # fmt: skip
def test_scripts_without_spaces_need_a_segmenter(text, script):
    with pytest.raises(ValueError) as error:
        Words.from_text(text, "mine")
    assert str(error.value) == (
        f"mine holds {script}, which is written without spaces between words; put spaces between "
        "them with a segmenter first, or use BytePairs."
    )
    assert len(Words.from_text("我 喜欢 吃 苹果", "mine")) == 4


def test_no_nul_in_a_text():
    with pytest.raises(ValueError) as error:
        Words.from_text("t\0h\0e\0", "mine")
    assert str(error.value) == "mine must hold no NUL characters; remove them."


def words_before_marks(text):
    """The rule that the stored results of the chapters were made with."""
    text = unicodedata.normalize("NFC", text).lower().replace("\u2019", "'")
    signs = {ord(sign): " " for sign in set(text) if not sign.isalpha() and sign != "'"}
    return re.findall(r"[^ ']+(?:'[^ ']+)?", text.translate(signs))


@pytest.mark.parametrize("name", ["numpy", "chapters"])
def test_the_words_of_the_book_are_what_they_were(name):
    chapters = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
    text = (
        "\n".join(prose.read_docstrings("numpy")) if name == "numpy" else notebook_prose(chapters)
    )
    assert tokenise(text) == words_before_marks(text)
    assert words_before_marks("i\u0307z") != tokenise("i\u0307z")
