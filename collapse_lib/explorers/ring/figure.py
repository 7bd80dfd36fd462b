"""Ring: the loop as it goes round, its objects drawn one by one.

The runs are computed here, by `run_loop`, and travel with the figure; the page moves the objects.
"""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import traitlets

from collapse_lib.arguments import check_choice, check_count, check_counts, check_type
from collapse_lib.explorers.host import StaticWidget
from collapse_lib.explorers.ring.family import Family, family_of
from collapse_lib.explorers.ring.still import RingStill, said_of, still_ring
from collapse_lib.policies import MixReal, Replace

__all__ = ["Ring"]

HERE = Path(__file__).parent
STATIONS = ("source", "mix", "fit", "sample", "measure")
POLICIES = ("replace", "mix")
MOST_OBJECTS = 50  # five rows of a station
MOST_KINDS = 10
VERSION = 2


class Ring(StaticWidget):
    """Source, mix, fit, sample, measure: a run of an urn in which every object is seen.

        Ring("ring", title="...", caption="...", counts=(10, 7, 6, 4, 4, 3, 2, 2, 1, 1), seed=1,
             links={"source": "provenance#a-ledger", ...})

    name: lower-case words with dashes, unique in its chapter; links say
        `#fig=<name>&v=2&policy=mix&seed=2&t=12`.
    title, try_this, caption: shown with it. Its alt text is made of what the first run gives.
    counts: how many real objects there are of each colour, the most frequent first; at most 50
        objects of 10 colours.
    links: where each station leads: a page of the book without its ending, "#" and an anchor.
    kept: the policy of the switch, a MixReal; without the switch the policy is Replace.
    n_generations: turns of the ring. n_runs: runs that a reader can go through, with the seeds
        seed, seed + 1, ...
    autoplay: whether it starts by itself when it comes into sight.

    Traits: `state`, a dict of policy, seed and t, the generation shown (0: only the real objects);
    `meta`; `runs`, the bytes of (policy, run, generation, taken or parents, n): see `Family`.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """

    module = HERE / "ring.mjs"
    style = (HERE.parent / "view" / "figure.css", HERE / "ring.css")

    state = traitlets.Dict().tag(sync=True)
    meta = traitlets.Dict().tag(sync=True)
    runs = traitlets.Bytes().tag(sync=True)

    def __init__(
        self, name, *, title, caption, counts, links, try_this="", kept=MixReal(0.5),
        n_generations=24, seed=1, n_runs=3, autoplay=False,
    ):  # fmt: skip
        counts = check_counts("Ring.counts", counts, least=1).astype(int)
        check_count("len(Ring.counts)", len(counts), least=2, most=MOST_KINDS)
        check_count("sum(Ring.counts)", int(counts.sum()), most=MOST_OBJECTS)
        check_type("Ring.kept", kept, MixReal)
        n_generations = check_count("Ring.n_generations", n_generations, least=1, most=100)
        n_runs = check_count("Ring.n_runs", n_runs, least=1, most=10)
        seed = check_count("Ring.seed", seed)
        check_choice("Ring.links: its stations", tuple(links), (STATIONS,))
        self._families = {
            policy: [
                family_of(counts, rule, n_generations=n_generations, seed=seed + run)
                for run in range(n_runs)
            ]
            for policy, rule in zip(POLICIES, (Replace(), kept), strict=True)
        }
        self._limits = {"seed": (seed, seed + n_runs - 1), "t": (0, n_generations)}
        meta = {
            "name": name,
            "title": title,
            "tryThis": try_this,
            "caption": caption,
            "counts": counts.tolist(),
            "links": dict(links),
            "limits": {key: [*ends, True] for key, ends in self._limits.items()},
            "layout": json.loads(files(__package__).joinpath("layout.json").read_text("utf-8")),
        }
        state = {"v": VERSION, "policy": "replace", "seed": seed, "t": n_generations}
        state |= {"autoplay": True} if autoplay else {}
        held = [
            [(each.taken, each.parents) for each in runs] for runs in self._families.values()
        ]  # (2, n_runs, 2, T, n)
        runs = np.swapaxes(np.array(held, np.uint8), 2, 3).tobytes()
        alt = said_of(self._families["replace"][0], self._families["mix"][0])
        super().__init__(name, alt=alt, state=state, meta=meta, runs=runs)

    def family(self, policy: str = "replace", seed: int | None = None) -> Family:
        """The run with this seed, of the first where none is given."""
        check_choice("Ring.family: policy", policy, POLICIES)
        first, last = self._limits["seed"]
        seed = first if seed is None else seed
        return self._families[policy][
            check_count("Ring.seed", seed, least=first, most=last) - first
        ]

    def still(self) -> RingStill:
        """The last generation of the first run."""
        texts = {key: self.meta[key] for key in ("name", "title", "caption", "layout", "links")}
        return still_ring(self.family(), alt=self.alt, **texts)

    @traitlets.validate("state")
    def _check_state(self, proposal):
        state = dict(proposal["value"])
        check_choice("Ring.state.v", state.get("v"), (VERSION,))
        check_choice("Ring.state.policy", state.get("policy"), POLICIES)
        for key, (least, most) in self._limits.items():
            state[key] = check_count(f"Ring.state.{key}", state.get(key), least=least, most=most)
        return state
