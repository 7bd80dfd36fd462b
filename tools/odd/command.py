"""The command: make the cases, print a table of how they ended, and fail where any is a fault."""

import argparse
import inspect
import os
from collections import Counter, defaultdict
from contextlib import suppress
from importlib import import_module

import numpy as np

from tools.odd.calls import HELD, Call, calls_of, every_call
from tools.odd.extremes import extreme, fault_of
from tools.odd.judge import FAULTS, KINDS, judged, numbers_in
from tools.odd.oddities import oddity
from tools.odd.walk import Ended, walk

__all__ = ["Cases", "main"]

ODD, VALID = 25_000, 40_000  # cases

# What a call may say with NaN or infinity, as its docstring tells.
NAN_IS_SAID = {
    "Dataset", "metrics.log_likelihood", "verdicts.first_below", "verdicts.first_noticed",
    "verdicts.two_stages", "verdicts.definitions.diverging_risk",
    "verdicts.definitions.entangled_modes", "verdicts.definitions.scaling_change",
    "verdicts.profile",
    "verdicts.gaussian_measures", "loop.Generation", "loop.Trajectory",
}  # fmt: skip


class Cases:
    """Numbered cases of some calls: number -> the call, its arguments, and what is odd in them."""

    def __init__(self, calls: list[Call], seed: int, valid: bool):
        self.calls, self.seed, self.valid = calls, seed, valid

    def made(self, case: int):
        call = self.calls[case % len(self.calls)]
        rng = np.random.default_rng([self.seed, case])
        arguments = call.base()
        names = [name for name in (*call.required, *call.optional) if name not in HELD]
        if self.valid:
            return call, *self._extreme(call, arguments, names, rng)
        said = []
        for name in rng.permutation(names)[: 1 + (rng.random() < 0.3)]:
            text, arguments[name] = oddity(rng, arguments.get(name))
            said.append(f"{name}: {text}")
        return call, arguments, ", ".join(said)

    def _extreme(self, call, arguments, names, rng):
        said = []
        for name in names:
            text, value = extreme(rng, call.name, name, arguments)
            if text and (name in call.required or rng.random() < 0.5):
                arguments[name] = value
                said.append(f"{name}: {text}")
        return arguments, ", ".join(said)

    def run(self, case: int) -> Ended:
        call, arguments, given = self.made(case)
        check = self.range_of if self.valid else self.nan_of
        outcome = judged(call, arguments, lambda result: check(call, result))
        return Ended(case, call.name, given, outcome)

    def label(self, case: int) -> tuple[str, str]:
        call, _, given = self.made(case)
        return call.name, given

    def nan_of(self, call, result):
        if inspect.isclass(call.function):  # made, and not used: it holds what it was given
            return None
        if call.name not in NAN_IS_SAID and any(np.isnan(a).any() for a in numbers_in(result)):
            return "not finite: NaN in what it returns"
        return None

    def range_of(self, call, result):
        return self.nan_of(call, result) or fault_of(call, result)


def main(arguments: list[str]) -> int:
    """Return 1 if any call ended in a fault."""
    parser = argparse.ArgumentParser(prog="python -m tools odd", description=__doc__)
    parser.add_argument("--valid", action="store_true", help="ends of what is allowed instead")
    parser.add_argument("--cases", type=int, help=f"{ODD} odd or {VALID} valid ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="calls whose names begin so")
    parser.add_argument("--also", default="", help="a module whose functions are called too")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=5.0, help="seconds of a call")
    given = parser.parse_args(arguments)
    calls = every_call()
    if given.also:
        calls += calls_of(import_module(given.also), f"{given.also}.")
    calls = [call for call in calls if call.name.startswith(given.only)]
    cases = Cases(calls, given.seed, given.valid)
    for call in calls:  # what is imported late is imported once, before the processes start
        call.base()
    n = given.cases or (VALID if given.valid else ODD)
    ended: list[Ended] = []
    with suppress(KeyboardInterrupt):  # then of what is done
        ended.extend(walk(cases.run, cases.label, range(n), given.processes, given.limit))
    return report(ended, f"python -m tools odd{' --valid' * given.valid} --seed {given.seed}")


def report(ended: list[Ended], command: str) -> int:
    """Print a line for each call and each place of a fault; return 1 if there is any."""
    tables = defaultdict(Counter)
    for each in ended:
        tables[each.name][each.outcome.kind] += 1
    width = max(map(len, tables))
    print(f"{'':{width}}" + "".join(f"{kind:>13}" for kind in KINDS))
    for name in sorted(tables):
        print(f"{name:{width}}" + "".join(f"{tables[name][kind] or '-':>13}" for kind in KINDS))
    total = sum(tables.values(), Counter())
    print(f"{'all':{width}}" + "".join(f"{total[kind] or '-':>13}" for kind in KINDS))
    places = defaultdict(list)
    for each in sorted(ended):
        if each.outcome.kind in FAULTS:
            where = each.outcome.where or each.name
            places[each.outcome.kind, where].append(each)
    for (kind, where), found in sorted(places.items(), key=lambda item: -len(item[1])):
        first = found[0]
        print(f"\n{len(found)} {kind} at {where}: {first.outcome.said[:160]}")
        for each in found[:3]:
            print(f"    case {each.case}: {each.name}({each.given})")
    print(f"\n{len(ended)} calls by `{command}`: {sum(total[kind] for kind in FAULTS)} faults.")
    return int(any(total[kind] for kind in FAULTS))
