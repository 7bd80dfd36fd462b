"""BytePairs: text as numbered pieces of bytes, learned from a text; any text comes back whole."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from collapse_lib.arguments import as_array, check_count
from collapse_lib.sources.base import Finite
from collapse_lib.sources.optional import need

__all__ = ["BytePairs"]

BYTES = 256
MOST_TOKENS = 2**20


@dataclass(frozen=True)
class BytePairs:
    """A byte-level byte-pair encoding: token k is a sequence of bytes, the 256 bytes among them.

    settings: the tokenizer as the JSON text of the library `tokenizers`, which does the work. It is
        all there is to keep: BytePairs(settings) is the same encoding in another process.

    Source: Sennrich et al. 2016, arXiv:1508.07909; on bytes, Radford et al. 2019 (GPT-2).

    >>> pairs = BytePairs.learn("the cat and the hat and the rat", n_tokens=260)
    >>> [pairs.piece(token) for token in pairs.encode("the chat")]
    ['the', ' ', 'c', 'h', 'at']
    """

    settings: str

    @classmethod
    def learn(cls, text: str, n_tokens: int = 1000) -> "BytePairs":
        """Start from single bytes and join the commonest pair of neighbours, again and again, until
        there are n_tokens (or no pair occurs twice). Joined pieces stay within a word.

        Raises ValueError for a text without any character, and for n_tokens below 256, one for each
        byte, or above 2^20.
        """
        if not isinstance(text, str) or not text:
            raise ValueError(f"BytePairs.learn needs a text that is not empty; got {_shown(text)}.")
        n_tokens = check_count("BytePairs.learn.n_tokens", n_tokens, least=BYTES, most=MOST_TOKENS)
        tokenizers = need("tokenizers", "BytePairs")
        tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
        level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.pre_tokenizer = level
        tokenizer.decoder = tokenizers.decoders.ByteLevel()
        trainer = tokenizers.trainers.BpeTrainer(
            vocab_size=n_tokens,
            min_frequency=2,
            initial_alphabet=sorted(level.alphabet()),
            show_progress=False,
        )
        tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
        return cls(tokenizer.to_str())

    @cached_property
    def _tokenizer(self):
        tokenizers = need("tokenizers", "BytePairs")
        try:
            return tokenizers.Tokenizer.from_str(self.settings)
        except Exception as error:  # the library raises nothing narrower
            raise ValueError(
                "BytePairs.settings is no tokenizer that the library tokenizers can read; "
                "give the settings of a BytePairs that was learned."
            ) from error

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def __repr__(self) -> str:
        digest = hashlib.sha256(self.settings.encode()).hexdigest()
        return f"BytePairs(<{len(self)} tokens {digest[:8]}>)"

    def __getstate__(self):
        return {"settings": self.settings}

    def encode(self, text: str) -> np.ndarray:
        """(m,) the tokens of a text."""
        return np.array(self._tokenizer.encode(text).ids, dtype=np.int64)

    def decode(self, tokens) -> str:
        """The text of tokens of any shape. Bytes that are no UTF-8 show as the replacement sign:
        a model may write half a character.

        Raises ValueError for a token that the encoding does not have.
        """
        tokens = as_array("BytePairs.decode", tokens)
        bad = (tokens < 0) | (tokens >= len(self))
        if bad.any():
            raise ValueError(
                f"BytePairs.decode knows tokens from 0 to {len(self) - 1}; {bad.sum()} of "
                f"{bad.size} lie outside (the first is {tokens[bad][0]})."
            )
        return self._tokenizer.decode(tokens.ravel().tolist(), skip_special_tokens=False)

    def piece(self, token: int) -> str:
        """What one token stands for."""
        return self.decode([token])

    def blocks(self, text: str, length: int, name: str = "your text") -> Finite:
        """A source of rows (n, length): the text cut into blocks of tokens, dealt in random order;
        a shorter rest at its end is left out.

        Raises ValueError for a length below 1 and a text that is shorter than one block.
        """
        tokens = self.encode(text)
        if not len(tokens):
            raise ValueError(f"{name} holds no tokens; give a text that is not empty.")
        if not 1 <= length <= len(tokens):
            raise ValueError(
                f"{name} holds {len(tokens)} tokens, so its blocks may be from 1 to {len(tokens)} "
                f"tokens long; got {length}."
            )
        rows = tokens[: len(tokens) - len(tokens) % length].reshape(-1, length)
        return Finite(rows, f"{name} in blocks of {length}")


def _shown(text) -> str:
    return repr(text) if isinstance(text, str) else type(text).__name__
