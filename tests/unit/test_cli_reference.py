"""docs/cli.md is what `--help` says now, and the front door of the command line is quick."""

import re
import subprocess
import sys
from pathlib import Path

from papergraph.cli import COMMANDS
from papergraph.cli.reference import render
from papergraph.queries import named_queries

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAVY = (
    "numpy",
    "pyarrow",
    "onnxruntime",
    "flask",
    "networkx",
    "ladybug",
    "neo4j",
    "torch",
    "rapidfuzz",
    "pyvis",
)


def test_the_page_is_current() -> None:
    made = render()
    assert PAGE.read_text(encoding="utf-8") == made, "run: python -m papergraph.cli.reference > docs/cli.md"


def test_every_command_is_there_with_its_options_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [c for c in COMMANDS if f"\n## papergraph {c}\n" not in page] == []
    unexplained = re.findall(r"^  (--?[\w-]+[^\n]*?)$(?!\n {10,}\S)", page, re.MULTILINE)
    assert [o for o in unexplained if not re.search(r"\S {2,}\S", o)] == []


def test_named_queries_in_the_examples_exist() -> None:
    used = re.findall(r"--named (\w+)", PAGE.read_text(encoding="utf-8"))
    assert [n for n in used if n not in ("NAME", "TEXT") and n not in named_queries()] == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from papergraph.cli import cli\n"
        "try:\n    cli.main(['--help'], prog_name='papergraph')\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "connected" in done.stdout
