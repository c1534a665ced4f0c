"""A graph as one JSON document, or as CSV tables."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from papergraph.errors import UsageError
from papergraph.model import Graph
from papergraph.schema import TABLES
from papergraph.store.base import GraphInfo

TABLE_NAMES = tuple(t.name for t in TABLES)


def table_rows(graph: Graph, name: str) -> list[dict[str, Any]]:
    """The rows of a table, with the columns of papergraph.schema."""
    table = next(t for t in TABLES if t.name == name)
    return [table.to_row(r) for r in getattr(graph, name)]


def as_json(graph: Graph, info: GraphInfo) -> str:
    """All tables by name, each a list of rows, under what the graph is."""
    document: dict[str, Any] = {
        "graph_id": info.graph_id,
        "generation": info.generation,
        "format_version": info.format_version,
        "embedder": info.embedder,
    }
    document |= {name: table_rows(graph, name) for name in TABLE_NAMES}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_csv(graph: Graph, name: str) -> str:
    """One table as CSV with a header, lists as JSON.

    A text that a spreadsheet would take for a formula gets a "'" in front (see papergraph.cli.output):
    whoever needs each character as it is reads the JSON.
    """
    from papergraph.cli.output import write_csv

    def flat(value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value

    columns = next(t for t in TABLES if t.name == name).schema.names
    buffer = io.StringIO()
    rows = [{k: flat(v) for k, v in row.items()} for row in table_rows(graph, name)]
    write_csv(rows, buffer, columns)
    return buffer.getvalue()


def write_csv_tables(graph: Graph, folder: Path) -> list[Path]:
    """One CSV file a table in a folder, made if missing. Raises UsageError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name in TABLE_NAMES:
            path = folder / f"{name}.csv"
            path.write_text(as_csv(graph, name), encoding="utf-8", newline="")
            written.append(path)
        return written
    except OSError as error:
        raise UsageError(f"-o {folder}: cannot be written: {error.strerror}", "name another folder") from None
