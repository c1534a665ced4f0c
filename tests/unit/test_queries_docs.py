"""docs/graph-model.md and docs/queries.md say what the code does."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from papergraph import assets, query_docs
from papergraph.model import Label, Rel, Role
from papergraph.queries import Dialect, statements
from papergraph.schema import TABLES, Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEYS = {"paper", "concept", "source", "target", "listing"}  # the ends of an edge
TYPES = {
    pa.string(): "string",
    pa.int64(): "integer",
    pa.float64(): "float",
    pa.bool_(): "boolean",
    pa.list_(pa.string()): "list of strings",
}
SECTIONS = re.split(r"^### ", (DOCS / "graph-model.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
LADYBUG = {
    "STRING": "string",
    "INT64": "integer",
    "DOUBLE": "float",
    "BOOL": "boolean",
    "STRING[]": "list of strings",
}


def section_of(table: str) -> str:
    return next(s for s in SECTIONS if re.search(rf"[Tt]able `{table}`", s))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_column_is_in_the_docs_with_its_type(table: Table) -> None:
    columns = {c.name: TYPES[c.type] for c in table.schema if table.name in NODES or c.name not in KEYS}
    rows = re.findall(r"^\| (\w+) \| ([\w ]+) \| (.+) \|$", section_of(table.name), re.MULTILINE)
    assert {name: kind for name, kind, _ in rows if name != "property"} == columns


NODES = {"papers", "concepts", "listings"}


def test_every_label_and_type_is_in_the_docs() -> None:
    text = (DOCS / "graph-model.md").read_text(encoding="utf-8")
    for word in (*Label, *Rel):
        assert re.search(rf"\b{word}\b", text), word
    for role in Role:
        assert role in text


def test_the_embedded_store_has_the_columns_of_the_tables() -> None:
    found = {}
    for statement in statements(Dialect.LADYBUG, "schema"):
        if match := re.match(r"CREATE (?:NODE|REL) TABLE (\w+)\((.*)\)$", statement, re.DOTALL):
            columns = re.sub(r"FROM \w+ TO \w+,?|PRIMARY KEY", "", match[2])
            found[match[1]] = {n: LADYBUG[t] for n, t in re.findall(r"(\w+) ([A-Z0-9]+(?:\[\])?)", columns)}
    by_table = {t.name: {c.name: TYPES[c.type] for c in t.schema} for t in TABLES}
    edge = {name: {k: v for k, v in columns.items() if k not in KEYS} for name, columns in by_table.items()}
    assert found == {
        "Paper": by_table["papers"],
        "Concept": by_table["concepts"],
        "Listing": by_table["listings"],
        **{role.rel: edge["paper_concepts"] for role in Role},
        "BUILDS_ON": edge["builds_on"],
        "SIMILAR_TO": edge["similar"],
        "ALIKE": edge["alike"],
        "VARIANT_OF": edge["variants"],
        "LISTS": edge["lists"],
        "CITES": edge["cites"],
    }


def test_the_pages_made_from_headers_are_current() -> None:
    hint = "see the first lines of papergraph/query_docs.py"
    assert (DOCS / "queries.md").read_text(encoding="utf-8") == query_docs.page(), hint
    favourites = assets.folder("cypher") / "neo4j" / "favourites.cypher"
    assert favourites.read_text(encoding="utf-8") == query_docs.favourites(), hint


def test_the_style_names_labels_and_types_of_the_model() -> None:
    text = (assets.folder("cypher") / "neo4j" / "style.grass").read_text(encoding="utf-8")
    assert set(re.findall(r"node\.(\w+)", text)) <= set(Label)
    assert set(re.findall(r"relationship\.(\w+)", text)) <= set(Rel)
    assert text.count("{") - len(re.findall(r"'\{\w+\}'", text)) == len(
        re.findall(r"^\}", text, re.MULTILINE)
    )
