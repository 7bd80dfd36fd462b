"""The numbers behind a figure, as an HTML table that scrolls."""

from html import escape

import numpy as np


def html_table(table, title):
    """Return the columns of a figure as HTML: numbers at 4 significant digits, text escaped.

    table: column name -> array (n,); shorter columns end in empty cells. Closing tags that HTML
    does not need are left out.
    """
    columns = [_cells(np.asarray(values)) for values in table.values()]
    height = max(map(len, columns), default=0)
    head = "".join(f"<th scope=col>{escape(str(name))}" for name in table)
    rows = "".join(
        "<tr>" + "".join(f"<td>{column[i] if i < len(column) else ''}" for column in columns)
        for i in range(height)
    )
    label = escape(f"Data table: {title}")
    return (
        "<details><summary>Data table</summary>"
        f'<div class="cl-table" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{head}</thead><tbody>{rows}</tbody></table></div></details>"
    )


def _cells(values):
    if values.dtype.kind in "iub":
        return [str(value) for value in values.tolist()]
    if values.dtype.kind != "f":
        return [escape(str(value)) for value in values.tolist()]
    finite = values[np.isfinite(values)]
    whole = bool((finite == np.round(finite)).all() and (np.abs(finite) < 1e15).all())
    return [_number(value, whole) for value in values.tolist()]


def _number(value, whole):
    if whole and np.isfinite(value):
        return str(int(value))
    return f"{value:.4g}"
