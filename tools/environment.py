"""Where things are, and the surroundings in which chapters run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USERS_OWN = {
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_PATH",
    "MATPLOTLIBRC",
    "MPLBACKEND",
    "PYTEST_ADDOPTS",
    "PYTHONINSPECT",
    "PYTHONOPTIMIZE",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
}
OWN_FOLDERS = {  # of settings, in _build
    "IPYTHONDIR": ".ipython",
    "JUPYTER_CONFIG_DIR": ".jupyter",
    "MPLCONFIGDIR": ".matplotlib",
}
CELL_TIMEOUT = 120  # seconds; _config.yml says the same


def environment(root: Path = ROOT, **more: str) -> dict[str, str]:
    """Return the environment variables under which the project's programs run.

    The chapters must run on the Python that runs this, whatever kernels, start-up files, settings
    or plotting backends the user has; and their warnings must not hide.
    """
    env = {name: value for name, value in os.environ.items() if name not in USERS_OWN}
    env |= {"JUPYTER_PREFER_ENV_PATH": "1", "PYTHONNOUSERSITE": "1"}
    for name, folder in OWN_FOLDERS.items():
        path = root / "_build" / folder
        path.mkdir(parents=True, exist_ok=True)
        env[name] = str(path)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), env.get("PYTHONPATH")]))
    env["PYTHONUTF8"] = "1"
    return env | more


def run(*arguments: str, root: Path = ROOT, **more: str) -> int:
    """Run this Python with `arguments` in `root`; return the exit status."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=root, env=environment(root, **more)).returncode
