"""The one HTML file in a real Chromium, opened from the disk: it works, and nothing leaves it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from synthetic import HOSTILE, example_graph, write_graph

from papergraph.export.portable import portable
from papergraph.model import CONCEPT_ROLE_WORDS, Role
from papergraph.questions import concept, search
from papergraph.store import GraphStore, open_store
from papergraph.text import readable

GRAPH = example_graph()
HOSTILE_PAPER = next(p for p in GRAPH.papers if p.title == HOSTILE[0])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    folder = tmp_path_factory.mktemp("portable") / "g"
    write_graph(folder, GRAPH)
    opened = open_store(str(folder))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(store: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("mail") / "graph.html"
    file.write_text(portable(store).html, encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The opened file; any request beside it, and any error or refusal of the policy, fails the test."""
    context = browser.new_context()
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: problems.append(str(e)))
    tab.on("dialog", lambda d: (problems.append(f"dialog: {d.message}"), d.dismiss()))
    tab.on(
        "request",
        lambda r: (
            None if r.url.split("#")[0] == address or r.url.startswith("data:") else problems.append(r.url)
        ),
    )
    tab.goto(address)
    tab.locator("form.search").wait_for()
    yield tab
    context.close()
    assert not problems


def go(page: Any, hash_: str) -> None:
    page.evaluate("to => { location.hash = to }", hash_)


def test_typing_finds_and_the_keyboard_goes_on_to_a_paper_and_a_concept(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("distlled version of bert", delay=5)
    page.get_by_role("link", name="DistilBERT, a distilled version of BERT").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("main h1", has_text="DistilBERT, a distilled").wait_for()
    assert page.title().startswith("DistilBERT")
    page.locator("main a.chip").first.click()
    page.get_by_role("heading", name="Variants").or_(page.locator("main blockquote").first).first.wait_for()
    page.go_back()
    page.go_back()
    page.locator("#results a").first.wait_for()
    assert page.input_value("#q") == "distlled version of bert"


@pytest.mark.parametrize(
    "text",
    ["BERT", "retreival augmented generaton", "low rank adaption", "chain of thought", "知识图谱", "distil"],
)
def test_it_finds_what_the_explorer_finds(page: Any, store: GraphStore, text: str) -> None:
    go(page, f"#/search/{text}")
    page.locator("#results a").first.wait_for()
    shown = page.locator("#results > li > a").all_inner_texts()
    expected = [" ".join(readable(f.title).split()) for f in search(store, text, 3)]
    assert [" ".join(s.split()) for s in shown[:3]] == expected


def test_a_concept_page_has_the_papers_of_the_explorer_by_role(page: Any, store: GraphStore) -> None:
    go(page, "#/concepts/bert")
    page.locator("h1", has_text="BERT").wait_for()
    found = concept(store, "bert")
    for role, held in found.papers.items():
        if held:
            heading = page.locator("main h2", has_text=re.compile("^" + CONCEPT_ROLE_WORDS[Role(role)]))
            count = len({c.paper.id for c in held})
            assert f"{count} paper" in heading.first.inner_text()
            assert heading.first.locator("xpath=following-sibling::ul[1]/li").count() == len(held)


def test_a_quote_opens_at_its_sentence(page: Any) -> None:
    edge = next(e for e in GRAPH.paper_concepts if e.evidence and "🧪" in e.evidence[0].text)
    go(page, f"#/papers/{edge.paper}")
    page.locator("main blockquote a").filter(has_text="🧪").first.click()
    page.locator("#at").wait_for()
    lit = "".join(page.locator(".abstract .lit").all_inner_texts())
    quoted = {
        "".join(q.text.split()) for e in GRAPH.paper_concepts if e.paper == edge.paper for q in e.evidence
    }
    assert "".join(lit.split()) in {q for q in quoted if "🧪" in q}


def test_the_map_leads_to_clusters_and_papers(page: Any) -> None:
    page.locator("nav a", has_text="Map").click()
    page.locator("svg a.cluster").first.click()
    page.locator("main ol.rows li").first.wait_for()
    page.go_back()
    page.locator("svg .dot").first.click()
    page.get_by_role("heading", name="Nearest papers").wait_for()


@pytest.mark.parametrize(
    "hash_",
    [
        "#/papers/{id}",
        "#/papers",
        "#/search/script",
        "#/map",
        "#/nowhere/x",
        "#/papers/%E0%A4%A",
        "#/papers/__proto__",
    ],
)
def test_hostile_texts_and_addresses_do_nothing(page: Any, hash_: str) -> None:
    go(page, hash_.format(id=HOSTILE_PAPER.id))
    page.locator("main h1").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert HOSTILE_PAPER.title in page.text_content("main") or "{id}" not in hash_


def test_without_what_unpacks_it_the_file_says_what_it_needs(browser: Any, address: str) -> None:
    context = browser.new_context()
    context.add_init_script("delete window.DecompressionStream")
    tab = context.new_page()
    tab.goto(address)
    assert "browser of 2023 or later" in tab.inner_text("main")
    assert tab.locator("svg .dot").count() > 10
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_violation_or_is_wider_than_a_phone(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": 360, "height": 740}
    )
    tab = context.new_page()
    tab.goto(address)
    tab.locator("form.search").wait_for()
    found = []
    for to in ("#/", "#/papers", "#/concepts", "#/map", "#/map/1", "#/search/bert", "#/concepts/bert",
               f"#/papers/{GRAPH.builds_on[0].source}", f"#/papers/{HOSTILE_PAPER.id}"):  # fmt: skip
        go(tab, to)
        found += [
            (to, v["id"])
            for v in Axe().run(tab).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        if tab.evaluate("document.documentElement.scrollWidth") > 360:
            found.append((to, "wider than a phone"))
    context.close()
    assert not found


def test_near_papers_have_the_scores_of_problem_and_approach(page: Any) -> None:
    edge = next(e for e in GRAPH.similar if e.problem is not None and e.approach is None)
    go(page, f"#/papers/{quote(edge.source, safe='')}")
    row = page.locator("li", has=page.locator(f'a[href="#/papers/{quote(edge.target, safe="")}"]')).filter(
        has_text="same problem"
    )
    assert f"same problem {edge.problem:.2f}" in row.inner_text()
    assert "same approach" not in row.inner_text()
