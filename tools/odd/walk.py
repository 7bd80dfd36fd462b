"""Many calls in processes of their own: one that does not end, or that ends its process, counts."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from tools.odd.judge import Outcome

__all__ = ["LIMIT", "Ended", "walk"]

LIMIT = 5.0  # seconds of a call, of the processor where the system tells them
PATIENCE = 12  # of the clock's seconds, in limits: a call may also wait for ever
MEMORY = 4 * 2**30  # bytes that a process may ask for, beyond what it has when it starts


class Ended(NamedTuple):
    case: int
    name: str  # of the call
    given: str  # what was odd
    outcome: Outcome


def walk(
    run: Callable[[int], Ended], label: Callable[[int], tuple[str, str]], cases: range,
    n_processes: int = 2, limit: float = LIMIT,
) -> Iterator[Ended]:  # fmt: skip
    """What each case came to, in no order. run makes a case's call; label names it unmade."""
    waiting = iter(cases)
    context = multiprocessing.get_context("fork")
    workers: dict[Connection, tuple[Any, int, float, float | None]] = {}

    def start():
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(run, theirs), daemon=True)
        process.start()
        theirs.close()
        hand_over(ours, process)

    def hand_over(ours, process):
        case = next(waiting, None)
        if case is None:
            with suppress(OSError):
                ours.send(None)
            process.join(1)
            process.kill()
            workers.pop(ours, None)
            return
        ours.send(case)
        workers[ours] = process, case, time.monotonic(), _used(process.pid)

    def lost(ours, kind, said):
        process, case, *_ = workers.pop(ours)
        process.kill()
        process.join()
        start()
        return Ended(case, *label(case), Outcome(kind, said))

    for _ in range(n_processes):
        start()
    while workers:
        for ours in wait(list(workers), timeout=0.2):
            try:
                ended = ours.recv()
            except EOFError:
                yield lost(ours, "died", "the process ended")
                continue
            process = workers[ours][0]
            hand_over(ours, process)
            yield ended
        for ours, (process, _, since, used) in list(workers.items()):
            waited = time.monotonic() - since
            if waited > limit and used is not None and waited < PATIENCE * limit:
                waited = (_used(process.pid) or 0) - used
            if waited > limit and not ours.poll():
                yield lost(ours, "hang", f"no end after {limit:g} s")


def _used(pid: int) -> float | None:
    """Seconds of the processor that a process has used; None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            user, system = file.read().rpartition(")")[2].split()[11:13]
    except OSError:
        return None
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _work(run, pipe: Connection) -> None:
    _hold_memory()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    while (case := pipe.recv()) is not None:
        pipe.send(run(case))
    os._exit(0)


def _hold_memory() -> None:
    """Set the limit, on systems that have one."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        with open("/proc/self/statm") as file:
            has = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY, has + MEMORY))
