"""Errors are sentences, and tests match them whole."""

import re

import pytest


def says(sentence, error=ValueError):
    """Expect an error whose whole message is this sentence."""
    return pytest.raises(error, match=rf"\A{re.escape(sentence)}\Z")
