"""Search as you type, by word, by misspelling and by meaning, worked by keyboard, and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving import serving, watched

from papergraph.build import build
from papergraph.model import PaperKind
from papergraph.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, example_listing: Path) -> Iterator[str]:
    """Some papers of the bundled listing, with the embedder of its own."""
    folder = tmp_path_factory.mktemp("search")
    lines = example_listing.read_text(encoding="utf-8").splitlines()
    (folder / "some.txt").write_text("\n".join(lines[:23]), encoding="utf-8")
    build([str(folder / "some.txt")], folder / "g", Settings(embedder="minilm"))
    with serving(str(folder / "g")) as address:
        yield address


def options(page: Any) -> Any:
    return page.locator("#suggestions [role=option]")


def test_suggestions_are_chosen_by_keyboard_and_marked_with_their_kind(page: Any) -> None:
    page.goto("/map")
    page.keyboard.press("/")
    page.keyboard.type("bert", delay=10)
    options(page).first.wait_for()
    box = page.get_by_role("combobox", expanded=True)
    said = options(page).locator(".tag").all_inner_texts()
    assert {t.split(",")[0] for t in said} >= {"paper", "model"}
    kinds = {f"paper, {k}" for k in PaperKind}
    assert all(", ".join(t.split(", ")[:2]) in kinds for t in said if t.startswith("paper")), (
        "what kind of paper"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    first = options(page).first
    assert first.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    name = first.locator("bdi").inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=name, level=1).wait_for()


def test_escape_closes_and_enter_without_a_choice_searches(page: Any) -> None:
    page.goto("/")
    page.fill("input[name=q]", "attention")
    options(page).first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", expanded=False).wait_for()
    assert page.input_value("input[name=q]") == "attention"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=attention")


def test_quick_typing_asks_little_and_the_answer_fits_the_last_word(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/search.json" in r.url else None)
    page.goto("/")
    page.locator("input[name=q]").press_sequentially("attention is all", delay=15)
    page.locator("#suggestions bdi", has_text="Attention Is All You Need").first.wait_for()
    assert len({u.split("q=")[1] for u in asked}) <= 4
    assert "q=attention+is+all&" in asked[-1]


def test_a_misspelt_word_is_suggested_as_such(page: Any) -> None:
    page.goto("/")
    page.locator("input[name=q]").press_sequentially("atention", delay=10)
    hit = options(page).filter(has_text="by spelling").first
    hit.wait_for()
    assert "attention" in hit.inner_text().casefold()


def test_what_holds_no_word_is_found_by_meaning_and_says_so(page: Any) -> None:
    page.goto("/")
    page.locator("input[name=q]").press_sequentially("fluent dialogue", delay=5)
    hit = options(page).filter(has_text="by meaning").first
    hit.wait_for()
    name = hit.locator("bdi").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert "by meaning" in page.get_by_role("listitem").filter(has_text=name).first.inner_text()


def test_a_field_for_a_name_suggests_names_and_is_filled(page: Any) -> None:
    page.goto("/connected")
    field = page.get_by_label("Name").first
    field.press_sequentially("bert", delay=10)
    offered = page.locator(".suggest:visible [role=option]")
    offered.first.wait_for()
    assert "paper," not in " ".join(offered.locator(".tag").all_inner_texts()), "concepts alone"
    name = offered.first.locator("bdi").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value() == name
    page.keyboard.press("Enter")
    page.wait_for_url("**/connected?name=*")
    page.goto("/path")
    page.get_by_label("From").press_sequentially("attention is", delay=10)
    offered.filter(has_text="Attention Is All You Need").first.click()
    assert page.get_by_label("From").input_value() == "Attention Is All You Need"
    assert page.url.endswith("/path"), "a field is filled, not left"


def test_an_open_list_is_accessible(browser: Any, site: str) -> None:
    with watched(browser, site, bypass_csp=True) as page:
        page.goto("/")
        page.locator("input[name=q]").press_sequentially("bert", delay=10)
        options(page).first.wait_for()
        page.keyboard.press("ArrowDown")
        found = Axe().run(page).response["violations"]
        assert not [(v["id"], v["nodes"][0]["html"]) for v in found]
        page.goto("/connected")
        page.get_by_label("Name").first.press_sequentially("bert", delay=10)
        page.locator(".suggest:visible [role=option]").first.wait_for()
        found = Axe().run(page).response["violations"]
        assert not [(v["id"], v["nodes"][0]["html"]) for v in found]


def test_without_javascript_search_is_a_form(browser: Any, site: str) -> None:
    with watched(browser, site, java_script_enabled=False) as page:
        page.goto("/")
        page.fill("input[name=q]", "atention is al you need")
        page.press("input[name=q]", "Enter")
        page.wait_for_url("**/search?q=*")
        assert page.locator("main ol a.title").first.inner_text() == "Attention Is All You Need"
