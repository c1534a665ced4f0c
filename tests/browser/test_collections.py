"""Collections, marks and notes in a real Chromium: with JavaScript, by keyboard, and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from question_graph import HOSTILE, question_graph
from serving import serving, watched
from synthetic import write_graph

NOTE = "<img src=x onerror=alert(1)>\nsecond line"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    write_graph(tmp_path / "g", question_graph())
    with serving(str(tmp_path / "g")) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """A watched tab, with JavaScript and without."""
    with watched(browser, site, java_script_enabled=request.param) as tab:
        yield tab


def titles(page: Any) -> list[str]:
    return [t.strip() for t in page.locator("table.kept tbody tr .title").all_inner_texts()]


def test_papers_are_collected_noted_sorted_and_removed(page: Any) -> None:
    page.goto("/listings/list")
    for title in ("Teaching Small Models", "DistilBERT", HOSTILE.replace("\u202e", "")[:20]):
        page.get_by_role("checkbox", name=title).check()
    page.get_by_label("A new collection for the ticked papers").fill("Small <b>models</b>")
    page.keyboard.press("Enter")  # keeps, and stays on the list
    page.wait_for_url("**/listings/list")
    page.locator("li", has_text="Teaching Small Models").get_by_role(
        "link", name="Small <b>models</b>"
    ).click()
    assert page.inner_text("h1") == "Small <b>models</b>"
    page.get_by_role("link", name="Paper", exact=True).click()
    page.wait_for_url("**sort=title")
    in_order = titles(page)
    assert len(in_order) == 3 and in_order == sorted(in_order, key=str.casefold)
    page.get_by_role("link", name="Paper", exact=True).click()
    page.wait_for_url("**sort=-title")
    assert titles(page) == in_order[::-1]

    row = page.locator("tr", has_text="Teaching Small Models")
    row.locator("summary").click()
    row.get_by_label("Note").fill(NOTE)
    row.get_by_role("button", name="Save the note").click()
    page.wait_for_url("**sort=-title#row-*")
    assert page.locator("tr", has_text="Teaching Small Models").locator(".text").inner_text() == NOTE

    page.get_by_role("checkbox", name="Teaching Small Models").check()
    page.get_by_role("checkbox", name="DistilBERT").check()
    page.get_by_label("Where to keep").select_option("to read")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 3")
    assert [c.strip() for c in page.locator("tbody td:nth-child(4)").all_inner_texts()].count("to read") == 2

    page.get_by_role("button", name="Remove DistilBERT").click()
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 2")
    page.goto("/collection/to_read")
    assert len(titles(page)) == 2


def test_ticked_papers_are_compared(page: Any) -> None:
    page.goto("/search?q=knowledge+distillation")
    for title in ("Teaching Small Models", "DistilBERT"):
        page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare?paper=*&paper=*")
    assert page.locator("table.compare thead th").count() == 3


def test_a_paper_is_marked_and_collected_on_its_page(page: Any) -> None:
    page.goto("/papers/bert")
    page.get_by_role("button", name="To read", exact=True).click()
    page.wait_for_url("**/papers/bert#keep")
    assert page.get_by_role("button", name="To read", exact=True).get_attribute("aria-pressed") == "true"
    page.get_by_label("Name of a new collection").fill("Encoders")
    page.get_by_role("button", name="Add to the collection").click()
    page.get_by_role("button", name="Remove it from Encoders").wait_for()
    page.get_by_role("link", name="Encoders").click()
    assert len(titles(page)) == 1
    page.locator("summary", has_text="Rename or delete").click()
    page.get_by_label("Name", exact=True).fill("Encoders of text")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("heading", name="Encoders of text").wait_for()
    page.locator("summary", has_text="Rename or delete").click()
    page.get_by_role("button", name="Delete it").click()
    page.wait_for_url("**/collections")
    assert "There is none yet" in page.inner_text("main")


def test_all_is_exported_and_imported(page: Any, tmp_path: Path) -> None:
    page.goto("/papers/bert")
    page.get_by_label("Name of a new collection").fill("Encoders")
    page.get_by_role("button", name="Add to the collection").click()
    page.get_by_role("button", name="Remove it from Encoders").wait_for()
    page.goto("/collections")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Export everything").click()
    file = tmp_path / "state.json"
    waiting.value.save_as(file)
    page.locator("summary").first.click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_text("There is none yet").wait_for()
    page.get_by_label("An exported file").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Imported: 1 new collection, 1 paper put into collections").wait_for()
    assert page.get_by_role("link", name="Encoders").count() == 1


def test_buttons_wait_for_ticks(browser: Any, site: str) -> None:
    page = browser.new_page(base_url=site)
    page.goto("/listings/list")
    keep = page.get_by_role("button", name="Keep", exact=True)
    assert keep.is_disabled()
    every = page.get_by_role("checkbox", name="all", exact=True)
    every.check()
    assert keep.is_enabled()
    assert page.locator("input.tick:checked").count() == 7
    assert "7 of 7 ticked" in page.inner_text("#ticked")
    every.uncheck()
    assert keep.is_disabled()
    page.close()
