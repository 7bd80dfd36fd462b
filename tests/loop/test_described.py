"""What a checkpoint tells apart: anything whose results could differ."""

import functools
import subprocess
import sys
from collections import deque
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch
from sentences import says

from collapse_lib import run_loop
from collapse_lib.exact import GaussianPaths
from collapse_lib.loop.described import described
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Replace


class Held:
    """Holds a thing, and may have any attributes."""

    def __init__(self, thing, **more):
        self.thing = thing
        self.__dict__ |= more

    def value(self):
        return self.thing


class Slotted:
    __slots__ = ("thing",)

    def __init__(self, thing):
        self.thing = thing


class Below(Slotted):
    __slots__ = ("more",)


def drawn(n, rng, *, order=1):
    return rng.normal(size=n) ** order


def nested(thing, depth):
    return thing if depth == 0 else [nested(thing, depth - 1)]


def written(body):
    """A class with this body, as another edit of the same file would give."""
    names = {"__name__": __name__}
    exec(f"class Edited:\n    def sample(self, n, *, rng):\n        return {body}\n", names)
    return names["Edited"]()


def below(thing, more):
    found = Below(thing)
    found.more = more
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (functools.partial(drawn, order=1), functools.partial(drawn, order=9)),
        (functools.partial(drawn, 1), functools.partial(drawn, 2)),
        (Held(1).value, Held(2).value),
        (Slotted(1), Slotted(2)),
        (below(1, 1), below(1, 2)),
        (Held(pandas.DataFrame({"a": [1, 2]})), Held(pandas.DataFrame({"a": [1, 3]}))),
        (Held(pandas.DataFrame({"a": [1, 2]})), Held(pandas.DataFrame({"b": [1, 2]}))),
        (Held(pandas.Series(["x", "y"])), Held(pandas.Series(["x", "z"]))),
        (Held(torch.zeros(3)), Held(torch.ones(3))),
        (Held(torch.zeros(3)), Held(torch.zeros(3, dtype=torch.bfloat16))),
        (Held(torch.nn.Linear(2, 1)), Held(torch.nn.Linear(2, 1))),
        (Held(nested(1, 40)), Held(nested(2, 40))),
        (Held(np.array([1, "a"], object)), Held(np.array([1, "b"], object))),
        (Held({1: 2}), Held({1: 3})),
        (Held({1, 2}), Held({1, 3})),
        (Held(np.random.default_rng(1)), Held(np.random.default_rng(2))),
        (Held(b"a"), Held(b"b")),
        (Held(1), Held(True)),
        (Held(np.mean), Held(np.median)),
        (written("rng.normal(size=n)"), written("rng.normal(1, size=n)")),
        (lambda x: x + 1, lambda x: x + 2),
        (np.arange(9999), np.where(np.arange(9999) == 5000, 0, np.arange(9999))),
        ([np.zeros(9999)], [np.where(np.arange(9999) == 5000, 1.0, 0.0)]),
        ({"a": (np.zeros(2000),)}, {"a": (np.ones(2000) * (np.arange(2000) == 999),)}),
        (deque([np.zeros(2000)]), deque([np.ones(2000) * (np.arange(2000) == 999)])),
        (np.zeros(3), [0.0, 0.0, 0.0]),
        (pandas.Series(range(999)), pandas.Series([*range(998), 0])),
        (torch.zeros(2000), torch.arange(2000.0) // 1999),
        (GaussianPaths(np.zeros(2000), 1), GaussianPaths(np.arange(2000) // 1999, 1)),
        (Held(Path("a")), Held(Path("b"))),
        ([1, [2, {3: "4"}]], [1, [2, {3: "5"}]]),
    ],
)
def test_two_things_are_told_apart(one, other):
    assert described(one) != described(other)
    assert described(one) == described(one)


def test_equal_things_are_equal():
    for make in (
        lambda: functools.partial(drawn, order=3),
        lambda: Held(pandas.DataFrame({"a": [1.0, np.nan]})),
        lambda: Held(nested("x", 30)),
        lambda: Held(1).value,
        lambda: Slotted([1, 2]),
        lambda: written("rng.normal(size=n)"),
    ):
        assert described(make()) == described(make())
    whole = [1, [2, {3: "4"}]]
    assert described(whole) == repr(whole)
    used = Path("a/b")
    str(used), hash(used)  # which a path remembers
    assert described(Held(used)) == described(Held(Path("a/b")))
    inside = []
    inside.append(inside)
    assert described(inside) == described(inside)
    round_ = Held(1)
    round_.thing = round_
    assert described(round_) == described(round_)
    assert described(Gaussian()) == "Gaussian(ddof=0, sampling_bias=1.0)"


def reads(source, **names):
    """The function f of a module's text, with these globals."""
    names = {"__name__": __name__, "np": np, **names}
    exec(source, names)
    return names["f"]


@pytest.mark.parametrize(
    ("source", "one", "other"),
    [
        ("def f(g): return g.index > LEAST", {"LEAST": 1}, {"LEAST": 2}),
        ("def f(g): return [g.index > LEAST for _ in g]", {"LEAST": 1}, {"LEAST": 2}),
        ("f = lambda g: (lambda: LEAST)()", {"LEAST": "a"}, {"LEAST": "b"}),
        ("def f(g): return np.mean(g.sample @ AXIS)", {"AXIS": np.ones(3)}, {"AXIS": np.zeros(3)}),
        ("def f(g): return h(g)", {"h": lambda g: 1}, {"h": lambda g: 2}),
        ("def f(g): return H().value()", {"H": type(written("1"))}, {"H": type(written("2"))}),
        ("def f(g): return g in KNOWN", {"KNOWN": (1, (2,))}, {"KNOWN": (1, (3,))}),
    ],
)
def test_functions_are_told_by_the_constants_that_they_read(source, one, other):
    assert described(reads(source, **one)) != described(reads(source, **other))
    assert described(reads(source, **one)) == described(reads(source, **one))
    assert described(reads(source, **one)) == described(reads(source, **one, UNREAD=3))


def test_what_a_run_may_write_to_is_no_part_of_a_function():
    counts = "def f(g):\n    global n\n    n += 1\n    seen.append(g)\n    return n"
    texts = {described(reads(counts, n=n, seen=seen)) for n, seen in ((0, []), (9, [1]))}
    assert len(texts) == 1


def test_functions_that_read_one_another_are_described():
    even = "def f(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and f(n - 1)"
    assert described(reads(even)) == described(reads(even))


def test_the_text_is_the_same_in_another_process():
    code = (
        "import functools, numpy as np\n"
        "from collapse_lib.loop.described import described\n"
        "print(described(functools.partial(np.quantile, q=[0.1, {'a', 'b', 'c'}])))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(texts) == 1


def test_what_shows_nothing_is_refused():
    with says(
        "A checkpoint cannot tell <object object> from another of its kind: it shows no "
        "attributes; give its class a __repr__ that says what it does.",
        TypeError,
    ):
        described(object())


# --- a folder belongs to one run -----------------------------------------------------------------


def loop(folder, **changes):
    settings = {"n_samples": 20, "n_generations": 3, "seed": 1} | changes
    source = settings.pop("source", drawn)
    return run_loop(Gaussian(), source, Replace(), checkpoint=folder, **settings)


def test_another_order_does_not_get_the_rows_of_the_first(tmp_path):
    loop(tmp_path, source=functools.partial(drawn, order=1))
    with pytest.raises(ValueError, match=r"was made with source = 'functools\.partial"):
        loop(tmp_path, source=functools.partial(drawn, order=3), n_generations=5)


def test_generations_without_their_run_are_refused(tmp_path):
    loop(tmp_path)
    (tmp_path / "run.json").unlink()
    with says(
        f"The folder {tmp_path} holds generations and no run.json, so that nobody can say which "
        "run they are of. Restore that file, or use another folder."
    ):
        loop(tmp_path)


def test_two_runs_that_begin_in_one_folder_do_not_mix(tmp_path):
    begun = []

    def second(generations):  # starts while the first has saved nothing yet
        if not begun:
            begun.append(True)
            loop(tmp_path, seed=2)
        return generations

    with pytest.raises(ValueError, match="Use another folder"):
        loop(tmp_path, progress=second)
    assert len(loop(tmp_path, seed=2)) == 3


def test_a_link_that_waits_is_not_followed(tmp_path):
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("run.json.part", "generation-000001.part", "generation-000001.npz"):
        (folder / name).symlink_to(target)
    loop(folder)
    assert target.read_text() == "mine" and len(loop(folder)) == 3
    assert not (folder / "generation-000001.npz").is_symlink()
