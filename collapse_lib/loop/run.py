"""The loop: source -> mix -> fit -> sample -> measure -> record."""

import itertools
from collections.abc import Callable, Iterator

from collapse_lib.arguments import check_choice, check_count, check_type
from collapse_lib.loop.checkpoint import Resumed
from collapse_lib.loop.generation import Generation, Trajectory
from collapse_lib.loop.signatures import hands_on_to
from collapse_lib.loop.steps import Steps

__all__ = ["generations", "run_loop"]


def _loop(steps: Steps, n_generations: int | None = None) -> Iterator[Generation]:
    """The sentence itself. n_generations: if known, no buffer needs to grow."""
    reference = steps.begin(n_generations)
    for t in itertools.count(1):
        train = steps.mix(t)
        model = steps.fit(train, t)
        sample = steps.publish(steps.sample(model, t), t)
        generation = steps.measure(Generation(t, train, model, sample, reference))
        steps.record(generation)
        yield generation


@hands_on_to(Steps)
def generations(*parts, **settings) -> Iterator[Generation]:
    """The generations of one run, one after the other, without end: the caller stops.

    model: a GenerativeModel with its hyperparameters; it is copied, never fitted itself.
    source: source(n, rng) -> n real rows (collapse_lib.sources has many).
    policy: how the next training set is made (collapse_lib.policies).
    n_samples: rows that each model publishes; an int or a function of the generation t = 1, 2,
        ... The original real rows are n_samples (a function: n_samples(1)) too.
    seed: int or SeedSequence; each step of each generation has its own stream keyed by it.
    n_fresh: new real rows published beside them at each generation; an int or a function of t.
    metrics: name -> function of a Generation that returns a float.
    n_reference: real rows kept aside for measuring; a finite source keeps at most 20 %.
    warm_start: each model starts from the state of the one before; needs get_state and set_state.

    Raises ValueError or TypeError with one sentence for arguments, rows or samples that cannot be
    used.
    """
    return _loop(Steps(*parts, **settings))


@hands_on_to(Steps)
def run_loop(
    *parts,
    n_generations: int,
    progress: Callable | None = iter,
    checkpoint=None,
    ledger=None,
    keep: str = "all",
    **settings,
) -> Trajectory:
    """Run n_generations of `generations` and keep them.

    progress: wraps the range of generations, such as progress=tqdm; None for none.
    checkpoint: a folder; each generation is saved there as it is made, and a run with the same
        settings goes on from what it finds, with the same result to the last bit. Functions are the
        same by their code and the constants that they read; what else they read, such as a file, a
        global list or an attribute of a module, is not looked at.
    ledger: a collapse_lib.provenance.Ledger; the source, the settings and, generation by
        generation, the training set, the model and what it published are entered there.
    keep: "all", or "last" to let go of the rows and models of all generations but the newest.

    Other arguments as for `generations`.
    """
    n_generations = check_count("n_generations", n_generations, least=1)
    check_choice("keep", keep, ("all", "last"))
    check_type("progress", progress, (Callable, type(None)))
    if checkpoint is None:
        steps = Steps(*parts, **settings)
    else:
        about = {"n_generations": n_generations, "refit_all": keep == "all"}
        steps = Resumed(*parts, folder=checkpoint, **about, **settings)
    if ledger is not None:
        from collapse_lib.provenance import Ledger

        check_type("ledger", ledger, Ledger, "Make one as Ledger(path).")
        steps.recorders.append(ledger.begin(steps.settings()))
    stream = _loop(steps, n_generations)
    kept: list[Generation] = []
    for _ in (progress or iter)(range(n_generations)):
        if keep == "last" and kept:
            kept[-1] = kept[-1].without_rows()
        kept.append(next(stream))
    return Trajectory(kept)
