"""The one HTML file: the same bytes from both stores, and as a link of the explorer."""

from pathlib import Path
from typing import Any

import pytest
from synthetic import example_graph, write_graph

from papergraph.export.portable import portable
from papergraph.service import create_app
from papergraph.settings import Settings
from papergraph.store import open_store
from papergraph.store.neo4j_load import load

SETTINGS = Settings(store_timeout=120)  # a server that has just started plans slowly


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g", example_graph())
    return tmp_path / "g"


def test_both_stores_give_the_same_file(folder: Path, neo4j_database: Any) -> None:
    load(folder, neo4j_database.uri, neo4j_database.user, neo4j_database.password, settings=SETTINGS)
    stores = open_store(str(folder)), open_store(neo4j_database.uri, SETTINGS)
    embedded, neo4j = (portable(store).html for store in stores)
    assert embedded == neo4j
    for store in stores:
        store.close()


def test_the_home_page_leads_to_it(folder: Path) -> None:
    app = create_app(str(folder), Settings())
    client = app.test_client()
    assert 'href="/papergraph.html"' in client.get("/").text
    answer = client.get("/papergraph.html")
    store = open_store(str(folder))
    assert answer.text == portable(store).html
    assert "attachment" in answer.headers["Content-Disposition"]
    store.close()
    app.config["PAPERGRAPH_STORE"].close()
