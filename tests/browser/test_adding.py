"""Adding a listing in a real Chromium: its progress and what became of it, with JavaScript and without."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import serving, watched

from papergraph.build import build
from papergraph.settings import Settings

FIRST = "TinyStep: Small Models That Reason\nWe present TinyStep. It fine-tunes T5 on rationales of GPT-4.\n"
NAME = "week <img src=x onerror=alert(1)>.txt"
SECOND = "".join(
    f"Study {i} of Small Models\nWe propose Step{i}, which extends TinyStep with topic {i}. It uses GSM8K.\n"
    for i in range(12)
)
REJECTED = '{"abstract": "A record without a title <b>x</b>."}\n'
DROPPED = """size => {
    const data = new DataTransfer();
    data.items.add(new File(["x".repeat(size)], "dropped.txt"));
    return data;
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adding")
    (folder / "first.txt").write_text(FIRST)
    build([str(folder / "first.txt")], folder / "g", Settings())
    return folder / "g"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Iterator[str]:
    shutil.copytree(built, tmp_path / "g")
    with serving(str(tmp_path / "g"), Settings(allow_upload=True, upload_bytes=5000)) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """A watched tab, with JavaScript and without."""
    with watched(browser, site, java_script_enabled=request.param) as tab:
        tab.scripted = request.param
        yield tab


def over(page: Any) -> Any:
    """The job once it is over: the page sees to it itself, or by its link."""
    page.set_default_timeout(300_000)
    if not page.scripted:
        while page.locator("#job[data-state=running]").count():
            page.get_by_role("link", name="See how far it is").click()
            page.wait_for_timeout(300)
    job = page.locator("#job:not([data-state=running])")
    job.wait_for()
    return job


def test_a_listing_is_added_with_progress_and_a_summary(page: Any) -> None:
    page.goto("/add")
    page.get_by_label("Choose a file").set_input_files(
        {"name": NAME, "mimeType": "text/plain", "buffer": SECOND.encode()}
    )
    page.get_by_role("button", name="Add it").click()
    running = page.locator("#job[data-state=running]")
    running.wait_for()
    assert "week _img src_x onerror_alert(1)_.txt" in running.inner_text()
    assert running.locator("progress").is_visible()
    assert running.locator("[aria-current=step]").count() == 1
    assert page.locator("form#add").count() == 0, "one at a time"
    text = over(page).inner_text()
    assert "Added: 12 entries, 12 papers that no listing had" in text
    assert "The graph now holds 13 papers" in text
    page.get_by_role("link", name="The listing").click()
    assert page.locator("main ol > li").count() == 12


def test_what_was_not_taken_is_said_with_its_reason(page: Any) -> None:
    page.goto("/add")
    record = '{"title": "A Study", "abstract": "We study LoRA."}\n'
    page.get_by_label("Choose a file").set_input_files(
        {"name": "x.jsonl", "mimeType": "", "buffer": (record + REJECTED).encode()}
    )
    page.get_by_role("button", name="Add it").click()
    text = over(page).inner_text()
    assert "1 entry, 1 paper that no listing had" in text
    assert "1 rejected piece" in text and "<b>x</b>" in text
    page.get_by_label("Choose a file").set_input_files(
        {"name": "paper.pdf", "mimeType": "", "buffer": b"%PDF-1.4"}
    )
    page.get_by_role("button", name="Add it").click()
    text = over(page).inner_text()
    assert "It was not added" in text and "PDF" in text and "The graph is as it was" in text


def test_a_file_is_dropped_and_one_that_is_too_large_is_not_sent(browser: Any, site: str) -> None:
    with watched(browser, site) as page:
        page.goto("/add")

        def drop(size: int) -> None:
            data = page.evaluate_handle(DROPPED, size)
            page.dispatch_event("#drop", "drop", {"dataTransfer": data})

        drop(6000)
        assert "larger than 5 kB" in page.inner_text("#refused")
        page.get_by_role("button", name="Add it").click()
        assert page.get_by_role("button", name="Add it").is_enabled()
        assert page.locator("#job").count() == 0
        drop(100)
        assert page.locator("#refused").is_hidden()
        assert page.evaluate("document.querySelector('#add').elements.file.files[0].name") == "dropped.txt"


def test_a_listing_over_the_limit_is_refused_in_words(browser: Any, site: str) -> None:
    page = browser.new_page(base_url=site, java_script_enabled=False)
    page.goto("/add")
    page.get_by_label("Choose a file").set_input_files(
        {"name": "large.txt", "mimeType": "", "buffer": b"x" * 6000}
    )
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Add it").click()
    assert answer.value.status == 413
    assert "larger than 5 kB" in page.inner_text("main")
    page.close()
