"""The table of corrections: what a row may say, what is wrong with one, and that others stay as written."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergraph.corrections import FILE, Correction, Kind, Outcome, Status, Table, read_table
from papergraph.corrections.outcome import load_outcomes, reports, save_outcomes
from papergraph.corrections.table import COLUMNS, correction
from papergraph.errors import GraphError, InputError, NotFoundError
from papergraph.model import EntityType, Role

HEADER = ",".join(COLUMNS)


def table(*lines: str, header: str = HEADER) -> Table:
    return Table("\n".join((header, *lines)).encode() + b"\n")


def cells(row: Correction) -> tuple[str, ...]:
    return tuple(getattr(row, c) for c in COLUMNS)


RIGHT = [
    ("merge,,CoT,chain of thought", ("merge", "", "CoT", "chain of thought", "", "")),
    ("MERGE, , CoT ,CoT prompts,,a note", ("merge", "", "CoT", "CoT prompts", "", "a note")),
    ("apart,,MATH,math", ("apart", "", "MATH", "math", "", "")),
    ("not_entity,,reasoning", ("not-entity", "", "reasoning", "", "", "")),
    ("Not Entity,A title,reasoning", ("not-entity", "A title", "reasoning", "", "", "")),
    ("type,,GSM8K,,benchmark", ("type", "", "GSM8K", "", "Benchmark", "")),
    ("role,2201.11903,GSM8K,,evaluates on", ("role", "2201.11903", "GSM8K", "", "evaluates_on", "")),
    ("drop-edge,A,,B,SIMILAR_TO", ("drop-edge", "A", "", "B", "similar", "")),
    ("drop-edge,A,,B,builds on", ("drop-edge", "A", "", "B", "builds_on", "")),
    ("add-edge,A,,B", ("add-edge", "A", "", "B", "builds_on", "")),
    ('add-edge,"A, a",,B,,"see ""it"""', ("add-edge", "A, a", "", "B", "builds_on", 'see "it"')),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wanted"), RIGHT)
def test_a_right_row_is_read_in_any_usual_spelling(line: str, wanted: tuple[str, ...]) -> None:
    (row,) = table(line).rows
    assert (row.problem, cells(row), row.number, row.line) == ("", wanted, 1, 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rename,,A,B", "'rename' is no kind"),
        (",,A,B", "is no kind"),
        ("merge,,A", "merge needs other"),
        ("merge,A paper,A,B", "merge takes no paper"),
        ("merge,,A,A", "same thing twice"),
        ("drop-edge,A,,A,similar", "same thing twice"),
        ("type,,A,,Gadget", "'Gadget' is none of Method, Model"),
        ("type,,A", "type needs value"),
        ("role,,A,,uses", "role needs paper"),
        ("role,P,A,,eats", "'eats' is none of introduces"),
        ("drop-edge,A,,B", "drop-edge needs value"),
        ("drop-edge,A,name,B,similar", "takes no name"),
        ("add-edge,A,,B,similar", "'similar' is none of builds_on"),
        ("merge,,chain, of thought,CoT,,x", "7 cells, where the header has 6"),
        ('merge,,"A,B', "a quote is not closed"),
        ('merge,,"A\nB",C', "a quote is not closed"),
        ("merge,,A\0,B", "line break"),
        (f"merge,,{'A' * 2001},B", "longer than"),
    ],
)
def test_a_wrong_row_says_why_and_costs_no_other(line: str, words: str) -> None:
    rows = table("merge,,A,B", line, "merge,,C,D").rows
    assert words in rows[1].problem
    assert rows[1].line == 3
    assert (rows[0].problem, rows[-1].problem) == ("", "")
    assert cells(rows[-1])[2:4] == ("C", "D")


def test_a_row_of_other_bytes_than_utf8_is_wrong_alone() -> None:
    made = Table(HEADER.encode() + "\nmerge,,Müller,B\n".encode("latin-1") + b"merge,,C,D\n")
    assert ["UTF-8" in r.problem for r in made.rows] == [True, False]
    with pytest.raises(InputError, match=rf"{FILE}:2"):
        made.with_row(correction({"kind": "merge", "name": "A", "other": "B"}))


@pytest.mark.parametrize("header", ["", "name,other", "a;b;c", "kind,kind,name", "kind,name,name"])
def test_a_wrong_header_is_said_once_and_nothing_is_applied(header: str) -> None:
    made = table("merge,,A,B", header=header or "x")
    assert [r.line for r in made.rows] == [1]
    assert "nothing of the file is applied" in made.rows[0].problem
    with pytest.raises(InputError, match=f"{FILE}:1"):
        made.with_row(correction({"kind": "merge", "name": "A", "other": "B"}))


@pytest.mark.parametrize(
    "text",
    [
        "kind;name;other\nmerge;A;B\n",
        "other\tName\tKIND\nB\tA\tmerge",
        "\ufeffkind,note,name,other\r\nmerge,,A,B\r\n",
    ],
)
def test_columns_stand_in_any_order_with_any_separator(text: str) -> None:
    made = Table(text.encode())
    assert [cells(r) for r in made.rows] == [("merge", "", "A", "B", "", "")]
    more = Table(made.with_row(correction({"kind": "apart", "name": "C", "other": "D"})).encode())
    assert [cells(r)[:4] for r in more.rows] == [("merge", "", "A", "B"), ("apart", "", "C", "D")]


def test_a_column_that_is_missing_is_asked_for_before_a_row_is_written() -> None:
    made = Table(b"kind,name,other\n")
    with pytest.raises(InputError, match="lacks value"):
        made.with_row(correction({"kind": "type", "name": "A", "value": "Task"}))


def test_rows_are_added_and_taken_back_and_all_else_stays_as_it_was() -> None:
    text = "Kind, Paper,name,other,value,note\n\nmerge,,  A ,B\n\n  what is this\nmerge,,C,D,,kept"
    made = Table(text.encode())
    assert [r.number for r in made.rows] == [1, 2, 3]
    added = made.with_row(correction({"kind": "type", "name": "E", "value": "Task"}))
    assert added == text + "\ntype,,E,,Task,\n"
    assert Table(added.encode()).without(4) == text + "\n"
    assert Table(added.encode()).without(2) == added.replace("  what is this\n", "")
    for number in (0, 5, -1):
        with pytest.raises(NotFoundError, match=f"no correction {number}"):
            Table(added.encode()).without(number)


def test_the_first_row_makes_the_header() -> None:
    for data in (None, b"", b"\n"):
        text = Table(data).with_row(correction({"kind": "merge", "name": "A", "other": "B"}))
        assert text == f"{HEADER}\nmerge,,A,B,,\n"
    assert (Table(None).digest, Table(None).rows) == ("", ())
    assert Table(b"").digest != ""


def test_what_a_spreadsheet_would_run_is_written_as_text_and_read_back() -> None:
    row = correction({"kind": "merge", "name": "=1+1", "other": "+CoT", "note": "-@"})
    text = Table(None).with_row(row)
    assert text.splitlines()[1] == "merge,,'=1+1,'+CoT,,'-@"
    assert cells(Table(text.encode()).rows[0]) == ("merge", "", "=1+1", "+CoT", "", "-@")


def test_a_key_tells_rows_apart_wherever_they_stand() -> None:
    first, second, third = table("merge,,A,B", "merge,,A,C", "Merge ,,A,B").rows
    assert first.key == third.key != second.key


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    assert read_table(tmp_path).rows == ()
    (tmp_path / FILE).mkdir()
    with pytest.raises(GraphError, match=FILE):
        read_table(tmp_path)


def test_outcomes_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert load_outcomes(tmp_path) == []
    right, wrong = table("merge,,A,B", "merge,,A").rows
    given_ = [
        Outcome(right, Status.APPLIED, "", ("p",), ("a",)),
        Outcome.wrong(wrong),
        Outcome(right, Status.NOT_APPLIED, "why"),
    ]
    save_outcomes(tmp_path, given_)
    found = load_outcomes(tmp_path)
    assert [(o.status, o.reason, o.papers, o.concepts) for o in found] == [
        (o.status, o.reason, o.papers, o.concepts) for o in given_
    ]
    assert [o.correction.key for o in found] == [o.correction.key for o in given_]
    rejected, warnings = reports(given_)
    assert [(r.file, r.line, r.reason) for r in rejected] == [(FILE, 3, "merge needs other")]
    assert [(r.line, r.reason) for r in warnings] == [(2, "not applied: why")]


words = st.text(max_size=12)
row_cells = st.lists(st.one_of(words, st.sampled_from([*Kind, *Role, *EntityType, "similar"])), max_size=8)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    for made in (Table(data), Table(HEADER.encode() + b"\n" + data)):
        for row in made.rows:
            assert row.problem or row.kind in list(Kind)
            assert 0 < row.line <= data.count(b"\n") + 2


@given(st.lists(row_cells, max_size=5))
def test_wild_rows_are_right_or_say_why_and_any_can_be_taken_back(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([COLUMNS, *rows])
    data = buffer.getvalue().encode("utf-8", "replace")
    made = Table(data)
    for row in made.rows:
        if not row.problem:
            assert correction({c: getattr(row, c) for c in COLUMNS}).problem == ""
        left = Table(made.without(row.number).encode())
        assert len(left.rows) <= max(len(made.rows), data.count(b"\n"))
    right = [r for r in made.rows if not r.problem]
    for row in right:
        again = Table(made.with_row(row).encode())
        assert again.rows[-1].key == row.key or made.rows[-1].problem


@given(st.sampled_from(list(Kind)), words, words, words, st.sampled_from([*Role, *EntityType, "similar", ""]))
def test_a_right_row_survives_the_file(kind: Kind, paper: str, name: str, other: str, value: str) -> None:
    row = correction(
        {"kind": kind, "paper": paper, "name": name, "other": other, "value": value, "note": "n"}
    )
    if not row.problem:
        (back,) = Table(Table(None).with_row(row).encode()).rows
        assert (back.problem, cells(back)) == ("", cells(row))


def test_the_page_about_corrections_says_what_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text(encoding="utf-8")
    example = [line[4:] for line in page.splitlines() if line.startswith("    ")]
    made = Table("\n".join(example).encode())
    assert [r.problem for r in made.rows] == [""] * 4
    assert made.rows[2].value == "evaluates_on"
    kinds = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert kinds == list(Kind)
    for word in (*Role, *EntityType, Status.OVERRULED, Status.NOT_APPLIED):
        assert word in page
