"""Where cypher/ and web/ and the package's data are: in the wheel first, then in the source tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `cypher` or `web`; raises FileNotFoundError where an installation lacks it."""
    for candidate in (_PACKAGE / "_assets" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"papergraph's folder {name}/ is missing: reinstall the package")


def data(name: str) -> Path:
    """A file or folder of the package's own data, such as data("origins.csv")."""
    return _PACKAGE / "data" / name


@cache
def example(name: str) -> Path:
    """A bundled example listing; raises FileNotFoundError where an installation lacks it."""
    return folder("examples") / name
