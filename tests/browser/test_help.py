"""The keys on every page and the tour, worked by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving import serving, watched
from synthetic import example_graph, write_graph


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("help") / "g"
    write_graph(folder, example_graph())
    with serving(str(folder)) as address:
        yield address


@pytest.mark.parametrize("path", ["/", "/concepts/bert", "/graph?concept=bert", "/cypher", "/compare"])
def test_the_keys_open_and_close_and_give_the_focus_back(page: Any, path: str) -> None:
    page.goto(path)
    link = page.get_by_role("link", name="This page as JSON")
    link.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    assert "to the search box" in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert link.evaluate("e => e === document.activeElement")
    page.get_by_role("link", name="Help").click()  # and without a keyboard
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")


def test_a_question_mark_that_is_typed_is_text(page: Any) -> None:
    page.goto("/cypher")
    page.locator("#own").press_sequentially("why?")
    assert page.input_value("#own") == "why?"
    assert page.get_by_role("dialog").count() == 0


def test_without_javascript_help_is_a_page(browser: Any, site: str) -> None:
    with watched(browser, site, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="Help").click()
        page.wait_for_url("**/help")
        assert "makes it the centre" in page.inner_text("main")


def test_the_tour_is_offered_when_asked_for_and_remembered(page: Any) -> None:
    page.goto("/")
    assert page.get_by_role("complementary", name="Tour").count() == 0  # not for a browser that is driven
    page.goto("/?tour=1")
    tour = page.get_by_role("complementary", name="Tour")
    tour.get_by_role("button", name="Show me").press("Enter")
    for i in range(1, 6):
        tour.get_by_role("heading", name=f"{i} of 5").wait_for()
        assert page.locator(".toured").count() == 1
        tour.get_by_role("button", name="Next" if i < 5 else "Done").press("Enter")
    tour.wait_for(state="detached")
    assert page.locator(".toured").count() == 0
    assert page.evaluate("localStorage.getItem('papergraph-tour')") == "done"


def test_the_tour_is_left_with_escape(page: Any) -> None:
    page.goto("/?tour=1")
    tour = page.get_by_role("complementary", name="Tour")
    tour.get_by_role("button", name="Show me").click()
    page.keyboard.press("Escape")
    tour.wait_for(state="detached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialog_and_tour_are_accessible(browser: Any, site: str, scheme: str) -> None:
    with watched(browser, site, bypass_csp=True, color_scheme=scheme) as page:
        page.goto("/?tour=1")
        page.get_by_role("button", name="Show me").click()
        found = Axe().run(page).response["violations"]
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys").wait_for()
        found += Axe().run(page).response["violations"]
        assert not [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
