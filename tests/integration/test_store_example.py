"""The named queries on the bundled listing: each header's example finds what it names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from papergraph.build import build
from papergraph.queries import named_queries, run_named
from papergraph.settings import Settings
from papergraph.store import GraphStore, open_store

# What the bundled listing cannot show: it is one listing, and gives no years, authors or addresses.
SILENT = {"authors_of_concept", "new_since_listing", "timeline", "with_code"}


@pytest.fixture(scope="module")
def store(example_listing: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    directory = tmp_path_factory.mktemp("example") / "graph"
    build([str(example_listing)], directory, Settings())
    opened = open_store(str(directory))
    yield opened
    opened.close()


def test_every_example_works_on_the_bundled_listing(store: GraphStore) -> None:
    silent = set()
    for name, query in named_queries().items():
        if not run_named(store, name, {p.name: p.example for p in query.parameters}):
            silent.add(name)
    assert silent >= SILENT
    assert len(silent) <= len(SILENT) + 3, f"these give no row: {sorted(silent - SILENT)}"
