"""JSON Lines and CSV: columns under many names, values of many types, and rows that cannot be taken."""

import json
from pathlib import Path
from typing import Any

import pytest

from papergraph import sources
from papergraph.errors import InputError
from papergraph.model import Record
from papergraph.sources.result import ReadResult

ABSTRACT = "We study small things. They turn out to be large."


def read(folder: Path, text: str, format: str | None = None) -> ReadResult:
    path = folder / "input.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return sources.read_file(str(path), format)


def read_objects(folder: Path, *objects: Any) -> ReadResult:
    return read(folder, "".join(json.dumps(x) + "\n" for x in objects), "jsonl")


FULL = Record(
    title="Small Things",
    abstract=ABSTRACT,
    file="input.txt",
    line=1,
    year=2020,
    date="2020-05-01",
    authors=("Ada Lovelace", "Alan Turing"),
    venue="Journal of Small Things",
    url="https://example.org/1",
    doi="10.1000/182",
    arxiv_id="2005.00001",
    references=("1706.03762", "10.1000/7", "On Large Things in General"),
)


def test_every_column_of_json_lines(tmp_path: Path) -> None:
    row = {
        "title": "Small Things", "abstract": ABSTRACT, "year": 2020, "date": "2020-05-01T10:00:00Z",
        "authors": ["Ada Lovelace", "Turing, Alan"],
        "venue": "Journal of Small Things",
        "url": "https://example.org/1",
        "doi": "https://doi.org/10.1000/182", "arxiv_id": "arXiv:2005.00001v2",
        "references": ["1706.03762", {"doi": "10.1000/7"}, {"title": "On Large Things in General"}],
        "stars": 5,
    }  # fmt: skip
    result = read_objects(tmp_path, row)
    assert result.records == [FULL]
    assert not result.rejected + result.warnings


def test_every_column_of_csv_in_any_order_with_any_separator(tmp_path: Path) -> None:
    cells = {
        "Authors": "Lovelace, Ada and Turing, Alan", "Title": "Small Things", "Abstract": ABSTRACT,
        "Year": "2020",
        "Publication Date": "1 May 2020", "Journal": "Journal of Small Things", "link": "https://example.org/1",
        "DOI": "doi:10.1000/182", "arXiv ID": "2005.00001", "stars": "5",
        "References": "1706.03762; 10.1000/7; On Large Things in General",
    }  # fmt: skip
    for separator in ",;\t":
        lines = [separator.join(f'"{x}"' for x in row) for row in (cells, cells.values())]
        result = read(tmp_path, "\r\n".join(lines))
        assert result.format == "csv"
        (record,) = result.records
        assert (record.line, record.title, record.authors, record.date) == (
            2,
            FULL.title,
            FULL.authors,
            FULL.date,
        )
        assert (record.doi, record.arxiv_id, record.url) == (FULL.doi, FULL.arxiv_id, FULL.url)
        assert (record.references, record.venue) == (FULL.references, FULL.venue)
        assert not result.rejected + result.warnings


@pytest.mark.parametrize("name", ["summary", "Summary", "Paper Abstract", "paper-abstract", "ABSTRACT"])
def test_columns_have_other_names(tmp_path: Path, name: str) -> None:
    assert read_objects(tmp_path, {"Title": "A B C", name: ABSTRACT}).records[0].abstract == ABSTRACT


def test_a_column_goes_before_its_other_names(tmp_path: Path) -> None:
    for row in ({"title": "A", "name": "B", "abstract": "C"}, {"name": "B", "title": "A", "abstract": "C"}):
        assert read_objects(tmp_path, row).records[0].title == "A"


def test_an_id_counts_only_where_it_is_an_arxiv_id(tmp_path: Path) -> None:
    rows = [{"title": t, "abstract": ABSTRACT, "id": t} for t in ("0704.0001", "2021.acl-long.1", "7")]
    result = read_objects(tmp_path, *rows)
    assert [r.arxiv_id for r in result.records] == ["0704.0001", None, None]
    assert not result.warnings


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "A", "abstract": }', "not JSON: Expecting value (character 28)"),
        ('{"title": "A", "abstract": "B"', "not JSON"),
        ("[1, 2]", "a list, not an object"),
        ("7", "a number, not an object"),
        ("null", "null, not an object"),
        ('{"abstract": "B"}', "title is missing"),
        ('{"title": "  ", "abstract": "B"}', "title is empty"),
        ('{"title": 7, "abstract": "B"}', "title is a number, not text"),
        ('{"title": "A", "abstract": ["B"]}', "abstract is a list, not text"),
        ('{"title": true}', "title is true or false, not text"),
        ("{" * 5000, "not JSON"),
        ('{"title":' + "[" * 5000, "not JSON"),
        ("plain text", "not JSON"),
    ],
)
def test_a_bad_json_line_costs_only_itself(tmp_path: Path, line: str, reason: str) -> None:
    good = json.dumps({"title": "A", "abstract": "B"})
    result = read(tmp_path, f"{good}\n\n{line}\n{good}\n", "jsonl")
    assert [r.line for r in result.records] == [1, 4]
    (rejected,) = result.rejected
    assert rejected.line == 3
    assert rejected.reason.startswith(reason)
    assert rejected.text == line[:200]


def test_json_that_is_not_json_lines(tmp_path: Path) -> None:
    rows = [{"title": "A", "abstract": "B"}, {"title": "C", "abstract": "D"}]
    assert len(read(tmp_path, json.dumps(rows)).records) == 2
    with pytest.raises(InputError, match="over several lines") as caught:
        read(tmp_path, json.dumps(rows, indent=1))
    assert "jq" in caught.value.hint


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("year", "twenty", "year is 'twenty', not a year"),
        ("year", 99999, "year is 99999, not a year"),
        ("year", [2020], "year is [2020], not a year"),
        ("year", True, "year is True, not a year"),
        ("year", float("inf"), "year is inf, not a year"),
        ("date", "someday", "date is 'someday', not a date"),
        ("date", "2020-02-31", "date is '2020-02-31', not a date"),
        ("date", 1589000000, "date is a number, not text"),
        ("authors", 3, "authors is a number, not a list"),
        ("authors", [3, "Ada"], "authors holds 3, not a name"),
        ("venue", {"name": "J"}, "venue is an object, not text"),
        ("doi", "unknown", "doi is 'unknown', not a DOI"),
        ("arxiv_id", "x", "arxiv_id is 'x', not an arXiv id"),
        ("references", 12, "references is a number, not a list"),
        ("references", [None], "references holds None, not a title"),
        ("abstract", "", "title without an abstract"),
        ("abstract", "half \ud800 a character", "abstract holds a lone surrogate"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_kept(tmp_path: Path, field: str, value: Any, note: str) -> None:
    result = read_objects(tmp_path, {"title": "A", "abstract": "B"} | {field: value})
    assert len(result.records) == 1
    assert not result.rejected
    (warning,) = result.warnings
    assert warning.reason.startswith(note)
    assert (warning.line, warning.text) == (1, "A")


@pytest.mark.parametrize(
    ("given", "year", "date"),
    [
        ({"year": "2020"}, 2020, None),
        ({"year": 2020.0}, 2020, None),
        ({"date": "2020"}, 2020, "2020"),
        ({"date": "2020-5"}, 2020, "2020-05"),
        ({"date": "2020/05/07"}, 2020, "2020-05-07"),
        ({"date": "May 7, 2020"}, 2020, "2020-05-07"),
        ({"date": "7 sept. 2020"}, 2020, "2020-09-07"),
        ({"date": "2019-12-31", "year": 2020}, 2020, "2019-12-31"),
        ({"year": None, "date": None}, None, None),
    ],
)
def test_years_and_dates(tmp_path: Path, given: dict[str, Any], year: int | None, date: str | None) -> None:
    result = read_objects(tmp_path, {"title": "A", "abstract": "B"} | given)
    assert (result.records[0].year, result.records[0].date) == (year, date)
    assert not result.warnings


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Lovelace, Ada", ["Ada Lovelace"]),
        ("Ada Lovelace, Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("A. Lovelace, B. Turing, and C. Shannon", ["A. Lovelace", "B. Turing", "C. Shannon"]),
        ("Lovelace, Ada; Turing, Alan", ["Ada Lovelace", "Alan Turing"]),
        (["van der Berg, Jan Piet", "Madonna"], ["Jan Piet van der Berg", "Madonna"]),
        ([{"name": "Ada"}, {"given": "Alan", "family": "Turing"}, {"name": None}], ["Ada", "Alan Turing"]),
        ("Ada Lovelace and others", ["Ada Lovelace"]),
        ([], []),
        (None, []),
    ],
)  # fmt: skip
def test_authors(tmp_path: Path, given: Any, names: list[str]) -> None:
    result = read_objects(tmp_path, {"title": "A", "abstract": "B", "authors": given})
    assert list(result.records[0].authors) == names


def test_ids_are_found_in_urls_and_arxiv_dois(tmp_path: Path) -> None:
    rows = [
        {"url": "https://arxiv.org/abs/1706.03762v1"},
        {"url": "https://doi.org/10.1000/X"},
        {"doi": "10.48550/arXiv.1706.03762"},
    ]
    result = read_objects(tmp_path, *({"title": "A", "abstract": "B"} | row for row in rows))
    assert [(r.doi, r.arxiv_id) for r in result.records] == [
        (None, "1706.03762"),
        ("10.1000/x", None),
        (None, "1706.03762"),
    ]
    assert not result.warnings


def test_text_is_tidied(tmp_path: Path) -> None:
    result = read_objects(
        tmp_path, {"title": " A\n  B ", "abstract": "One\r\n  two.\u0000 Three  four.\u2028"}
    )
    assert (result.records[0].title, result.records[0].abstract) == ("A B", "One two.  Three  four.")


def test_csv_rows_over_several_lines_keep_their_line(tmp_path: Path) -> None:
    text = 'title,abstract\n\n"A, with ""quotes""","One\ntwo,\n\nthree"\nB,C\n'
    result = read(tmp_path, text)
    assert [(r.title, r.abstract, r.line) for r in result.records] == [
        ('A, with "quotes"', "One two, three", 3),
        ("B", "C", 7),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("only one", "1 column, where the header has 2"),
        ("a,b,c", "3 columns, where the header has 2"),
        ('"open,b', "a quote is not closed"),
        ('"a"b,c', "not CSV"),
        (",b", "title is empty"),
    ],
)
def test_a_bad_csv_row_costs_only_itself(tmp_path: Path, row: str, reason: str) -> None:
    result = read(tmp_path, f"title,abstract\nA,B\n{row}\nC,D\nE,F\n")
    assert [r.title for r in result.records] == ["A", "C", "E"]
    (rejected,) = result.rejected
    assert (rejected.line, rejected.text) == (3, row)
    assert rejected.reason.startswith(reason)


def test_an_open_quote_that_a_later_row_closes_costs_only_its_row(tmp_path: Path) -> None:
    result = read(tmp_path, 'title,abstract\n"A,B\nC,D\n"E","F"\nG,H\n')
    assert [r.title for r in result.records] == ["C", "E", "G"]
    assert [r.line for r in result.rejected] == [2]


def test_missing_columns(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"input.txt:1: the header has no column title; its columns are: name1, year"
    ):
        read(tmp_path, "name1,year\nA,2000\n", "csv")
    result = read(tmp_path, "title,year\nA,2000\n")
    assert result.records[0].title == "A"
    assert result.warnings[0].reason == "the header has no column abstract"


def test_a_long_csv_field_is_read(tmp_path: Path) -> None:
    long = "word " * 60_000
    assert read(tmp_path, f"title,abstract\nA,{long}\n").records[0].abstract == long.strip()
