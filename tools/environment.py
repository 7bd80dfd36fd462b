"""Where things are, and the surroundings in which chapters run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CELL_TIMEOUT = 120  # seconds; _config.yml says the same


def environment(root: Path = ROOT, **more: str) -> dict[str, str]:
    """Return the environment variables under which the project's programs run.

    The chapters must run on the Python that runs this, whatever kernels, start-up files or
    plotting backends the user has; and their warnings must not hide.
    """
    env = dict(os.environ)
    for name in ("JUPYTER_PATH", "MPLBACKEND", "PYTHONWARNINGS", "PYTEST_ADDOPTS"):
        env.pop(name, None)
    env["JUPYTER_PREFER_ENV_PATH"] = "1"
    profile = root / "_build" / ".ipython"
    profile.mkdir(parents=True, exist_ok=True)
    env["IPYTHONDIR"] = str(profile)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), env.get("PYTHONPATH")]))
    env["PYTHONUTF8"] = "1"
    return env | more


def run(*arguments: str, root: Path = ROOT, **more: str) -> int:
    """Run this Python with `arguments` in `root`; return the exit status."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=root, env=environment(root, **more)).returncode
