"""Tables: the numbers behind a figure, and a result that is a table itself."""

import csv
import io
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

import numpy as np

from collapse_lib.arguments import check_choice, check_type, got
from collapse_lib.plotting.drawing.text import MINUS, clean
from collapse_lib.plotting.results import slug
from collapse_lib.plotting.style import figure_style

FIVE_DIGITS = 10_000  # whole numbers from here on have commas: a year has none


@dataclass(frozen=True, eq=False)
class BookTable:
    """A table that reads well on the static page, on a phone, in JupyterLab and in print.

    name: its element's id is "table-<name>". caption: above it. heads: one or more rows of m texts;
    equal neighbours in all but the last stand as one. rows: texts, m each. n_labels: how many
    columns on the left name the row. The plain text is its rows, with commas.
    """

    name: str
    caption: str
    heads: tuple
    rows: tuple = field(repr=False)
    n_labels: int = 0

    def csv(self):
        """The table as CSV text, with plain minus signs."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*self.heads, *self.rows])
        return text.getvalue().replace(MINUS, "-")

    def html(self):
        """The table as HTML: a caption, header cells with their scope, and a link to the CSV."""
        head = "".join(f"<tr>{_head_row(row, row is self.heads[-1])}</tr>" for row in self.heads)
        rows = "".join(
            "<tr>"
            + "".join(
                f'<th scope="row">{escape(text)}</th>' if k < self.n_labels
                else f"<td>{escape(text)}</td>"
                for k, text in enumerate(row)
            )
            + "</tr>"
            for row in self.rows
        )  # fmt: skip
        caption, address = escape(self.caption), quote(self.csv())
        return (
            f'<figure class="cl-figure cl-result" id="table-{self.name}">'
            f"<style>{figure_style()}</style>"
            f'<div class="cl-table" tabindex="0" role="region" aria-label="Table: {caption}">'
            f"<table><caption><span>{caption}</span></caption><thead>{head}</thead>"
            f"<tbody>{rows}</tbody></table></div>"
            f'<a class="cl-csv" download="{self.name}.csv" '
            f'href="data:text/csv;charset=utf-8,{address}">Table as CSV</a></figure>'
        )

    def __repr__(self):
        lines = [*self.heads, *self.rows]
        return "\n".join([f"Table: {self.caption}", *(", ".join(line) for line in lines)])

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": repr(self)}


def table(frame, *, caption, formats="{:.3g}", name=None):
    """Return a BookTable of a pandas.DataFrame or Series.

    frame: its index names the rows, unless it is a plain count; several levels are several columns,
        and levels of columns are joined by commas.
    formats: how numbers are written, such as "{:.2f}"; or column -> format, the rest at three
        digits. Numbers that are whole stand whole; NaN is an empty cell.

    Raises TypeError for what is no frame, ValueError for a format of a column that is not there, or
    no row.
    """
    import pandas as pd

    if hasattr(frame, "to_dataframe"):
        frame = frame.to_dataframe()
    check_type("table: frame", frame, (pd.DataFrame, pd.Series))
    frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
    if not len(frame):
        raise ValueError("table: frame must have at least one row; got none.")
    tops = [each if isinstance(each, tuple) else (each,) for each in frame.columns]
    heads = [", ".join(map(_text, each)) for each in tops]  # what formats call the columns
    check_type("table.formats", formats, (str, dict))
    chosen = formats if isinstance(formats, dict) else dict.fromkeys(heads, formats)
    for column in chosen:
        check_choice("table: column of formats", column, heads)
    for form in chosen.values():
        _check_format(form)
    frame = frame.astype(object).where(frame.notna(), None)  # NaN, NaT and NA alike
    cells = [
        [_written(value, chosen.get(head, "{:.3g}")) for value in frame.iloc[:, k].tolist()]
        for k, head in enumerate(heads)
    ]
    labels = []
    if frame.index.name is not None or not frame.index.equals(pd.RangeIndex(len(frame))):
        labels = [_text(level or "") for level in frame.index.names]
        index = [each if isinstance(each, tuple) else (each,) for each in frame.index]
        levels = zip(*index, strict=True)
        levels = [[None if pd.isna(each) else each for each in level] for level in levels]
        cells = [[_written(each, "{:g}") for each in level] for level in levels] + cells
    above = [[""] * len(labels) for _ in frame.columns.names[:-1]]
    for row, level in zip(above, frame.columns.names, strict=False):
        row[-1:] = [_text(level or "")] if row else []
    tops = [tuple(lead) + top for lead, top in zip([*above, labels], _columns(tops), strict=True)]
    caption, rows = clean(caption), tuple(zip(*cells, strict=True))
    return BookTable(
        slug(caption) if name is None else name, caption, tuple(tops), rows, len(labels)
    )


def _check_format(form):
    try:
        fits = isinstance(form, str) and isinstance(form.format(1.5), str)
    except (ValueError, LookupError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise ValueError(f"table.formats must write one number, such as '{{:.2f}}'; {got(form)}.")


def _columns(tops):
    """The levels of the columns, as rows of texts."""
    return [tuple(map(_text, level)) for level in zip(*tops, strict=True)]


def _head_row(texts, last):
    """Header cells; in all rows but the last, equal neighbours as one cell."""
    cells, k = "", 0
    while k < len(texts):
        n = 1
        while not last and texts[k] and k + n < len(texts) and texts[k + n] == texts[k]:
            n += 1
        wide = f' colspan="{n}" scope="colgroup"' if n > 1 else ' scope="col"'
        cells += f"<th{wide}>{escape(texts[k])}</th>" if texts[k] else "<td></td>"
        k += n
    return cells


def _text(name):
    return _written(name, "{:g}").replace("_", " ")


def _written(value, form):
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return clean(value)
    if isinstance(value, int):
        return (f"{value:,}" if abs(value) >= FIVE_DIGITS else str(value)).replace("-", MINUS)
    return form.format(value + 0.0).replace("-", MINUS)


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
