"""docs/input-formats.md says what the readers do."""

import re
from pathlib import Path

import pytest

from papergraph import sources
from papergraph.sources.fields import COLUMNS, column_of

PAGE = (Path(__file__).parents[2] / "docs" / "input-formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\w+\n(.*?)```", PAGE, re.DOTALL)


def rows(heading: str) -> dict[str, list[str]]:
    """First cell -> all names in backquotes of the first two cells, of the table under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    table = [line.split("|")[1:] for line in section.splitlines() if line.startswith("| `")]
    return {re.findall("`(.*?)`", cells[0])[0]: re.findall("`(.*?)`", cells[0] + cells[1]) for cells in table}


def test_every_column_and_every_other_name_is_documented() -> None:
    documented = rows("Columns of jsonl and csv")
    assert list(documented) == list(COLUMNS)
    for column, names in documented.items():
        known = {name for name in names if name != "id"}
        assert {column_of(name) for name in known} == {column}
        assert {name.replace("_", "") for name in known} == {column.replace("_", ""), *COLUMNS[column]}


def test_every_format_is_documented_and_every_example_is_read_without_complaint(tmp_path: Path) -> None:
    formats = re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE.split("\n## ")[0], re.MULTILINE)
    assert dict(formats) == sources.FORMATS
    found = []
    for example in EXAMPLES:
        path = tmp_path / "example"
        path.write_text(example, encoding="utf-8")
        result = sources.read_file(str(path))
        assert result.records
        assert not result.rejected + result.warnings
        found.append(result.format)
    assert found == list(sources.FORMATS)


@pytest.mark.parametrize("limit", ["1,000,000 bytes", "1 GiB"])
def test_limits_are_documented(limit: str) -> None:
    from papergraph.sources import opening

    assert (opening.MAX_LINE, opening.MAX_BYTES) == (1_000_000, 1 << 30)
    assert limit in PAGE
