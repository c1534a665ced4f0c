"""The bundled examples: well formed, read without a loss, and the two forms of the lineage in agreement."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from papergraph import sources
from papergraph.assets import example
from papergraph.text import fold_title, sentences

LISTINGS = ["lineage.txt", "ordinary.txt"]
PREAMBLE = (
    "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
)
ARXIV = re.compile(r"\d{4}\.\d{4,5}")


def entries(name: str) -> list[tuple[str, str]]:
    text = example(name).read_text(encoding="utf-8")
    assert text.startswith(PREAMBLE)
    lines = text.removeprefix(PREAMBLE).split("\n")
    assert len(lines) % 2 == 0, "a title without an abstract, or a line too many"
    return list(zip(lines[::2], lines[1::2], strict=True))


def records() -> list[dict[str, Any]]:
    with example("lineage.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("name", LISTINGS)
def test_every_title_has_an_abstract_of_three_to_five_sentences(name: str) -> None:
    for title, abstract in entries(name):
        assert title == title.strip() and len(title) < 130
        assert abstract == abstract.strip()
        assert 3 <= len(sentences(abstract)) <= 5, title
        assert 250 < len(abstract) < 900, title


@pytest.mark.parametrize(("name", "count"), [("lineage.txt", 68), ("ordinary.txt", 30)])
def test_titles_and_abstracts_are_unique(name: str, count: int) -> None:
    found = entries(name)
    assert len({fold_title(title) for title, _ in found}) == len(found) == count
    assert len({abstract for _, abstract in found}) == count


@pytest.mark.parametrize("name", LISTINGS)
def test_the_listing_reader_finds_each_entry_at_its_line(name: str) -> None:
    result = sources.read_file(str(example(name)))
    assert [(r.title, r.abstract) for r in result.records] == entries(name)
    assert [r.line for r in result.records] == list(range(3, 3 + 2 * len(result.records), 2))
    assert not result.rejected
    assert not result.warnings


def test_the_json_lines_hold_the_same_papers_as_the_listing() -> None:
    assert [(r["title"], r["abstract"]) for r in records()] == entries("lineage.txt")
    result = sources.read_file(str(example("lineage.jsonl")))
    assert [(r.title, r.abstract) for r in result.records] == entries("lineage.txt")
    assert not result.rejected


def test_dates_and_arxiv_ids_agree_with_the_year() -> None:
    for record in records():
        if "arxiv_id" in record:
            assert ARXIV.fullmatch(record["arxiv_id"]), record["title"]
            assert record["url"] == f"https://arxiv.org/abs/{record['arxiv_id']}"
            assert int(record["arxiv_id"][:2]) + 2000 == record["year"], record["title"]
        if "date" in record:
            day = datetime.date.fromisoformat(record["date"])
            assert day.year == record["year"], record["title"]
            # arXiv numbers a paper when it is announced, which may be some days later and in the next month.
            months = {day.month, (day + datetime.timedelta(days=4)).month}
            assert int(record["arxiv_id"][2:4]) in months, record["title"]
        assert record["authors"] and len(set(record["authors"])) == len(record["authors"])


def test_ids_in_the_order_of_their_numbers_are_in_the_order_of_their_dates() -> None:
    dated = sorted((r["arxiv_id"], r["date"]) for r in records() if "date" in r)
    days = [day for _, day in dated]
    assert days == sorted(days)


def test_references_are_other_papers_of_the_listing_and_no_younger() -> None:
    year = {r["title"]: r["year"] for r in records()}
    assert sum(len(r.get("references", [])) for r in records()) > 200
    for record in records():
        cited = record.get("references", [])
        assert len(set(cited)) == len(cited)
        assert record["title"] not in cited
        for title in cited:
            assert year[title] <= record["year"], (record["title"], title)


def test_the_readme_names_every_file_and_its_count() -> None:
    folder = example("lineage.txt").parent
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for file in sorted(p for p in Path(folder).iterdir() if p.name != "README.md"):
        assert f"`{file.name}`" in readme
    assert f"{len(entries('lineage.txt'))} well-known papers" in readme
    assert f"{len(entries('ordinary.txt'))} papers on" in readme
