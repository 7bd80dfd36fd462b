"""Write constraints.txt: the version of every installed package that requirements.txt leads to."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tools.environment import ROOT

HEADER = """\
# Every package that requirements.txt leads to, at the version it was tested with.
# `python -m tools lock` writes this file. What your system does not need is not installed.
"""
# They belong to one build of torch; which build it is depends on the machine.
LEFT_OUT = re.compile(r"triton|(nvidia|cuda)-.*")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: list[str]) -> dict[str, str]:
    """Return {package: version} for the installed `names` and all that they require."""
    found: dict[str, str] = {}
    waiting = [(canonical(name), frozenset()) for name in names]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or LEFT_OUT.fullmatch(name):
            continue
        seen.add((name, extras))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # only another system needs it
        found[name] = package.version
        for line in package.requires or []:
            needed = Requirement(line)
            wanted = [{"extra": extra} for extra in extras or {""}]
            if needed.marker is None or any(needed.marker.evaluate(w) for w in wanted):
                waiting.append((canonical(needed.name), frozenset(needed.extras)))
    return found


def write_constraints() -> int:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    direct = [line.split("==")[0] for line in lines if "==" in line]
    pins = closure(direct)
    for name in map(canonical, direct):
        pins.pop(name, None)
    text = HEADER + "".join(f"{name}=={pins[name]}\n" for name in sorted(pins))
    (ROOT / "constraints.txt").write_text(text, encoding="utf-8")
    print(f"constraints.txt: {len(pins)} packages")
    return 0
