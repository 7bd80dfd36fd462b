"""Execute the chapters in place and store only what nbval compares: text and streams.

Figures stay out of the repository: the build draws them afresh. What is written depends on
nothing but the code, so a second run leaves every file as it was.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import reads_json

from collapse_lib.chapters.citations import as_links, labels
from tools.environment import CELL_TIMEOUT, ROOT, environment

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
BIBLIOGRAPHY = ROOT / "references.bib"
KEPT_CELL_METADATA = ("mystnb", "tags")


def stored_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return `outputs` as they are stored: streams joined, displays as text, no tracebacks."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
            else:
                kept.append(NotebookNode(output))
        elif output.output_type == "error":
            kept.append(NotebookNode(output, traceback=[]))  # it names files of this machine
        elif "text/plain" in output.data:
            text = NotebookNode({"text/plain": output.data["text/plain"]})
            kept.append(NotebookNode(output, data=text, metadata=NotebookNode()))
    return kept


def name_cells(notebook: NotebookNode) -> None:
    """Give each cell without an id one that follows from its text."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    taken = {cell.get("id") for cell in notebook.cells}
    for cell in notebook.cells:
        if cell.get("id"):
            continue
        base = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        count, name = 1, base
        while name in taken:
            count, name = count + 1, f"{base}-{count}"
        cell.id = name
        taken.add(name)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Drop from `notebook`, in place, what depends on the run, the machine or the editor."""
    name_cells(notebook)
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info=LANGUAGE)
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata}
        if "hide-input" in kept.get("tags", ()):
            kept["jupyter"] = {"source_hidden": True}  # JupyterLab folds these; the page, all
        cell.metadata = NotebookNode(kept)
        if cell.cell_type == "markdown":
            cell.source = as_links(cell.source, labels(BIBLIOGRAPHY))
        if cell.cell_type == "code":
            cell.outputs = stored_outputs(cell.outputs)
    return notebook


def execute(path: Path) -> str:
    """Run the notebook at `path` on this Python; return the text to store."""
    notebook = normalise(reads_json(path.read_text(encoding="utf-8")))
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env=environment())
    return nbformat.writes(normalise(notebook)) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` so that no half-written file is ever seen there."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, suffix=".part", delete=False
    ) as part:
        part.write(text)
    shutil.copymode(path, part.name)
    os.replace(part.name, path)


def write_citations(folder: Path = ROOT / "chapters") -> int:
    """Put links in place of the roles {cite} in the notebooks of a folder; nothing is executed."""
    for path in sorted(folder.glob("*.ipynb")):
        before = path.read_text(encoding="utf-8")
        after = nbformat.writes(normalise(reads_json(before))) + "\n"
        if after != before:
            write_whole(path, after)
            print(f"{path.name}: written")
    return 0


def refresh(names: list[str], folder: Path = ROOT / "chapters") -> int:
    """Execute the chapters called `names` (all, if none is named) and store their text outputs."""
    paths = [folder / f"{Path(name).stem}.ipynb" for name in names] or sorted(
        folder.glob("*.ipynb")
    )
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        print(f"No such chapter: {', '.join(missing)}.")
        return 1
    os.environ.update(environment())  # the kernel is looked up under these
    for path in paths:
        before = path.read_text(encoding="utf-8")
        after = execute(path)
        if after != before:
            write_whole(path, after)
        print(f"{path.name}: {'written' if after != before else 'as it was'}")
    return 0
