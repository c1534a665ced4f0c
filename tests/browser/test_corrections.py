"""An edge is corrected in the panel of the graph and undone; a concept is, without JavaScript."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving import serving, watched

from papergraph import tables
from papergraph.build import build
from papergraph.settings import Settings

PAPERS = {
    "TinyStep: Small Models That Reason in Steps": "We present TinyStep, a small language model. TinyStep "
    "fine-tunes T5 on rationales that GPT-4 wrote. Experiments on the GSM8K benchmark show that it gains 7 "
    "points over T5.",
    "LongStep: Step-by-Step Reasoning over Long Documents": "Small models such as TinyStep fail on long "
    "documents. We propose LongStep, a method that extends TinyStep and reads a document in parts.",
}
LONGEST = 120_000  # milliseconds that building the graph anew may take on a busy machine


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    lines = [json.dumps({"title": t, "abstract": a}) for t, a in PAPERS.items()]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build([str(tmp_path / "a.jsonl")], tmp_path / "g", Settings())
    return tmp_path / "g"


@pytest.fixture
def site(graph: Path) -> Iterator[str]:
    with serving(str(graph)) as address:
        yield address


def edges(page: Any, path: str) -> list[str]:
    """The kinds of the edges of a picture."""
    before, _, query = path.partition("?")
    return [e["kind"] for e in page.request.get(f"{before}.json?{query}").json()["edges"]]


def test_an_edge_is_corrected_in_the_panel_and_undone(page: Any, graph: Path) -> None:
    page.set_default_timeout(LONGEST)
    paper = next(p.id for p in tables.open_graph(graph).read_papers() if p.title.startswith("LongStep"))
    path = f"/graph?centre={paper}&kind=builds_on&max=2"
    assert edges(page, path) == ["stated"]
    page.goto(path)
    page.locator("#picture[data-ready]").wait_for()
    box = page.locator("#picture").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 8)  # halfway between the two
    page.locator("#panel .fix summary").click()
    page.get_by_label("Why, if you like").fill("<b>only</b> a task in common")
    page.get_by_role("button", name="Drop the edge").click()
    page.wait_for_url("**/corrections?done=**")
    said = page.locator(".said")
    assert "LongStep" in said.inner_text()
    assert "<b>only</b> a task in common" in page.inner_text("main")
    page.get_by_role("link", name="Back to where you were").click()
    page.wait_for_url(f"**{path}")
    assert edges(page, path) == []
    page.go_back()
    said.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/corrections?undone=1**")
    assert "Undone" in page.locator(".said").inner_text()
    assert edges(page, path) == ["stated"]


def test_a_concept_is_corrected_without_javascript(browser: Any, site: str) -> None:
    with watched(browser, site, java_script_enabled=False) as page:
        page.set_default_timeout(LONGEST)
        page.goto("/concepts/GSM8K")
        page.get_by_text("This is wrong").click()
        page.get_by_label("Type").select_option("Task")
        page.get_by_role("button", name="Set its type").click()
        page.wait_for_url("**/corrections?done=**")
        assert "“GSM8K” is a task." in page.locator(".said").inner_text()
        page.get_by_role("link", name="Back to where you were").click()
        assert "Task" in page.locator("main p").first.inner_text()
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url("**/corrections?undone=1**")
        page.goto("/concepts/GSM8K")
        assert "Benchmark" in page.locator("main p").first.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_forms_are_accessible_and_fit_a_phone(browser: Any, site: str, graph: Path, scheme: str) -> None:
    (graph / "corrections.csv").write_text("kind,name,other,value\ntype,T5,,Task\nmerge,Nowhere,T5\nx\n")
    paper = next(p.id for p in tables.open_graph(graph).read_papers() if p.title.startswith("LongStep"))
    context = browser.new_context(
        base_url=site, color_scheme=scheme, bypass_csp=True, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    found = []
    for path in ("/corrections", "/concepts/GSM8K", f"/papers/{paper}"):
        page.goto(path)
        for summary in page.locator(".fix summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        violations = Axe().run(page).response["violations"]
        found += [(path, v["id"]) for v in violations if v["impact"] in ("serious", "critical")]
    context.close()
    assert not found
