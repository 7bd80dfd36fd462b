"""Sphinx extension: the notebook cache is found in any folder, and a damaged one is dropped.

- jupyter-cache writes the path of its database into an address, where SQLAlchemy decodes `%20` and
  cuts at `?`: the path is handed over as a path.
- A cache that cannot be read whole (cut off, overwritten, half removed) ends a build with a
  traceback: it goes, and the chapters are executed anew.
"""

import shutil
from pathlib import Path

import sqlalchemy
from jupyter_cache import get_cache
from jupyter_cache.cache import db
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

SCHEME = "sqlite:///"


def create_engine(address: str) -> sqlalchemy.Engine:
    """Connect to the database of an address; each connection is closed after its use."""
    path = address.removeprefix(SCHEME)
    place = sqlalchemy.URL.create("sqlite", database=path)
    return sqlalchemy.create_engine(place, poolclass=sqlalchemy.NullPool)


def fault(folder: Path) -> str:
    """Say what is wrong with the cache in a folder; "" for one that is sound or not there."""
    if not folder.exists():
        return ""
    try:
        cache = get_cache(folder)
        for record in cache.list_cache_records():
            cache.get_cache_bundle(record.pk)
        cache.list_project_records()
    except Exception as error:  # whatever its libraries make of damaged files
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def drop_damaged(app: Sphinx) -> None:
    folder = Path(app.outdir).parent / ".jupyter_cache"
    wrong = fault(folder)
    if wrong:
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
        getLogger(__name__).info(
            f"The notebook cache was damaged ({wrong:.200}); every chapter is executed anew."
        )


def setup(app: Sphinx) -> dict:
    db.create_engine = create_engine
    app.connect("builder-inited", drop_damaged, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
