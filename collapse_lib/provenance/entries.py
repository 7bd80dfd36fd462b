"""What a record of a ledger must say, so that whoever reads it finds what it names."""

from collections.abc import Callable, Mapping

from collapse_lib.arguments import check_count, check_type
from collapse_lib.provenance.printable import printable

__all__ = ["NAMED", "check_entry"]

NAMED = ("source", "dataset", "model", "run")
DRAWN_FROM = ("source", "dataset", "model")


def check_entry(kind: str, content: Mapping, kind_of: Callable[[str], str | None]) -> None:
    """Let pass a record that names itself anew and descends from what stands before it alone.

    kind_of: the kind of a name that was given already, or None. Kinds other than the NAMED are
    free. Raises ValueError or TypeError.
    """
    if kind not in NAMED:
        return
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError(f"a {kind} needs a name that is not empty; got {printable(name)}.")
    if kind_of(name):
        raise ValueError(
            f"a {kind_of(name)} is called {printable(name)} already; a name is given once."
        )
    whose = f"{kind} {printable(name)}"
    check_type(f"{whose}: about", content.get("about", {}), Mapping)
    if kind == "run":
        check_type(f"{whose}: settings", content.get("settings", {}), Mapping)
    elif kind == "model":
        _check_known(f"{whose}: trained_on", content.get("trained_on"), kind_of, ("dataset",))
    elif kind == "dataset":
        n_rows = check_count(f"{whose}: rows", content.get("rows"), least=1)
        check_type(f"{whose}: root", content.get("root"), str)
        n_parts = 0
        for part in check_type(f"{whose}: parts", content.get("parts"), list):
            parent = check_type(f"{whose}: part", part, Mapping).get("from")
            _check_known(f"{whose}: parts", parent, kind_of, DRAWN_FROM)
            n_parts += check_count(
                f"{whose}: rows of {printable(parent)}", part.get("rows"), least=1
            )
        check_count(f"{whose}: rows of all parts", n_parts, least=n_rows, most=n_rows)


def _check_known(whose: str, name, kind_of: Callable, kinds: tuple) -> None:
    if not isinstance(name, str) or kind_of(name) not in kinds:
        raise ValueError(
            f"{whose} must name a {' or '.join(kinds)} that was entered before; "
            f"got {printable(name)}."
        )
