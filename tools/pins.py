"""Writes [tool.uv] constraint-dependencies in pyproject.toml: exact versions, of indirect needs too.

Run `make pins` after a change of dependencies, `make pins UPGRADE=1` to take the newest versions of all. The
lock file itself stays out of git, because it names download hosts.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
SECTION = re.compile(r"(?<=\nconstraint-dependencies = \[\n).*?(?=^\]$)", re.DOTALL | re.MULTILINE)


def pins(uv: str) -> list[str]:
    """The lock as sorted requirement lines. Only markers that choose between versions are kept."""
    command = [uv, "export", "--quiet", "--all-extras", "--all-groups", "--no-hashes", "--no-emit-project"]
    command += ["--no-annotate", "--no-header"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = [line.partition("==")[0] for line in lines]
    return sorted(
        line.replace('"', "'") if names.count(name) > 1 else line.partition(" ;")[0]
        for name, line in zip(names, lines, strict=True)
    )


def main(uv: str, upgrade: bool) -> None:
    """Lock, without the old constraints when upgrading, and write down what the lock holds."""
    before = PYPROJECT.read_text(encoding="utf-8")
    try:
        if upgrade:
            PYPROJECT.write_text(SECTION.sub("", before, count=1), encoding="utf-8")
        subprocess.run([uv, "lock"] + (["--upgrade"] if upgrade else []), check=True)
        lines = "".join(f'  "{line}",\n' for line in pins(uv))
        after = SECTION.sub(lambda _: lines, before, count=1)
    except BaseException:
        PYPROJECT.write_text(before, encoding="utf-8")
        raise
    PYPROJECT.write_text(after, encoding="utf-8")
    subprocess.run([uv, "lock", "--quiet"], check=True)


if __name__ == "__main__":
    main(sys.argv[1], "--upgrade" in sys.argv[2:])
