"""The decoder network of GPT-2, and a Reader that feeds it text token by token."""

import math

import torch
from torch import nn
from torch.nn import functional as F

__all__ = ["Network", "Reader"]


nothing = nn.Identity()  # in the place of dropout where there is none


class Attention(nn.Module):
    """Causal self-attention with several heads."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)  # queries, keys and values in one product
        self.out = nn.Linear(width, width)

    def forward(self, x, cache=None, read=0):  # x (n, k, width)
        n, k, width = x.shape
        qkv = self.qkv(x).view(n, k, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, keys_values = qkv[0], qkv[1:]  # (n, heads, k, width / heads), two of them
        if cache is not None:  # (2, n, heads, length, width / heads)
            cache[:, :, :, read : read + k] = keys_values
            keys_values = cache[:, :, :, : read + k]
        key, value = keys_values
        if k > 1:
            y = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:  # one token looks at all that was read; on a CPU two plain products are faster
            weights = (query * self.scale @ key.transpose(-1, -2)).softmax(dim=-1)
            y = weights @ value  # (n, heads, 1, width / heads)
        return self.out(y.transpose(1, 2).reshape(n, k, width))


class Block(nn.Module):
    """Attention, then a network on each position, both added to what they read."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, dropout, cache=None, read=0):  # (n, k, width)
        x = x + dropout(self.attention(self.norm1(x), cache, read))
        hidden = F.gelu(self.up(self.norm2(x)), approximate="tanh")  # (n, k, 4 * width)
        return x + dropout(self.down(hidden))


class Network(nn.Module):
    """Tokens (n, k) to the logits of what follows each, (n, k, n_tokens).

    Radford et al. 2019 (GPT-2): normalisation before each half of a block, learned positions, the
    embedding used again for the logits. Token n_tokens is the start of a text: it is read, never
    written.
    """

    def __init__(self, n_tokens: int, length: int, layers: int, heads: int, width: int):
        super().__init__()
        self.n_tokens = n_tokens
        self.embedding = nn.Embedding(n_tokens + 1, width)
        self.positions = nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def hidden(self, tokens, dropout=nothing, caches=None, read=0):
        k = tokens.shape[1]
        x = dropout(self.embedding(tokens) + self.positions.weight[read : read + k])
        for i, block in enumerate(self.blocks):
            x = block(x, dropout, None if caches is None else caches[i], read)
        return self.norm(x)  # (n, k, width)

    def logits(self, hidden):  # (..., width) -> (..., n_tokens)
        return F.linear(hidden, self.embedding.weight[: self.n_tokens])

    def forward(self, tokens, dropout=nothing):
        return self.logits(self.hidden(tokens, dropout))

    @torch.no_grad()
    def draw_weights(self, generator: torch.Generator) -> None:
        """Normal first weights, smaller where a block adds to what it read, as GPT-2's. Their
        standard deviation is GPT-2's 0.02 at its width of 768, and grows as a narrower network's
        sums have fewer terms: with 0.02 a network of width 64 took twice as many steps."""
        width = self.norm.weight.shape[0]
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                std = 0.02 * math.sqrt(768 / width)
                if name.endswith(("out.weight", "down.weight")):
                    std /= math.sqrt(2 * len(self.blocks))
                weight.normal_(0, std, generator=generator)
            else:  # a bias, or the scale of a normalisation
                weight.fill_(1.0 if "norm" in name and name.endswith("weight") else 0.0)


class Reader:
    """Reads n texts side by side and remembers their keys and values (a KV cache), so that each
    token is read once."""

    def __init__(self, network: Network, n: int, length: int):
        self.network, self.read = network, 0
        layers, width = len(network.blocks), network.norm.weight.shape[0]
        heads = network.blocks[0].attention.heads
        shape = (layers, 2, n, heads, length, width // heads)
        self.caches = network.norm.weight.new_empty(shape)

    def __call__(self, tokens):
        """Tokens (n, k) after those read before -> logits (n, n_tokens) of the one that follows.
        After the first call k is 1."""
        hidden = self.network.hidden(tokens, caches=self.caches, read=self.read)
        self.read += tokens.shape[1]
        return self.network.logits(hidden[:, -1])

    def reorder(self, rows):
        """Go on from the texts of these rows (m,), which may repeat."""
        known = self.caches[..., : self.read, :].index_select(2, rows)
        shape = (*known.shape[:4], *self.caches.shape[4:])
        self.caches = known.new_empty(shape)
        self.caches[..., : self.read, :] = known
