"""axe-core finds nothing serious on any page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving import serving
from synthetic import example_graph, write_graph

from papergraph.state import State

GRAPH = example_graph()
BUILDS = GRAPH.builds_on[0]
PAGES = [
    "/", "/search?q=BERT", f"/papers/{BUILDS.source}", "/concepts/bert", "/connected?name=BERT", "/graph",
    "/graph?concept=bert", f"/graph?centre={BUILDS.source}&concepts=1", f"/lineage?paper={BUILDS.source}",
    "/map", "/map?cluster=1", f"/listings/{GRAPH.listings[0].id}", "/cypher", "/api", "/papers/none-such",
    "/collections", "/collection/1", "/collection/to_read", "/add", "/new", "/new?listing=lineage",
    "/connected?name=BERT&name=GLUE", "/help", "/work", "/compare?concept=bert", "/benchmarks?concept=bert",
    "/route?concept=bert", "/between?a_concept=bert&b_concept=lora", "/claims?name=BERT",
    f"/near?paper={BUILDS.source}", f"/near?paper={BUILDS.source}&view=problem",
    f"/path?a={BUILDS.source}&b={BUILDS.target}", "/cypher?named=most_connected_concepts&run=1",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("accessible") / "g"
    write_graph(folder, GRAPH)
    state, papers = State(folder / "state.sqlite"), {p.id: p.title for p in GRAPH.papers[:4]}
    state.add(state.create("A line of work"), {**papers, "gone": "A paper that is no more"})
    state.note(BUILDS.source, "", "A note")
    with serving(str(folder)) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_violation(browser: Any, site: str, scheme: str) -> None:
    context = browser.new_context(
        base_url=site, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    tab = context.new_page()
    found = []
    for path in PAGES:
        tab.goto(path)
        if tab.locator("#picture").count():
            tab.locator("#picture[data-ready]").wait_for()
        for v in Axe().run(tab).response["violations"]:
            if v["impact"] in ("serious", "critical"):
                found.append((path, v["id"], [n["html"][:160] for n in v["nodes"]][:3]))
    context.close()
    assert not found
