"""The explorer in a real Chromium, over the embedded store and over Neo4j."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from serving import Served
from synthetic import HOSTILE, example_graph, write_graph

from papergraph.model import ROLE_WORDS

GRAPH = example_graph()
HOSTILE_PAPER = next(p for p in GRAPH.papers if p.title == HOSTILE[0])
BUILDS = GRAPH.builds_on[0].source
EVIDENT = next(e for e in GRAPH.paper_concepts if e.evidence)


@pytest.fixture(scope="module")
def graph_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer") / "g"
    write_graph(folder, GRAPH)
    return folder


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def site(request: pytest.FixtureRequest, graph_folder: Path, served: Served) -> Iterator[str]:
    """The address of a running explorer."""
    with served(graph_folder, request.param) as address:
        yield address


def test_the_graph_draws_and_its_table_panel_and_picture_are_in_step(page: Any) -> None:
    page.goto("/graph?concept=bert")
    page.wait_for_selector("#picture[data-ready]")
    assert page.evaluate("document.querySelector('#picture canvas').width") > 300
    row = page.locator("#rows tr[data-node]").first
    row.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("#rows tr[data-node]").nth(1)
    assert second.get_attribute("aria-selected") == "true"
    title = second.locator("a.title").inner_text()
    page.get_by_role("heading", name=title, exact=True, level=3).wait_for()


def drawn(page: Any, path: str) -> Any:
    """The rows of the table, once the picture of a path is drawn."""
    page.goto(path)
    page.locator("#picture[data-ready]").wait_for()
    return page.locator("#rows tr[data-node]:visible")


def read(page: Any, path: str) -> dict[str, Any]:
    """The JSON twin of a path."""
    before, _, query = path.partition("?")
    return dict(page.request.get(f"{before}.json?{query}").json())


def nodes_of(page: Any) -> dict[str, tuple[float, float]]:
    """Where the server put the nodes of the address that the page has now."""
    address = urlsplit(page.url)
    figure = read(page, f"{address.path}?{address.query}")["figure"]
    return {n["id"]: (n["x"], n["y"]) for n in figure["nodes"]}


def test_the_legend_is_the_filter_and_the_address_keeps_it(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert")
    before = rows.count()
    for box in page.locator("[data-edge]").all():
        box.uncheck()
    after = rows.count()
    assert after < before
    page.reload()
    page.locator("#picture[data-ready]").wait_for()
    assert rows.count() == after
    for box in page.locator("[data-edge]").all():
        box.check()
    assert rows.count() == before


def test_enter_opens_in_place_and_back_undoes(page: Any) -> None:
    path = "/graph?concept=bert&max=4"
    rows = drawn(page, path)
    before, count = nodes_of(page), rows.count()
    opening = next(n for n in before if len(read(page, f"{path}&expand={n}")["nodes"]) > count)
    page.locator(f'#rows tr[data-node="{opening}"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**expand=*")
    page.locator(f"#rows tr[data-node]:nth-child({count + 1})").wait_for()
    after = nodes_of(page)
    assert {n: after[n] for n in before} == before, "what stood has moved"
    assert rows.count() == len(after) > len(before)
    page.go_back()
    page.locator(f"#rows tr[data-node]:nth-child({count + 1})").wait_for(state="detached")
    assert rows.count() == count


def test_a_row_is_hidden_and_made_the_centre_by_keyboard(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert")
    count, gone = rows.count(), rows.nth(1).get_attribute("data-node")
    rows.nth(1).focus()
    page.keyboard.press("h")
    page.get_by_text("1 node hidden by you").wait_for()
    assert rows.count() == count - 1
    assert gone not in nodes_of(page)
    title = rows.first.locator("a.title").inner_text()
    rows.first.focus()
    page.keyboard.press("c")
    page.wait_for_url("**/graph?centre=*")
    page.get_by_role("heading", name=title, exact=True, level=1).wait_for()


def test_a_dragged_node_is_pinned_in_the_address(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert&max=2")
    other = rows.nth(1).get_attribute("data-node")
    drawn(page, f"/graph?concept=bert&max=2&hide={other}")
    before = nodes_of(page)
    box = page.locator("#picture").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 8  # the one node that is left
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_url("**pin=*")
    (node, (was_x, was_y)), (now_x, now_y) = *before.items(), *nodes_of(page).values()
    assert (now_x - was_x > 20) and (now_y - was_y > 10), node
    page.locator("[data-do=unpin]").click()
    page.wait_for_url(lambda url: "pin=" not in url)
    assert nodes_of(page) == before


def test_rows_and_nodes_are_ticked_and_taken_elsewhere_together(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert&max=4")
    papers = [rows.nth(i).get_attribute("data-node") for i in range(2)]
    compare = page.locator("#ticked").get_by_role("button", name="Compare")
    assert not compare.is_visible()  # there is nothing to compare yet
    rows.first.focus()
    page.keyboard.press("Space")
    rows.nth(1).locator("input.tick").check()
    assert page.locator("#ticked .count").inner_text().startswith("2 of")
    rows.first.focus()
    page.keyboard.press("Enter")  # opens in place: what was ticked stays ticked
    page.wait_for_url("**expand=*")
    page.locator(f"#rows tr[data-node]:nth-child({rows.count()})").wait_for()
    assert page.locator("#rows input.tick:checked").count() == 2
    compare.click()
    page.wait_for_url("**/compare?*")
    asked = parse_qs(urlsplit(page.url).query)["paper"]
    assert asked == papers


def test_a_click_with_ctrl_on_a_node_ticks_its_row(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert&max=2")
    other = rows.nth(1).get_attribute("data-node")
    drawn(page, f"/graph?concept=bert&max=2&hide={other}")
    box = page.locator("#picture").bounding_box()
    middle = {"x": box["width"] / 2, "y": box["height"] / 2 + 8}  # the one node that is left
    page.locator("#picture").click(position=middle, modifiers=["Control"])
    page.locator("#rows input.tick:checked").wait_for()
    assert page.locator("#rows tr[aria-selected=true] input.tick:checked").count() == 1


def test_the_table_is_sorted_and_filtered(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert")
    page.locator("th[data-key=title] button").click()
    titles = [t.casefold() for t in rows.locator("a.title").all_inner_texts()]
    assert page.locator("th[data-key=title]").get_attribute("aria-sort") == "ascending"
    page.locator("th[data-key=title] button").click()
    assert rows.locator("a.title").first.inner_text().casefold() == max(titles[0], titles[-1])
    page.fill("#find", "no title has this")
    assert rows.count() == 0
    assert "find=no+title" in page.url


def test_the_table_is_filtered_by_role_and_abstract_and_its_columns_are_chosen(page: Any) -> None:
    rows = drawn(page, "/graph?concept=bert")
    shown = {r.get_attribute("data-node") for r in rows.all()}
    papers = [p for p in GRAPH.papers if p.id in shown]
    roles = {e.role for e in GRAPH.paper_concepts if e.concept == "bert"}
    page.check("#more")
    for role in roles:
        page.select_option("#role", role.value)
        held = {e.paper for e in GRAPH.paper_concepts if e.concept == "bert" and e.role == role} & shown
        assert {r.get_attribute("data-node") for r in rows.all()} == held
        assert ROLE_WORDS[role] in rows.first.locator("td").nth(3).inner_text().casefold()
    page.select_option("#role", "")
    titles = " ".join(p.title for p in papers).casefold()
    words = {w for p in papers for w in p.abstract.casefold().split() if w.isalpha() and w not in titles}
    word = min(words, key=lambda w: (sum(w in p.abstract.casefold() for p in papers), w))
    page.fill("#find", word)
    holding = {p.id for p in papers if word in p.abstract.casefold()}
    rows.nth(len(holding) - 1).wait_for()
    assert {r.get_attribute("data-node") for r in rows.all()} == holding
    page.uncheck("[data-column=year]")
    assert "without=year" in page.url
    page.reload()
    page.wait_for_selector("#picture[data-ready]")
    assert page.locator("th[data-key=title]").is_visible()
    assert not page.locator("th[data-key=year]").is_visible()


def test_evidence_opens_at_its_sentence(page: Any) -> None:
    evidence = EVIDENT.evidence[0]
    page.goto(f"/papers/{EVIDENT.paper}?at={evidence.at}#at")
    lit = "".join(page.locator(".abstract .lit").all_inner_texts())
    assert lit.split() == evidence.text.split()


def test_the_picture_is_taken_away_with_its_text_escaped(page: Any) -> None:
    drawn(page, f"/graph?centre={HOSTILE_PAPER.id}&depth=2")
    page.locator("details.take summary").click()
    with page.expect_download() as svg:
        page.locator("[data-take=svg]").click()
    root = ElementTree.parse(svg.value.path()).getroot()
    titles = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any(HOSTILE_PAPER.title in (t or "") for t in titles)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    with page.expect_download() as png:
        page.locator("[data-take=png]").click()
    assert Path(png.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    "path",
    [
        "/papers/{id}",
        "/lineage?paper={id}",
        "/map",
        "/graph?centre={id}",
        "/graph?centre={id}&concepts=1&depth=2",
    ],
)
def test_hostile_titles_do_nothing(page: Any, path: str) -> None:
    page.goto(path.format(id=HOSTILE_PAPER.id))
    scripts = "main script:not([type='application/json']):not([src^='/static/'])"
    assert page.locator(f"main img, {scripts}").count() == 0
    assert HOSTILE_PAPER.title in page.text_content("main")


def test_own_cypher_is_answered_in_the_page(page: Any) -> None:
    page.goto("/cypher")
    page.fill("#own", "MATCH (c:Concept) WHERE c.name = 'BERT' RETURN c.name AS name, c.type AS type")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector("section table")
    assert page.inner_text("section table tbody tr").split() == ["BERT", "Model"]


def test_what_a_query_answers_is_shown_as_a_graph(page: Any) -> None:
    page.goto("/cypher")
    page.fill("#own", "MATCH (a:Paper)-[r:CITES]->(b:Paper) RETURN a, b")
    page.locator("#own").press("Control+Enter")
    page.get_by_role("link", name="Show as graph").click()
    page.locator("#picture[data-ready]").wait_for()
    shown = {r.get_attribute("data-node") for r in page.locator("#rows tr[data-node]").all()}
    assert shown == {p for e in GRAPH.cites for p in (e.source, e.target)}
    lines = read(page, f"{urlsplit(page.url).path}?{urlsplit(page.url).query}")["edges"]
    assert {(e.source, e.target) for e in GRAPH.cites} <= {(e["source"], e["target"]) for e in lines}


def test_a_named_question_has_a_form_and_a_schema_beside_it(page: Any) -> None:
    page.goto("/cypher")
    page.get_by_label("Question").select_option(label="What a paper builds on")
    page.get_by_role("button", name="Choose").click()
    title = next(p.title for p in GRAPH.papers if p.id == BUILDS)
    page.get_by_role("textbox", name="The paper").fill(title)
    page.get_by_role("button", name="Ask").click()
    page.locator("section table").wait_for()
    first = {p.id for p in GRAPH.papers} & set(page.locator("section tbody td:last-child").all_inner_texts())
    assert {e.target for e in GRAPH.builds_on if e.source == BUILDS} - {BUILDS} <= first
    assert "BUILDS_ON" in page.input_value("#own")
    assert page.locator("aside code", has_text="-[:BUILDS_ON]->").count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/concepts/bert",
        "/graph?concept=bert",
        "/connected?name=BERT",
        "/cypher",
        "/map",
        f"/lineage?paper={BUILDS}",
    ],
)
def test_nothing_is_wider_than_a_phone(page: Any, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_wide_screen_the_table_stands_beside_the_picture(page: Any) -> None:
    def boxes() -> tuple[Any, Any]:
        return page.locator("#picture").bounding_box(), page.locator("#rows").bounding_box()

    page.set_viewport_size({"width": 1280, "height": 800})
    rows = drawn(page, "/graph?concept=bert")
    picture, table = boxes()
    assert table["x"] >= picture["x"] + picture["width"]
    assert picture["width"] > 1.5 * table["width"]
    rows.last.focus()  # a row further down scrolls in the table, not the page
    page.keyboard.press("End")
    frame, last = page.locator("#rows").locator("..").bounding_box(), rows.last.bounding_box()
    assert rows.last.get_attribute("aria-selected") == "true"
    assert frame["y"] <= last["y"] and last["y"] + last["height"] <= frame["y"] + frame["height"] + 1
    page.get_by_label("beside the picture").uncheck()
    picture, table = boxes()
    assert table["y"] > picture["y"] + picture["height"]
    assert "table=below" in page.url
    page.reload()
    page.wait_for_selector("#picture[data-ready]")
    assert not page.get_by_label("beside the picture").is_checked()
    page.get_by_label("beside the picture").check()
    assert "table=" not in page.url
    page.set_viewport_size({"width": 1000, "height": 800})
    picture, table = boxes()
    assert table["y"] > picture["y"] + picture["height"]
    assert not page.get_by_label("beside the picture").is_visible()


def test_all_of_the_picture_stays_in_view_when_it_is_resized(page: Any) -> None:
    def spread() -> float:
        """The share of the picture's width in which something is drawn."""
        return float(
            page.evaluate(
                """() => {
                  const c = document.querySelector("#picture canvas"), seen = [];
                  const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
                  for (let x = 0; x < c.width; x += 2)
                    for (let y = 0; y < c.height; y += 2)
                      if (data[4 * (y * c.width + x) + 3]) { seen.push(x); break; }
                  return (Math.max(...seen) - Math.min(...seen)) / c.width;
                }"""
            )
        )

    page.set_viewport_size({"width": 700, "height": 800})
    drawn(page, "/graph?concept=bert")
    page.set_viewport_size({"width": 1600, "height": 800})
    page.wait_for_timeout(1500)  # vis-network looks once a second
    wide = spread()
    page.reload()
    page.wait_for_selector("#picture[data-ready]")
    assert abs(spread() - wide) < 0.02


def test_a_lineage_opens_at_its_paper_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"/lineage?paper={BUILDS}")
    frame, box = page.locator(".drawing").bounding_box(), page.locator(".box.centre").bounding_box()
    assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] + box["height"] / 2 <= frame["y"] + frame["height"]
