"""What the browser tests share: a watched page, and the same graph served from both stores."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from neo4j_server import Server
from serving import Served, serving, watched

from papergraph.build import build
from papergraph.settings import Settings


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Any]:
    """A watched tab of the module's `site`."""
    with watched(browser, site) as tab:
        yield tab


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest) -> Served:
    """Serves a graph folder from a store, embedded or neo4j: served(folder, store) gives the address."""

    @contextmanager
    def serve(folder: Path, store: str) -> Iterator[str]:
        location = str(folder)
        with pytest.MonkeyPatch.context() as patch:
            if store == "neo4j":
                from papergraph.store.neo4j_load import load

                server: Server = request.getfixturevalue("neo4j_server")
                patch.setenv("NEO4J_USER", server.user)
                patch.setenv("NEO4J_PASSWORD", server.password)
                load(folder, server.uri, server.user, server.password, replace=True)
                location = server.uri
            with serving(location) as address:
                yield address

    return serve


@pytest.fixture(scope="session")
def seeds_graph(seeds_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the two real listings, built once; PAPERGRAPH_TEST_SEEDS names one built before."""
    if given := os.environ.get("PAPERGRAPH_TEST_SEEDS"):
        return Path(given)
    folder = tmp_path_factory.mktemp("seeds") / "g"
    build(sorted(str(p) for p in seeds_dir.glob("*.txt")), folder, Settings())
    return folder
