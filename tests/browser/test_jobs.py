"""The jobs of people who read papers, each in a few steps on the two real listings, over both stores.

What an answer must hold is worked out here from the tables of the graph, without either store.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from serving import Served

from papergraph.model import Graph, PaperKind, Role
from papergraph.tables import open_graph

COT, KD = "chain-of-thought", "knowledge distillation"


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def site(request: pytest.FixtureRequest, seeds_graph: Path, served: Served) -> Iterator[str]:
    with served(seeds_graph, request.param) as address:
        yield address


@pytest.fixture(scope="module")
def graph(seeds_graph: Path) -> Graph:
    return open_graph(seeds_graph).read()


@pytest.fixture(scope="module")
def naming(graph: Graph) -> dict[str, set[str]]:
    """Concept to the papers that name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for e in graph.paper_concepts:
        found[e.concept].add(e.paper)
    return found


def concept_id(graph: Graph, name: str) -> str:
    return next(
        c.id for c in graph.concepts if name.casefold() in {n.casefold() for n in (c.name, *c.aliases)}
    )


def papers_in(page: Any, selector: str) -> list[str]:
    """Ids of the papers to which the links of a part of the page lead, each once, in order."""
    hrefs = [urlsplit(a.get_attribute("href")).path for a in page.locator(f"{selector} a.title").all()]
    return list(dict.fromkeys(unquote(h.removeprefix("/papers/")) for h in hrefs if h.startswith("/papers/")))


def opens_at_its_sentence(page: Any, quote: Any) -> None:
    """Follows a quotation: the sentence is lit in its paper."""
    words = quote.inner_text().split()
    quote.locator("a").click()
    page.locator(".lit").first.wait_for()
    assert "".join(page.locator(".lit").all_inner_texts()).split() == words


def test_1_which_papers_distil_chain_of_thought(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    page.goto("/connected")
    page.get_by_label("Name").first.fill(COT)
    page.get_by_role("button", name="Find").click()
    chip = page.locator(".facets a.chip", has_text="nowledge distillation").first
    count = int(chip.locator(".muted").inner_text())
    chip.click()
    page.get_by_role("link", name="Leave out", exact=False).first.wait_for()
    wanted = naming[concept_id(graph, COT)] & naming[concept_id(graph, KD)]
    assert set(papers_in(page, "tbody")) == wanted
    assert len(wanted) == count > 1
    page.get_by_label("About").fill("small models")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("columnheader", name="About").wait_for()
    matches = set(page.locator("tbody tr td:nth-child(3)").all_inner_texts())
    assert matches and matches <= {"by name", "by meaning"}
    named = [
        papers_in(page, f"tbody tr:nth-child({i + 1})")[0]
        for i, row in enumerate(page.locator("tbody tr").all())
        if "by name" in row.inner_text()
    ]
    assert set(named) <= wanted


def test_2_what_a_paper_and_a_set_stand_on(page: Any, graph: Graph) -> None:
    on: dict[str, set[str]] = defaultdict(set)
    for e in [*graph.builds_on, *graph.cites]:
        on[e.source].add(e.target)
    paper = min(on, key=lambda p: (-len(on[p]), p))
    page.goto(f"/papers/{paper}")
    page.locator("main").get_by_role("link", name="Lineage").click()
    page.locator("svg").first.wait_for()
    assert set(papers_in(page, "main section:first-child ol")) >= on[paper]
    page.goto(f"/lineage?paper={paper}&direction=ancestors&depth=1")
    assert set(papers_in(page, "main ol")) == on[paper]
    outside = {p.id for p in graph.papers if not p.listed} & on[paper]
    rows = page.locator("main ol li").all()
    said = {
        papers_in(page, f"main ol li:nth-child({i + 1})")[0]
        for i, r in enumerate(rows)
        if "not in the listings" in r.inner_text()
    }
    assert said == outside
    some = sorted(on)[:4]
    page.goto("/cypher?named=foundations_of_papers")
    page.locator("input[name=p-papers]").fill("; ".join(some))
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("link", name="Show as graph").click()  # all that they stand on, as a picture
    page.locator("#picture[data-ready]").wait_for()
    shown = {r.get_attribute("data-node") for r in page.locator("#rows tr[data-node]").all()}
    strong = (Role.BUILDS_ON, Role.USES)
    wanted = {e.concept for e in graph.paper_concepts if e.paper in some and e.role in strong}
    assert wanted
    assert {i for i in shown if i in {c.id for c in graph.concepts}} == wanted


def test_3_which_benchmarks_papers_share(page: Any, graph: Graph) -> None:
    benchmarks = {c.id for c in graph.concepts if c.type == "Benchmark"}
    runs: dict[str, set[str]] = defaultdict(set)
    for e in graph.paper_concepts:
        if e.concept in benchmarks and e.role in (Role.EVALUATES_ON, Role.INTRODUCES):
            runs[e.concept].add(e.paper)
    shared = max(sorted(runs), key=lambda b: len(runs[b]))
    page.goto(f"/concepts/{shared}")
    bare = min(p.id for p in graph.papers if p.listed and not any(p.id in papers for papers in runs.values()))
    ticked = sorted(runs[shared])[:5]
    for p in ticked:
        page.locator(f'input.tick[value="{p}"]').first.check()
    page.locator("#ticked").get_by_role("button", name="Benchmarks").click()
    page.wait_for_url("**/benchmarks?*")
    page.goto(f"{page.url}&paper={bare}")
    columns = {urlsplit(a.get_attribute("href")).path for a in page.locator("thead th[scope=col] a").all()}
    wanted = {b for b, papers in runs.items() if len(papers & {*ticked, bare}) > 1}
    assert {unquote(c.removeprefix("/concepts/")) for c in columns} == wanted
    row = page.locator("tbody tr", has=page.locator(f'input.tick[value="{bare}"]'))
    assert "none named" in row.inner_text()


def test_4_what_to_read_first(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    concept = concept_id(graph, KD)
    page.goto(f"/concepts/{concept}")
    page.get_by_role("link", name="What to read first").click()
    items = page.locator("main ul.rows > li")
    items.first.wait_for()
    assert items.count() > 2
    assert all(item.locator("div.small").count() for item in items.all()), "each stop has its reason"
    kinds = {p.id: p.kind for p in graph.papers}
    surveys = page.locator("h2", has_text="urvey")
    if surveys.count():
        for i in range(page.locator("h2:has-text('urvey') + ul > li").count()):
            (paper, *_) = papers_in(page, f"h2:has-text('urvey') + ul > li:nth-child({i + 1})")
            assert kinds[paper] == PaperKind.SURVEY


def test_5_how_two_lines_and_two_papers_connect(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    one, two = concept_id(graph, KD), concept_id(graph, COT)
    family: dict[str, set[str]] = {}
    for start in (one, two):
        reached = {start}
        while more := {v.source for v in graph.variants if v.target in reached} - reached:
            reached |= more
        family[start] = set().union(*(naming[c] for c in reached))
    page.goto(f"/concepts/{one}")
    page.get_by_role("link", name="Between it and another").click()
    page.locator("input[name=b_concept]").fill(COT)
    page.get_by_role("button", name="Find what lies between").click()
    page.get_by_role("heading", name="Papers of both").wait_for()
    answer = page.request.get(page.url.replace("/between?", "/between.json?") + "&max=500").json()
    assert {r["paper"]["id"] for r in answer["found"]["both"]} == family[one] & family[two]
    rare = [c["concept"]["paper_count"] for c in answer["found"]["concepts"] if not c["hub"]]
    assert rare == sorted(rare), "rare concepts come before common ones"
    similar = {frozenset((e.source, e.target)) for e in graph.similar}
    ends = min(
        (e.source, e.target) for e in graph.builds_on if frozenset((e.source, e.target)) not in similar
    )
    page.goto(f"/path?a={ends[0]}&b={ends[1]}")
    assert page.locator("ol.steps > li").count() == 1
    assert "builds on" in page.locator("ol.steps > li").inner_text()


def test_6_six_papers_side_by_side(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    page.goto(f"/concepts/{concept_id(graph, KD)}")
    six = papers_in(page, "main ul.rows")[:6]
    for p in six:
        page.locator(f'input.tick[value="{p}"]').first.check()
    page.locator("#ticked").get_by_role("button", name="Compare").click()
    page.locator("table.compare").wait_for()
    assert set(papers_in(page, "thead")) == set(six)
    text = {p.id: " ".join((p.title + " " + p.abstract).split()) for p in graph.papers}
    quotes = page.locator("table.compare blockquote")
    assert quotes.count() > 6
    for quote in quotes.all()[:20]:
        paper = unquote(urlsplit(quote.locator("a").get_attribute("href")).path.removeprefix("/papers/"))
        assert paper in six and text[paper]
    for name, part in (("Markdown", "| "), ("LaTeX", "\\begin{longtable}"), ("CSV", ",")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        assert part in Path(waiting.value.path()).read_text(encoding="utf-8")
    opens_at_its_sentence(page, quotes.first)


def test_7_who_says_that_they_beat_it(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    concept = concept_id(graph, "GPT-4")
    page.goto(f"/concepts/{concept}")
    page.get_by_role("link", name="Who says that they beat it").click()
    rows = page.locator("table.compare tbody tr")
    assert rows.count() > 1
    abstracts = " ".join(" ".join(p.abstract.split()) for p in graph.papers)
    for row in rows.all()[:15]:
        quote = row.locator("blockquote").first
        numbers = row.locator("td").last.inner_text().split("\n")[0]
        said = quote.inner_text()
        assert " ".join(said.split())[:40] in abstracts or "$" in said
        assert numbers == "no number" or numbers.split(", ")[0] in said
    opens_at_its_sentence(page, rows.first.locator("blockquote").first)


def test_9_same_problem_and_same_approach(page: Any, graph: Graph, naming: dict[str, set[str]]) -> None:
    paper = next(e.source for e in graph.similar if e.mutual)
    page.goto(f"/papers/{paper}")
    for view, link in (("problem", "About the same problem"), ("approach", "With the same approach")):
        page.get_by_role("link", name=link).click()
        page.wait_for_url(f"**view={view}*")
        page.locator("main ol a.title").first.wait_for()
        ranks = {e.target: getattr(e, f"{view}_rank") for e in graph.alike if e.source == paper}
        wanted = sorted((t for t, rank in ranks.items() if rank), key=lambda t: int(ranks[t]))
        assert papers_in(page, "main ol") == wanted
        assert wanted
