"""Opening files: what is refused as a whole, which lines are, and that nothing but InputError comes out."""

import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papergraph import sources
from papergraph.errors import InputError, UsageError
from papergraph.sources import opening

ABSTRACT = (
    "We study small things. They turn out to be large. Experiments on four data sets confirm this at length."
)


def write(folder: Path, content: bytes | str, name: str = "input.txt") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def refusal(path: str, format: str | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        sources.read_file(path, format)
    assert caught.value.message
    return caught.value


@pytest.mark.parametrize("content", ["", "  \n\r\n\t", "\ufeff", "\ufeff\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    error = refusal(write(tmp_path, content))
    assert "is empty" in error.message
    assert "input.txt" in error.message


def test_a_missing_file_a_folder_and_a_bad_path_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(str(tmp_path / "nowhere.txt")).message
    assert "is a folder" in refusal(str(tmp_path)).message
    assert "cannot be read" in refusal("a\0b").message


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "A Title\n")

    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "Permission denied" in refusal(path).message


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (bytes(range(256)) * 4, "a binary file"),
        (b"<!DOCTYPE html>\n<html><body>x</body></html>", "HTML or XML"),
        (b"\n  <html lang='en'>\n<head>", "HTML or XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<feed/>", "HTML or XML"),
        ("A Title\nAn abstract.\n".encode("utf-16"), "UTF-16LE"),
    ],
)
def test_what_is_not_text_is_refused_by_name(tmp_path: Path, content: bytes, what: str) -> None:
    assert what in refusal(write(tmp_path, content)).message


def test_another_encoding_is_refused_with_the_byte_offset(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "Müller über Übung\nGrößen äußern sich\n".encode("latin-1")))
    assert "byte 0xFC at byte offset 1, line 1" in error.message
    assert "iconv" in error.hint


def test_one_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    first, second = f"A First Title\n{ABSTRACT}\n".encode(), f"A Second Title\n{ABSTRACT}\n".encode()
    damaged = "A Title with ü\n".encode("latin-1")
    result = sources.read_file(write(tmp_path, b"\xef\xbb\xbf" + first + damaged + second))
    assert [r.title for r in result.records] == ["A First Title", "A Second Title"]
    assert [r.line for r in result.records] == [1, 4]
    (rejected,) = result.rejected
    assert rejected.line == 3
    assert rejected.reason == f"not UTF-8: byte 0xFC at byte offset {3 + len(first) + 13}"


def test_a_line_of_five_megabytes_costs_only_itself(tmp_path: Path) -> None:
    text = f"A First Title\n{ABSTRACT}\n{'x' * 5_000_000}\nA Second Title\n{ABSTRACT}\n"
    result = sources.read_file(write(tmp_path, text))
    assert [r.title for r in result.records] == ["A First Title", "A Second Title"]
    (rejected,) = result.rejected
    assert (rejected.line, rejected.text) == (3, "x" * 200)
    assert "5,000,000 bytes" in rejected.reason


def test_nul_bytes_reject_their_line(tmp_path: Path) -> None:
    text = f"A First Title\n{ABSTRACT}\nA Sec\0ond Title\n{ABSTRACT}\n" + f"A Title\n{ABSTRACT}\n" * 3
    result = sources.read_file(write(tmp_path, text))
    assert len(result.records) == 4
    assert result.rejected[0].line == 3
    assert "NUL byte" in result.rejected[0].reason


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path, newline: str, mark: str) -> None:
    lines = ["A First Title  ", ABSTRACT + " ", "", "  A Second Title", ABSTRACT]
    result = sources.read_file(write(tmp_path, mark + newline.join(lines)))
    assert [(r.title, r.abstract, r.line) for r in result.records] == [
        ("A First Title", ABSTRACT, 1),
        ("A Second Title", ABSTRACT, 4),
    ]
    assert not result.rejected


def test_gzip_is_known_by_its_content_in_several_members(tmp_path: Path) -> None:
    packed = gzip.compress(f"A First Title\n{ABSTRACT}\n".encode()) + gzip.compress(
        f"Another\n{ABSTRACT}\n".encode()
    )
    result = sources.read_file(write(tmp_path, packed, "plain.txt"))
    assert [r.title for r in result.records] == ["A First Title", "Another"]


def test_damaged_gzip_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(ABSTRACT.encode() * 100)
    assert "end too early" in refusal(write(tmp_path, packed[:-20])).message
    assert "damaged gzip" in refusal(write(tmp_path, packed[:15] + b"\xff\xff\xff" + packed[18:])).message


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 3 << 20)
    path = write(tmp_path, gzip.compress(b"a" * (8 << 20)))
    assert "unpacks to more than 3 MiB" in refusal(path).message
    assert "larger than 3 MiB" in refusal(write(tmp_path, b"a\n" * (2 << 20))).message


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(f"A Title\n{ABSTRACT}\n".encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    (record,) = sources.read_file("-").records
    assert record.source == "stdin:1"


@pytest.mark.parametrize(
    ("content", "name", "format"),
    [
        ('{"title": "A", "abstract": "B"}\n', "x.txt", "jsonl"),
        ("\ufeff\n{\n", "x.txt", "jsonl"),
        ("id,Title,Summary\n1,A,B\n", "x.txt", "csv"),
        ('"title";"abstract"\n', "x.dat", "csv"),
        ("title\tyear\nA\t2000\n", "x.txt", "csv"),
        ("% exported\n@article{k,\n title={A}}\n", "x.txt", "bibtex"),
        ("TY  - JOUR\nTI  - A\nER  - \n", "x.txt", "ris"),
        ("A Title, an Abstract, and More\n" + ABSTRACT, "x.txt", "listing"),
        ("Title and Abstract\n" + ABSTRACT, "x.txt", "listing"),
        ("@Home: Robots for Everyone\n" + ABSTRACT, "x.txt", "listing"),
        ("{Braces} in a Title\n" + ABSTRACT, "x.txt", "listing"),
        ("authors,year\nA,2000\n", "x.csv.gz", "csv"),
    ],
)
def test_the_format_is_chosen_by_content(content: str, name: str, format: str) -> None:
    assert sources.detect(content.removeprefix("\ufeff").split("\n"), name) == format


def test_the_format_can_be_overridden(tmp_path: Path) -> None:
    path = write(tmp_path, "title,year\nA,2000\n")
    assert sources.read_file(path).format == "csv"
    assert sources.read_file(path, "listing").format == "listing"
    with pytest.raises(UsageError, match="--input-format"):
        sources.read_file(path, "word")


def test_names_in_records_tell_files_apart(tmp_path: Path) -> None:
    assert sources.display_names(["a/x.txt", "b/x.txt", "y.txt", "-"]) == [
        "a/x.txt",
        "b/x.txt",
        "y.txt",
        "stdin",
    ]
    assert sources.display_names(["x.txt", "./x.txt"]) == ["x.txt", "x.txt"]
    (record,) = sources.read_file(write(tmp_path, f"A\n{ABSTRACT}"), name="folder/x.txt").records
    assert record.source == "folder/x.txt:1"


# Pieces that lead the readers into their corners more often than random text does.
PIECES = st.sampled_from(
    [
        "{", "}", '"', "title", "abstract", ",", ";", "\t", "\n", "\r\n", "@article{k,", "title={A}",
        "@string{a=", "TY  - JOUR", "TI  - A", "ER  - ", "AB  - ", '{"title": "A", "abstract": "B"}', "[",
        "]",
        "\\ud800", "null",
        "Get trending papers in your email inbox!", "Subscribe", "(", ")", "$", "\\", "{\\'e}", "year",
        "2020",
        "\ufeff", "\u2028", "references", "1e999", "NaN", ABSTRACT, "%", "@comment{", "doi",
        "authors", "#",
    ]
)  # fmt: skip
WILD = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map(
    lambda parts: "".join(parts).encode("utf-8", "replace")
)


@settings(deadline=None)  # setting up the BibTeX parser takes its time
@given(
    content=st.one_of(WILD, st.binary(max_size=200)),
    format=st.sampled_from([None, *sources.FORMATS]),
    packed=st.booleans(),
)
@example(
    content=b'{"title": "A\\ud800", "year": [1], "authors": [[1]], "references": 3}',
    format="jsonl",
    packed=False,
)
@example(content=b"[" * 100_000, format="jsonl", packed=False)
@example(content=b'{"title":' + b"1" * 5000 + b"}", format="jsonl", packed=False)
@example(content=b"@article{a, title = {" + b"{" * 3000, format="bibtex", packed=True)
@example(content=b'title\n"' + b"a,\n" * 500, format="csv", packed=False)
def test_any_input_gives_records_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, format: str | None, packed: bool
) -> None:
    path = write(tmp_path_factory.getbasetemp(), gzip.compress(content) if packed else content, "wild")
    try:
        result = sources.read_file(path, format)
    except InputError:
        return
    for record in result.records:
        assert record.title.strip()
        assert record.file == "wild"
        assert 1 <= record.line <= content.count(b"\n") + content.count(b"\r") + 1
        for text in (record.title, record.abstract, record.venue or "", *record.authors, *record.references):
            text.encode()  # no lone surrogates
            assert "\0" not in text
    for problem in (*result.rejected, *result.warnings):
        assert problem.reason
        assert len(problem.text) <= 200
    assert (
        result.records
        or result.rejected
        or not content.decode(errors="replace").strip("\ufeff").strip()
        or format
        or b"rending" in content
        or b"Subscribe" in content
        or b"@" in content
    )
