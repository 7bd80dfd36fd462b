"""What chapters run under: nothing of the user's own."""

import subprocess
import sys

import pytest

from tools.environment import environment

CELL = (
    "import numpy, matplotlib, os\n"
    "print(numpy.float64(1) / 3, matplotlib.rcParams['lines.linewidth'], 'X' in globals())"
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user with a start-up file and settings of all kinds."""
    startup = tmp_path / "startup.py"
    startup.write_text("import numpy\nnumpy.set_printoptions(precision=2)\nX = 1\nprint('hello')\n")
    for folder, name, text in (
        (".config/matplotlib", "matplotlibrc", "lines.linewidth: 9\n"),
        (".ipython/profile_default/startup", "00.py", "X = 1\nprint('hello')\n"),
        (".jupyter", "jupyter_nbconvert_config.py", "raise SystemExit('mine')\n"),
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / ".config/matplotlib"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    return tmp_path


def printed(env):
    code = (
        "import nbformat, sys\n"
        "from nbclient import NotebookClient\n"
        f"notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell({CELL!r})])\n"
        "NotebookClient(notebook, kernel_name='python3').execute()\n"
        "print(''.join(out.text for out in notebook.cells[0].outputs if out.name == 'stdout'))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    ).stdout.strip()


def test_chapters_see_nothing_of_the_users_own(home, tmp_path):
    assert printed(environment(tmp_path / "project")) == "0.3333333333333333 1.5 False"


def test_without_it_they_would(home):
    import os

    assert printed(dict(os.environ)).split()[-2:] == ["9.0", "True"]
