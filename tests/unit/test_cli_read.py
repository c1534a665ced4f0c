"""The commands that ask and export a graph: their output forms, exit codes and words."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from question_graph import HOSTILE, PAPERS, question_graph
from synthetic import write_graph

from papergraph.cli import main
from papergraph.cli import output as forms
from papergraph.cli.export import TABLES
from papergraph.export.tabular import TABLE_NAMES


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = json.loads(self.out)
        return rows


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "graph"
    write_graph(path, question_graph())
    return path


@pytest.fixture
def run(directory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with PAPERGRAPH_GRAPH set to the graph."""
    monkeypatch.setenv("PAPERGRAPH_GRAPH", str(directory))

    def call(*args: str) -> Ran:
        code = 0
        try:
            main(list(args))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


# --- forms -----------------------------------------------------------------------------------------------


def test_connected_as_json(run: Run) -> None:
    rows = run("connected", "BERT", "--format", "json").json
    assert [r["title"] for r in rows] == [PAPERS["bert"][0], PAPERS["distil"][0]]
    assert {"title", "role", "type", "match", "confidence", "evidence"} <= set(rows[0])


def test_connected_as_csv(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("connected", "BERT", "--format", "csv").out)))
    assert [r["role"] for r in rows] == ["introduces", "builds_on"]
    assert rows[1]["evidence"] == "We distil BERT with knowledge distillation."


def test_a_piped_table_is_whole_and_aligned(run: Run) -> None:
    lines = run("connected", "BERT").out.splitlines()
    assert lines[0].split() == ["role", "match", "confidence", "year", "title", "evidence"]
    assert PAPERS["bert"][0] in lines[2]
    assert lines[2].index(PAPERS["bert"][0]) == lines[0].index("title")


def test_a_column_without_a_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    forms.show(forms.Output([{"a": 1, "b": None}, {"a": 2, "b": ""}]), "table")
    assert capsys.readouterr().out == "a\n-\n1\n2\n"


def test_heads_are_words_but_of_expressions_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    forms.show(forms.Output([{"paper_count": 1, "p._id": 2}]), "table")
    assert capsys.readouterr().out.splitlines()[0] == "paper count  p._id"


def test_a_table_is_cut_to_a_terminal() -> None:
    rows = [{"a": "x" * 50, "b": 1}, {"a": "知识" * 30, "b": 22}]
    text = forms.table(rows, ["a", "b"], 30)
    assert all(forms.cell_width(line) <= 30 for line in text.splitlines())
    assert text.splitlines()[2].endswith("…   1")
    assert "x" * 50 in forms.table(rows, ["a", "b"], None)


def test_a_hostile_text_cannot_steer_a_terminal() -> None:
    assert forms.one_line("a\x1b[31mred\r\nb\u202ec") == "a [31mred bc"


def test_csv_of_a_hostile_title_is_no_formula(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("search", "markup", "--format", "csv").out)))
    assert rows[0]["title"] == HOSTILE
    assert forms.guarded("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"


def test_nothing_found_is_said_and_is_no_error(run: Run) -> None:
    ran = run("connected", "LoRA", "--role", "introduces")
    assert (ran.code, ran.out) == (0, "")
    assert "No paper here is connected to LoRA in the role introduces." in ran.err
    assert run("connected", "LoRA", "--role", "introduces", "--format", "json").json == []
    assert "No close neighbour here of: Soil of Mars" in run("similar", "Soil of Mars").err


# --- words and exit codes ----------------------------------------------------------------------------------


def test_a_misspelt_name_is_taken_and_said(run: Run) -> None:
    ran = run("connected", "knowlege distilation")
    assert ran.code == 0
    assert "'knowlege distilation' is taken as knowledge distillation (Method, 2 papers)" in ran.err


def test_variants_that_do_not_count_are_named(run: Run) -> None:
    assert "Not counted without --variants: GPT-4o" in run("connected", "GPT-4").err
    assert "GPT-4o" in run("connected", "GPT-4", "--variants").out
    assert run("connected", "GPT-4", "--exact").err == ""
    assert "No paper names it itself" in run("connected", "GPT").err


def test_an_unknown_name_suggests_the_nearest(run: Run) -> None:
    ran = run("connected", "GPT-5")
    assert (ran.code, ran.out) == (1, "")
    assert "GPT-4" in ran.err


@pytest.mark.parametrize(
    "args",
    [
        ("connected",),
        ("connected", "BERT", "--exact", "--variants"),
        ("connected", "BERT", "--role", "likes"),
        ("similar", "bert", "-k", "0"),
        ("query",),
        ("query", "RETURN 1", "--named", "x"),
        ("query", "RETURN 1", "--param", "novalue"),
        ("lineage", "bert", "--depth", "99"),
        ("export", "csv"),
        ("export", "builds-on", "--min-confidence", "2"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, args: tuple[str, ...]) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err


@pytest.mark.parametrize("args", [("stats",), ("export", "json"), ("query", "RETURN 1")])
def test_a_graph_must_be_named(run: Run, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]) -> None:
    monkeypatch.delenv("PAPERGRAPH_GRAPH")
    assert run(*args).code == 2


def test_a_folder_without_a_graph_is_exit_code_1(run: Run, tmp_path: Path) -> None:
    ran = run("stats", "--graph", str(tmp_path / "none"))
    assert ran.code == 1
    assert "papergraph build" in ran.err


def test_errors_are_json_where_json_was_asked_for(run: Run, tmp_path: Path) -> None:
    ran = run("similar", "no such paper", "--format", "json")
    assert (ran.code, ran.out) == (1, "")
    error = json.loads(ran.err)["error"]
    assert error["code"] == "not_found"
    assert "no such paper" in error["message"]
    assert set(error) == {"code", "message", "hint"}
    ran = run("stats", "--graph", str(tmp_path), "--format=json")
    assert (ran.code, json.loads(ran.err)["error"]["code"]) == (1, "bad_graph")
    ran = run("search", "--format", "json")
    assert (ran.code, json.loads(ran.err)["error"]["code"]) == (2, "bad_usage")


def test_a_server_that_is_not_there_is_exit_code_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "")
    monkeypatch.setenv("PAPERGRAPH_STORE_TIMEOUT", "0.5")
    assert run("search", "x", "--graph", "bolt://127.0.0.1:1").code == 3


# --- the commands ------------------------------------------------------------------------------------------


def test_similar_lineage_and_path(run: Run) -> None:
    assert [r["id"] for r in run("similar", "teach", "--format", "json").json] == ["cot"]
    by_approach = run("similar", "teach", "--by", "approach", "--format", "json").json
    assert [(r["id"], r["rank"], r["score"], r["mutual"]) for r in by_approach] == [
        ("distil", 1, 0.6, True),
        ("cot", 2, 0.4, True),
        ("omni", 3, 0.1, False),
    ]
    assert run("similar", "teach", "--by", "result").code == 2
    up = run("lineage", "DistilBERT", "--format", "json").json
    assert [(r["id"], r["listed"]) for r in up] == [("bert", True), ("origin", False)]
    down = run("lineage", "origin", "--direction", "descendants", "--depth", "1", "--format", "json").json
    assert [r["id"] for r in down] == ["bert"]
    steps = run("path", "origin", "teach", "--format", "json").json
    assert [s["relation"] for s in steps] == ["built_on_by", "built_on_by", "similar"]
    assert "Nothing joins them" in run("path", "bert", "Soil of Mars").err


def test_how_a_paper_was_taken_is_said(run: Run) -> None:
    assert "'Teaching Sm' is taken as: Teaching Small Models to Reason" in run("similar", "Teaching Sm").err
    assert run("similar", "teach").err == ""


def test_search(run: Run) -> None:
    rows = run("search", "teaching", "small", "--kind", "paper", "--format", "json").json
    assert rows[0]["id"] == "teach"
    assert "Nothing here holds 'xyzzy'" in run("search", "xyzzy").err


def test_about_by_words_where_vectors_were_given(run: Run) -> None:
    ran = run(
        "connected", "chain-of-thought", "--about", "distillation into small models", "--format", "json"
    )
    assert [r["id"] for r in ran.json] == ["teach"]
    assert "by words only" in ran.err


def test_explain_prints_spans_and_evidence(run: Run) -> None:
    text = run("explain", "DistilBERT").out
    assert "abstract:10-14" in text
    assert '"We distil BERT with knowledge distillation." [abstract:0-43]' in text
    document = json.loads(run("explain", "DistilBERT", "--format", "json").out)
    assert document["paper"]["id"] == "distil"
    rows = list(csv.DictReader(io.StringIO(run("explain", "DistilBERT", "--format", "csv").out)))
    assert {r["concept"] for r in rows} == {"DistilBERT", "BERT", "knowledge distillation", "GLUE"}


def test_stats(run: Run) -> None:
    assert json.loads(run("stats", "--format", "json").out)["papers_listed"] == 7
    assert "edges, BUILDS_ON" in run("stats").out


def test_listings(run: Run) -> None:
    (row,) = run("listings", "--format", "json").json
    assert (row["id"], row["papers"]) == ("list", 7)


def test_own_cypher_and_named_queries(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "MATCH (p:Paper {id: $id}) RETURN p.title AS title, p.year AS year"
    assert run("query", text, "--param", "id=bert", "--format", "json").json == [
        {"title": PAPERS["bert"][0], "year": 2018}
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("MATCH (p:Paper) RETURN count(*) AS n"))
    assert run("query", "-", "--format", "json").json == [{"n": 8}]
    assert run("query", "MATCH (p:Paper) DETACH DELETE p").code == 1
    names = [r["name"] for r in run("query", "--list", "--format", "json").json]
    assert len(names) >= 20
    assert run("query", "--named", "no_such_query").code == 1


# --- export ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["graphml", "json", "bibtex", "ris", "cypher", "entities", "concepts", "builds-on"]
)
def test_an_export_to_a_file_equals_standard_output(
    run: Run, tmp_path: Path, directory: Path, form: str
) -> None:
    printed = run("export", form, str(directory))
    assert printed.code == 0
    target = tmp_path / "out.txt"
    assert run("export", form, "--graph", str(directory), "-o", str(target)).out == ""
    assert target.read_text(encoding="utf-8") == printed.out
    assert printed.out


def test_export_csv(run: Run, tmp_path: Path) -> None:
    assert run("export", "csv", "-o", str(tmp_path / "tables")).code == 0
    assert sorted(p.stem for p in (tmp_path / "tables").iterdir()) == sorted(TABLE_NAMES)
    rows = list(csv.DictReader(io.StringIO(run("export", "csv", "--table", "cites").out)))
    assert rows == [{"source": "omni", "target": "cot"}]
    assert TABLES == TABLE_NAMES


def test_references_leave_papers_outside_out_unless_asked(run: Run) -> None:
    assert "Attention Is All You Need" not in run("export", "bibtex").out
    assert "Attention Is All You Need" in run("export", "bibtex", "--outside").out


def test_an_export_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    ran = run("export", "json", "-o", str(tmp_path / "no" / "such" / "folder"))
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_what_needs_tables_refuses_a_server(run: Run) -> None:
    assert run("export", "similar", "bolt://localhost:7687").code == 2
