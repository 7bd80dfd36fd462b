"""The cache of executed chapters lies in any folder; one that cannot be read goes."""

import os
from types import SimpleNamespace

import book_cache
import nbformat
import pytest
from book_cache import drop_damaged, fault
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache import db

NAMES = ["plain", "a%20b", "a?b=c", "a#b", "50%", "%s {x}", "a b:c@d", "\u00e4'"]


@pytest.fixture(autouse=True)
def patched(monkeypatch):
    monkeypatch.setattr(db, "create_engine", book_cache.create_engine)


def filled(folder):
    """A cache with one executed notebook."""
    cell = nbformat.v4.new_code_cell("1 + 1", id="a", execution_count=1)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    cache = get_cache(folder)
    cache.cache_notebook_bundle(CacheBundleIn(notebook, "one.ipynb"), overwrite=True)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", NAMES)
def test_a_cache_in_any_folder_is_found_again(tmp_path, name):
    folder = filled(tmp_path / name / ".jupyter_cache")
    assert (folder / "global.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert fault(folder) == ""
    assert len(get_cache(folder).list_cache_records()) == 1


def overwritten(folder):
    (folder / "global.db").write_bytes(b"no database" * 1000)


def cut_off(folder):
    path = folder / "global.db"
    path.write_bytes(path.read_bytes()[:3000])


def emptied(folder):
    (folder / "global.db").write_bytes(b"")


def replaced_by_a_folder(folder):
    (folder / "global.db").unlink()
    (folder / "global.db").mkdir()


def notebook_cut_off(folder):
    (path,) = folder.rglob("base.ipynb")
    path.write_text(path.read_text()[:100])


def notebook_gone(folder):
    (path,) = folder.rglob("base.ipynb")
    path.unlink()


def notebook_of_another_kind(folder):
    (path,) = folder.rglob("base.ipynb")
    path.write_text("[]")


DAMAGE = [
    overwritten,
    cut_off,
    emptied,
    replaced_by_a_folder,
    notebook_cut_off,
    notebook_gone,
    notebook_of_another_kind,
]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_cache_goes_and_a_sound_one_stays(tmp_path, damage, caplog):
    app = SimpleNamespace(outdir=str(tmp_path / "html"))
    folder = tmp_path / ".jupyter_cache"
    drop_damaged(app)
    assert not folder.exists()
    filled(folder)
    drop_damaged(app)
    assert fault(folder) == "" and folder.exists()
    damage(folder)
    assert fault(folder)
    drop_damaged(app)
    assert not folder.exists()


def test_a_file_in_its_place_goes(tmp_path):
    (tmp_path / ".jupyter_cache").write_text("")
    drop_damaged(SimpleNamespace(outdir=str(tmp_path / "html")))
    assert list(tmp_path.iterdir()) == []
