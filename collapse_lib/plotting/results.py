"""From a result to what a figure draws: a tidy frame, its medians or means, its words."""

import re
from collections.abc import Hashable, Mapping

import numpy as np

from collapse_lib.arguments import (
    check_choice,
    check_columns,
    check_count,
    check_number,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.fields import numbers

RUNS = ("replicate", "seed")  # columns that tell runs apart


def is_result(given):
    """Whether something is a run, a frame or a stored experiment, and no list of marks."""
    return any(hasattr(given, name) for name in ("columns", "to_frame", "to_dataframe"))


def frames_of(owner, result, measures, *columns):
    """measure -> a tidy pandas.DataFrame with that column and all the others.

    result: such a frame; a run, an exact chain or anything else with `to_frame()`; an
        xarray.Dataset or named DataArray, as `load` gives it, of which each measure is read apart,
        so that arrays of unlike axes are not spread over one another.
    One run without a column that tells runs apart gets `replicate` 0. Raises ValueError for a
    column that is missing, or no rows.
    """
    for name in (*measures, *columns):
        check_type(f"{owner}: name of a column", name, Hashable)
    if not hasattr(result, "to_dataframe"):
        frame = result if hasattr(result, "columns") else result.to_frame()
        if frame is not result and "replicate" not in frame:
            frame = frame.assign(replicate=0)
        frames = dict.fromkeys(measures, frame)
    elif hasattr(result, "data_vars"):
        held = [[n for n in (measure, *columns) if n in result.data_vars] for measure in measures]
        read = [result[names].to_dataframe().reset_index() for names in held]
        frames = dict(zip(measures, read, strict=True))
    else:
        remedy = "Give it one: array.rename('variance')."
        check_type(f"{owner}: name of the DataArray", result.name, str, remedy)
        frames = dict.fromkeys(measures, result.to_dataframe().reset_index())
    for measure, frame in frames.items():
        check_columns(f"{owner}: frame", frame, *columns, measure)
        check_count(f"{owner}: number of rows", len(frame), least=1)
    return frames


def runs_of(frame, runs=None):
    """The column whose values are runs: the given one, else `replicate`, else `seed`."""
    known = [name for name in RUNS if name in frame.columns]
    return runs or (known[0] if known else "replicate")


def lines_of(owner, frames, by):
    """label -> (rows, column of the measure): a line for each value of the column `by`, or for each
    of the frames."""
    if by is None:
        names = [str(m) if len(frames) == 1 else str(m).replace("_", " ") for m in frames]
        pairs = [(frame, measure) for measure, frame in frames.items()]
        return dict(zip(names, pairs, strict=True))
    check_count(f"{owner}: columns of the measure where `by` is given", len(frames), most=1)
    ((measure, frame),) = frames.items()
    return {label: (part, measure) for label, part in parts_of(frame, by).items()}


def parts_of(frame, by):
    """label -> rows, for each value of a column in the order of the frame."""
    groups = frame.groupby(by, sort=False, observed=True, dropna=False)
    parts = {labelled(by, value): part for value, part in groups}
    if len(parts) < len(groups):
        raise ValueError(f"{by}: two of its values have one label; name them by texts of your own.")
    return parts


def labelled(column, value):
    """A value as a label: a text is one already, a number is told with its column."""
    name = str(column).replace("_", " ")
    return value if isinstance(value, str) else f"{name} {value:g}" if _plain(value) else str(value)


def over_runs(owner, frame, x, y, *, runs=None, level=0.8, mean=False, sort=True):
    """(places, middle, lower, upper) over the runs at each value of the column x.

    The middle is the median and the band holds the share `level` of the runs; with mean, it is the
    mean with two standard errors either way. One run has no band: None. Places come in their order,
    or without `sort` in that of the frame.

    Raises ValueError for a column that is missing, no rows, a level outside (0, 1), or a run with
    two rows at one x.
    """
    runs = runs_of(frame, runs)
    check_columns(f"{owner}: frame", frame, x, y, runs)
    check_number(f"{owner}: level", level, above=0, below=1)
    check_count(f"{owner}: number of rows without {x}", int(frame[x].isna().sum()), most=0)
    values = numbers(f"{owner}: {y}", frame[y])
    if frame.duplicated([x, runs]).any():
        raise ValueError(
            f"{owner}: each {runs} must have one row at each {x}; got several. "
            "Choose the rows of one setting, or tell the settings apart with `by`."
        )
    groups = frame.groupby(x, sort=sort, observed=True).indices
    places = sorted(groups) if sort else list(dict.fromkeys(frame[x]))
    rows = [values[groups[place]] for place in places]
    if mean:
        middle = np.array([row.mean() for row in rows])
        error = [row.std(ddof=1) / np.sqrt(len(row)) if len(row) > 1 else 0.0 for row in rows]
        lower, upper = middle - 2 * np.array(error), middle + 2 * np.array(error)
    else:
        lower, middle, upper = np.reshape([central(row, level) for row in rows], (-1, 3)).T
    if frame[runs].nunique() < 2:
        lower = upper = None
    return places, middle, lower, upper


def central(values, level):
    """(lower, median, upper) over the first axis: the quantiles between which the share `level` of
    the runs lies, as many beyond either."""
    return np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)


def band_in_words(parts, runs=None, *, level=0.8, mean=False):
    """What a caption says of lines and their bands; parts: the rows of each line."""
    counts = sorted({part[runs_of(part, runs)].nunique() for part in parts})
    least, most = counts[0], counts[-1]
    if most < 2:
        return "One run."
    n = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    if mean:
        return f"Mean of {n} runs, and two standard errors either way."
    return f"Median and central {level:.0%} of {n} runs.".replace("%", " %")


def roles_of(owner, labels, roles):
    """label -> Role: those given, or one for each label from the palette.

    Raises ValueError for more labels than colours, or a label without a role.
    """
    if roles is None:
        chosen = [palette.SYNTHETIC] if len(labels) == 1 else palette.CATEGORICAL
        if len(labels) > len(chosen):
            raise ValueError(
                f"{owner}: by must give at most {len(chosen)} lines; got {len(labels)}."
            )
        roles = dict(zip(labels, chosen, strict=False))
    check_type(f"{owner}.roles", roles, Mapping, "It maps a label to a Role.")
    for label in labels:
        check_choice(f"{owner}: label of a role", label, roles)
    return roles


def slug(title):
    """A title as a name: lower-case words joined by dashes, the first of them with a letter."""
    name = "-".join(re.findall(r"[a-z0-9]+", str(title).lower()))
    return name if name[:1].isalpha() else f"figure-{name}".rstrip("-")


def course(label, x, y, places, values):
    """A sentence that says where a curve begins and ends, and where it is highest between."""
    shown = [(p, v) for p, v in zip(places, values, strict=True) if np.isfinite(v)]
    if not shown:
        return f"{label}: nothing to be drawn."
    (first, begins), (last, ends) = shown[0], shown[-1]
    what = f"{label}:" if label == y else f"{label}: {y}"
    where = f"{x} {first:g}" if " " not in x else f"{first:g} ({x})"
    said = f"{what} {begins:.3g} at {where}"
    top = max(shown, key=lambda pair: pair[1])
    values = [value for _, value in shown]
    stands_out = top[1] - max(begins, ends) > 0.2 * (max(values) - min(values))
    if stands_out and len(shown) > 2:
        said += f", {top[1]:.3g} at {top[0]:g}"
    return f"{said}, {ends:.3g} at {last:g}." if len(shown) > 1 else f"{said}."


def _plain(value):
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
