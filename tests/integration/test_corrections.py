"""Corrections for real: they win on every build, add and remove, cost no extraction, and can be undone."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from papergraph import correct, tables
from papergraph.build import add, build, remove
from papergraph.cli import cli
from papergraph.corrections import FILE, Kind, Status
from papergraph.corrections.table import correction
from papergraph.errors import GraphError, NotFoundError, UsageError
from papergraph.model import Basis, Graph, Role, View
from papergraph.questions import explain, stats
from papergraph.questions.alike import alike
from papergraph.questions.corrections import settled
from papergraph.settings import Settings
from papergraph.store import open_store
from papergraph.store.neo4j_load import load

PAPERS = {
    "TinyStep: Small Models That Reason in Steps": "We present TinyStep, a small language model. TinyStep "
    "fine-tunes T5 on rationales that GPT-4 wrote. On GSM8K it gains 7 points over T5.",
    "LongStep: Step-by-Step Reasoning over Long Documents": "Small models such as TinyStep fail on long "
    "documents. We propose LongStep, a method that extends TinyStep and reads a document in parts. "
    "Experiments on HotpotQA and SQuAD show that LongStep outperforms BERT.",
    "A Survey of Reasoning in Small Models": "We survey chain-of-thought prompting and knowledge "
    "distillation for small models, TinyStep and T5 too. Experiments on GSM8K are compared.",
}
MORE = {
    "WideStep: Reasoning in Breadth": "We propose WideStep, which extends TinyStep. We evaluate WideStep on "
    "GSM8K and compare it with LongStep.",
}
TINY, LONG, SURVEY = PAPERS


def listing(path: Path, papers: dict[str, str]) -> str:
    lines = [json.dumps({"title": t, "abstract": a}) for t, a in papers.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    build([listing(tmp_path / "a.jsonl", PAPERS)], tmp_path / "g", Settings())
    return tmp_path / "g"


def held(graph: Path) -> Graph:
    return tables.open_graph(graph).read()


def content(graph: Path) -> dict[str, bytes]:
    """The bytes of every table, and of what later builds start from."""
    path = tables.open_graph(graph).path
    names = [*path.glob("*.parquet"), path / "registry.json", path / "statistics.npz", path / "vectors.npy"]
    return {p.name: p.read_bytes() for p in names}


def say(graph: Path, kind: str, **cells: str) -> None:
    row = correction({"kind": kind, **cells})
    summary = correct.add(graph, row)
    assert (summary.extracted, summary.embedded) == (0, 0)
    assert correct.standing(tables.open_graph(graph))[-1].status is Status.APPLIED


def roles(graph: Path, title: str, name: str) -> set[Role]:
    found = held(graph)
    paper = next(p.id for p in found.papers if p.title == title)
    ids = {c.id for c in found.concepts if name in (c.name, *c.aliases)}
    return {e.role for e in found.paper_concepts if e.paper == paper and e.concept in ids}


def lineage(graph: Path) -> dict[tuple[str, str], Basis]:
    found = held(graph)
    title = {p.id: p.title for p in found.papers}
    return {(title[e.source], title[e.target]): e.basis for e in found.builds_on}


def everything(graph: Path) -> None:
    """One correction of each kind, written by hand."""
    near = held(graph).similar[0]
    rows = [
        "kind,paper,name,other,value,note",
        "merge,,LongStep,TinyStep",
        "apart,,GSM8K,SQuAD",
        "not-entity,,HotpotQA",
        "type,,T5,,Task",
        f"role,{SURVEY},GSM8K,,uses",
        f"add-edge,{SURVEY},,{LONG},,see its section 2",
        f"drop-edge,{near.source},,{near.target},similar",
    ]
    (graph / FILE).write_text("\n".join(rows) + "\n")
    summary = correct.apply(graph)
    assert (summary.extracted, summary.embedded, summary.warnings) == (0, 0, [])
    assert {o.status for o in correct.standing(tables.open_graph(graph))} == {Status.APPLIED}


def corrected(graph: Path) -> None:
    """What `everything` says holds."""
    names = {c.name: c for c in held(graph).concepts}
    assert "LongStep" not in names
    assert "LongStep" in names["TinyStep"].aliases
    assert "HotpotQA" not in names
    assert names["T5"].type == "Task"
    assert roles(graph, SURVEY, "GSM8K") == {Role.USES}
    assert lineage(graph)[SURVEY, LONG] is Basis.CORRECTED


def test_corrections_win_on_every_build_and_undoing_gives_the_very_same(graph: Path, tmp_path: Path) -> None:
    before = content(graph)
    everything(graph)
    corrected(graph)
    a, b = tmp_path / "a.jsonl", listing(tmp_path / "b.jsonl", MORE)
    assert build([str(a)], graph, Settings()).unchanged
    again = build([str(a)], graph, Settings(similar_floor=0.3))
    assert (again.unchanged, again.extracted, again.embedded) == (False, 0, 0)
    corrected(graph)
    build([str(a)], graph, Settings())
    added = add([b], graph, Settings())
    assert added.extracted == 1
    corrected(graph)
    assert roles(graph, "WideStep: Reasoning in Breadth", "TinyStep"), "a merged concept takes new papers"
    remove("b", graph, Settings())
    corrected(graph)
    (graph / FILE).unlink()
    build([str(a)], graph, Settings())
    after = content(graph)
    assert [n for n in before if n.endswith(".parquet") and after[n] != before[n]] == []


def test_undoing_at_once_leaves_no_trace(graph: Path) -> None:
    before = content(graph)
    everything(graph)
    (graph / FILE).write_text("".join((graph / FILE).read_text().splitlines(True)[:2]))
    correct.undo(graph, 1)
    assert content(graph) == before


def test_an_edit_by_hand_makes_the_next_build_another_one(graph: Path, tmp_path: Path) -> None:
    a = str(tmp_path / "a.jsonl")
    (graph / FILE).write_text(
        "kind,name,other\nmerge,LongStep,TinyStep\nrename,a,b\nmerge,Nowhere,TinyStep\n"
    )
    pending = correct.standing(tables.open_graph(graph))
    assert [o.status for o in pending] == [Status.PENDING, Status.WRONG, Status.PENDING]
    summary = build([a], graph, Settings())
    assert (summary.unchanged, summary.extracted, summary.embedded) == (False, 0, 0)
    assert [(r.file, r.line) for r in summary.rejected] == [(FILE, 3)]
    assert [(r.file, r.line) for r in summary.warnings] == [(FILE, 4)]
    assert "'Nowhere'" in summary.warnings[0].reason
    assert "LongStep" not in {c.name for c in held(graph).concepts}
    still = build([a], graph, Settings())
    assert still.unchanged
    assert (still.rejected, still.warnings) == (summary.rejected, summary.warnings), "never silent"
    (graph / FILE).unlink()
    assert not build([a], graph, Settings()).unchanged
    assert "LongStep" in {c.name for c in held(graph).concepts}


def test_corrections_may_be_there_before_the_graph(tmp_path: Path) -> None:
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / FILE).write_text("kind,name,other\nmerge,LongStep,TinyStep\n")
    build([listing(tmp_path / "a.jsonl", PAPERS)], tmp_path / "g", Settings())
    assert "LongStep" not in {c.name for c in held(tmp_path / "g").concepts}


def test_a_graph_of_entities_from_a_file_keeps_them(tmp_path: Path) -> None:
    entities = tmp_path / "e.jsonl"
    entities.write_text(
        "".join(
            json.dumps(
                {
                    "title": t,
                    "entities": [
                        {"name": "TinyStep", "type": "Model", "role": "uses", "evidence": "TinyStep"}
                    ],
                }
            )
            + "\n"
            for t in PAPERS
        )
    )
    a = listing(tmp_path / "a.jsonl", PAPERS)
    build([a], tmp_path / "g", Settings(), entities=str(entities))
    before = held(tmp_path / "g").entities
    say(tmp_path / "g", "type", name="TinyStep", value="Task")
    assert held(tmp_path / "g").entities == before


def test_what_fails_changes_neither_the_file_nor_the_graph(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(graph, "merge", name="LongStep", other="TinyStep")
    before, text = content(graph), (graph / FILE).read_text()

    def fail(*_: Any, **__: Any) -> None:
        raise GraphError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("papergraph.correct.generate", fail)
        with pytest.raises(GraphError, match="disk"):
            correct.undo(graph, 1)
        assert (graph / FILE).read_text() == text
    with pytest.raises(NotFoundError):
        correct.undo(graph, 2)
    with pytest.raises(GraphError, match="meanwhile"):
        correct.undo(graph, 1, "another key")
    with pytest.raises(UsageError, match="merge needs other"):
        correct.add(graph, correction({"kind": "merge", "name": "A"}))
    with tables.locked(graph), pytest.raises(GraphError, match="being written"):
        correct.undo(graph, 1)
    assert (content(graph), (graph / FILE).read_text()) == (before, text)
    with pytest.raises(GraphError, match="no such graph"):
        correct.apply(graph / "none")
    assert not (graph / "none").exists()


def test_of_two_at_once_one_waits_its_turn(graph: Path) -> None:
    failed: list[str] = []

    def work(name: str) -> None:
        try:
            correct.add(graph, correction({"kind": "type", "name": name, "value": "Task"}))
        except GraphError as error:
            failed.append(error.message)

    threads = [threading.Thread(target=work, args=(n,)) for n in ("T5", "GSM8K", "TinyStep")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    standing = correct.standing(tables.open_graph(graph))
    assert len(standing) == 3 - len(failed) > 0
    assert {o.status for o in standing} == {Status.APPLIED}
    assert all("being written" in m for m in failed)


def test_a_correction_is_settled_on_what_the_graph_holds(graph: Path) -> None:
    store = open_store(str(graph))
    try:
        row, notes = settled(store, {"kind": "merge", "name": " LONGSTEP", "other": "Tinystepp"})
        assert (row.name, row.other) == ("LONGSTEP", "TinyStep")
        assert any("'Tinystepp' is a name of TinyStep" in n for n in notes)
        tiny = next(p.id for p in held(graph).papers if p.title == TINY)
        long = next(p.id for p in held(graph).papers if p.title == LONG)
        row, _ = settled(store, {"kind": "drop-edge", "paper": TINY, "other": LONG, "value": "builds_on"})
        assert (row.paper, row.other) == (long, tiny), "as it is drawn"
        wrong: list[tuple[type[Exception], dict[str, str]]] = [
            (UsageError, {"kind": "rename", "name": "a", "other": "b"}),
            (UsageError, {"kind": "type", "name": "T5", "value": "gadget"}),
            (NotFoundError, {"kind": "not-entity", "name": "zzzzqqqq"}),
            (NotFoundError, {"kind": "role", "paper": "no such paper", "name": "T5", "value": "uses"}),
            (NotFoundError, {"kind": "drop-edge", "paper": SURVEY, "other": TINY, "value": "builds_on"}),
        ]
        for kind, cells in wrong:
            with pytest.raises(kind):
                settled(store, cells)
    finally:
        store.close()


def test_a_pair_that_is_only_alike_is_dropped_as_not_similar(graph: Path) -> None:
    build([str(graph.parent / "a.jsonl")], graph, Settings(similar_floor=1.0))
    before = held(graph)
    assert not before.similar
    pair = {before.alike[0].source, before.alike[0].target}
    store = open_store(str(graph))
    try:
        paper, other = sorted(pair)
        row, _ = settled(store, {"kind": "drop-edge", "paper": paper, "other": other, "value": "similar"})
    finally:
        store.close()
    correct.add(graph, row)
    left = [{e.source, e.target} for e in held(graph).alike]
    assert left == [{e.source, e.target} for e in before.alike if {e.source, e.target} != pair]
    correct.undo(graph, 1)
    assert held(graph).alike == before.alike


@pytest.fixture
def run(graph: Path) -> Callable[..., tuple[int, str]]:
    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, [*arguments, "--graph", str(graph)], catch_exceptions=True)
        if result.exception and not isinstance(result.exception, SystemExit):
            return 1, f"{result.exception} {getattr(result.exception, 'hint', '')}"
        return result.exit_code, result.output

    return call


def test_the_command_line_corrects_lists_explains_and_undoes(
    run: Callable[..., tuple[int, str]], graph: Path
) -> None:
    before = content(graph)
    for arguments, words in [
        (("merge", "LongStep", "TinyStep"), "“LongStep” is the same as “TinyStep”."),
        (("not-entity", "T5", "--paper", TINY), "is no method, model, benchmark or task in “TinyStep"),
        (("add-edge", SURVEY, LONG, "--note", "section 2"), "builds on “LongStep: Step"),
        (("drop-edge", SURVEY, LONG), "It is wrong that “A Survey"),
    ]:
        code, output = run("correct", *arguments)
        assert (code, words in output) == (0, True), output
        assert ": applied" in output or "drop-edge" in arguments
    code, output = run("correct", "list", "--format", "json")
    rows = json.loads(output)
    assert [r["number"] for r in rows] == [1, 2, 3, 4]
    assert [r["status"] for r in rows] == ["applied", "applied", "overruled", "not applied"]
    code, output = run("explain", TINY)
    assert "Correction 2: “T5” is no method" in output
    assert "Correction 3" not in output
    for _ in rows:
        assert run("correct", "undo", "1")[0] == 0
    assert content(graph) == before
    assert "There are no corrections." in run("correct", "list")[1]
    (graph / FILE).write_text("kind,name,other\nmerge,LongStep,TinyStep\nmerge,Nowhere,T5\n")
    code, output = run("correct", "apply")
    assert "2 corrections, 1 applied" in output
    assert f"not applied: {FILE}:3: no paper here names 'Nowhere'" in output


def test_a_graph_in_neo4j_is_not_corrected_and_none_is_asked_for() -> None:
    for arguments, words in [
        (["correct", "--graph", "bolt://127.0.0.1:9", "list"], "belong to the graph on disk"),
        (["correct", "list"], "no graph was given"),
    ]:
        result = CliRunner(env={"PAPERGRAPH_GRAPH": None}).invoke(cli, arguments)
        assert isinstance(result.exception, UsageError)
        assert words in str(result.exception)


def test_a_corrected_graph_answers_the_same_in_neo4j(graph: Path, neo4j_database: Any) -> None:
    everything(graph)
    load(graph, neo4j_database.uri, neo4j_database.user, neo4j_database.password)
    stores = [open_store(str(graph)), open_store(neo4j_database.uri)]
    try:
        papers = [p.id for p in held(graph).papers]
        here, there = ([explain(s, p) for p in papers] for s in stores)
        assert here == there
        assert {r.basis for e in there for r in e.relations} >= {"corrected"}
        assert stats(stores[0]).corrected == stats(stores[1]).corrected == 1
        standing = correct.standing(tables.open_graph(graph))
        (apart,) = (set(o.papers) for o in standing if o.correction.kind == Kind.DROP_EDGE)
        for view in View:
            here, there = ([alike(s, p, view) for p in papers] for s in stores)
            assert here == there
            assert any(found.papers for found in here)
            assert not [a for f in here for a in f.papers if {f.paper.id, a.paper.id} == apart]
    finally:
        for store in stores:
            store.close()
