"""What a report says in words."""

__all__ = ["cause_sentence", "first_sentence", "label_of", "labels_of", "notes", "summary"]

MEDICINE = {
    "chance": "Chance took it: what counts against chance is the number of real rows.",
    "bias": "Bias took it: what counts against bias is the share of real rows.",
    "both": "Chance and bias took it: both the number and the share of real rows count.",
    "none": "Nothing is lost that chance alone would not take away from real rows.",
}
LISTED = 20


def label_of(finding) -> str:
    """A measure and its column, such as "height, spread"."""
    measure = finding.measure
    if measure.column is None:
        return f"all columns, {measure.name}"
    if measure.name in ("category", "group"):
        return measure.column
    if measure.name == "spread in a direction":
        return f"{measure.column}, spread"
    return f"{measure.column}, {measure.name}"


def labels_of(report, findings) -> list[str]:
    """Labels of findings, with the batch where there are several; equal ones are numbered."""
    batch_of = {id(f): batch.label for batch in report.batches for f in batch.findings}
    several = len(report.batches) > 1
    labels = [f"{batch_of[id(f)]}: {label_of(f)}" if several else label_of(f) for f in findings]
    return [
        label if labels.index(label) == k else f"{label} ({labels[:k].count(label) + 1})"
        for k, label in enumerate(labels)
    ]


def first_sentence(report) -> str:
    """Chance or bias, in one sentence."""
    cause = report.cause
    if report.given[0] is None:
        beside = " The measures hold each batch against the oldest one." * bool(report.batches)
        return f"Without real rows, what is lost of them cannot be told.{beside}"
    if cause.kind in MEDICINE:
        return MEDICINE[cause.kind]
    if report.verdict == "cannot tell":
        return "There are too few rows to see even a loss of a half, so nothing can be told."
    return (
        "Something is lost that honest sampling of the real rows would keep. From one batch it "
        "cannot be told whether a model of few rows (chance) or a bias took it; give a second one."
    )


def cause_sentence(report) -> str:
    """The three estimates, as far as there are any."""
    cause, parts = report.cause, []
    for name, found, honest in (
        (f"temperature ({cause.column})", cause.temperature, 1.0),
        ("variance factor", cause.variance_factor, 1.0),
    ):
        if found:
            low, high = found[1:]
            verdict = (
                "honest sampling fits" if low <= honest <= high else "honest sampling does not"
            )
            parts.append(f"{name} {found[0]:.3g} (95 %: {low:.3g} to {high:.3g}): {verdict}")
    if cause.effective_rows:
        rows, low, high = cause.effective_rows
        parts.append(
            f"each generation behaves as if drawn with {rows:,.0f} rows ({low:,.0f} to {high:,.0f})"
        )
    return "; ".join(parts).capitalize() + "." if parts else ""


def notes(report) -> list[str]:
    """How the tables were read, which columns are left out, what could not be seen."""
    lines = []
    for one in report.given:
        if one is None:
            continue
        lines += [f"{one.label}: {note}." for note in one.notes]
        if len(one.table) < one.n_rows:
            lines.append(
                f"{one.label}: {len(one.table):,} of {one.n_rows:,} rows were measured, drawn at "
                "random."
            )
    for batch in report.batches:
        for name, why in batch.left_out.items():
            line = f"Left out: {name} ({why})."
            if line not in lines:
                lines.append(line)
    blind = sum(f.smallest_visible_loss is None for f in report.findings)
    if blind:
        lines.append(
            f"{blind} of {len(report.findings)} measures could not have shown even a loss of all."
        )
    return lines


def summary(report) -> str:
    """The report as plain text for a terminal."""
    lines = [f"Verdict: {report.verdict}. {first_sentence(report)}"]
    if cause_sentence(report):
        lines.append(cause_sentence(report))
    found = report.lost
    if found:
        lines.append(f"Lost (of {len(report.findings)} measures; 1 = as in the real rows):")
    elif report.findings:
        sharpest = [f for f in report.findings if f.smallest_visible_loss is not None]
        found = sorted(sharpest, key=lambda f: f.smallest_visible_loss)
        lines.append(f"The sharpest of {len(report.findings)} measures (1 = as in the real rows):")
    if found:
        found, n_more = found[:LISTED], len(found[LISTED:])
        labels = labels_of(report, found)
        widest = max(map(len, labels))
        head = ("kept", "95 % interval", "if nothing were lost", "visible loss")
        lines.append(f"  {'':{widest}}  {head[0]:>6}  {head[1]:>15}  {head[2]:>20}  {head[3]:>12}")
        for label, each in zip(labels, found, strict=True):
            visible = each.smallest_visible_loss
            lines.append(
                f"  {label:{widest}}  {each.value:6.3f}  "
                f"{f'{each.low:.3f} to {each.high:.3f}':>15}  "
                f"{f'{each.null_low:.3f} to {each.null_high:.3f}':>20}  "
                f"{'none' if visible is None else f'{visible:.1%}':>12}"
            )
        lines += [f"  and {n_more} more"] * bool(n_more)
    lines += notes(report)
    lines.append(
        f"False-alarm rate of all measures together: {report.level:.0%}. Seed {report.seed}."
    )
    return "\n".join(lines)
