"""Errors are sentences, and tests match them whole."""

import re

import pytest


def shown(thing) -> str:
    """An id of a test that is the same in every process: no address in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(thing))


def says(sentence, error=ValueError):
    """Expect an error whose whole message is this sentence."""
    return pytest.raises(error, match=rf"\A{re.escape(sentence)}\Z")


def refusals(*cases):
    """A test of cases (call, sentence) or (call, error, sentence): each call is refused, with an
    error (ValueError unless given) whose whole message is the sentence."""

    @pytest.mark.parametrize("case", cases, ids=lambda case: case[-1].split()[0])
    def test(case):
        call, *error, sentence = case
        with says(sentence, *error):
            call()

    return test
