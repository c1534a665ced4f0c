"""Every dependency of pyproject.toml has an exact version, for each Python that the project supports."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _name(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower()


def test_every_dependency_is_pinned_exactly():
    project = PROJECT["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
        *(line for group in PROJECT["dependency-groups"].values() for line in group),
    ]
    pins = PROJECT["tool"]["uv"]["constraint-dependencies"]
    assert not {_name(line) for line in wanted} - {_name(pin) for pin in pins}, "run `make pins`"
    assert all(re.fullmatch(r"[a-z0-9._-]+==[^ ;]+( ; .+)?", pin) for pin in pins)
