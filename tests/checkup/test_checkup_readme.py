"""The example of the README runs and shows what the README says."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_example_shows_what_the_readme_says(capsys):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "checkup" in block]
    assert len([line for line in example.splitlines() if line]) == 5
    names = {}
    exec(example, names)
    out = capsys.readouterr().out
    assert out.startswith("Verdict: lost. Bias took it")
    factor = float(re.search(r"ariance factor ([\d.]+)", out)[1])
    assert 0.4 < factor < 0.6
