"""Building for real: command line, trained extractor, embedded store; adding, removing, being killed."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from papergraph import build as builder
from papergraph import tables
from papergraph.build import Summary, add, build, remove
from papergraph.errors import GraphError, InputError, NotFoundError
from papergraph.export.portable import portable
from papergraph.settings import Settings
from papergraph.store import open_store

PAPERS = (
    (
        "TinyStep: Small Models That Reason in Steps",
        "We present TinyStep, a small language model. TinyStep fine-tunes T5 on rationales that GPT-4 wrote. "
        "On GSM8K it gains 7 points over T5.",
    ),
    (
        "LongStep: Step-by-Step Reasoning over Long Documents",
        "Small models such as TinyStep fail on long documents. We propose LongStep, a method that extends "
        "TinyStep and reads a document in parts. Experiments on HotpotQA and SQuAD show that LongStep "
        "outperforms BERT.",
    ),
    (
        "A Survey of Reasoning in Small Models",
        "We survey chain-of-thought prompting and knowledge distillation for small models, TinyStep and T5 "
        "too.",
    ),
    (
        "Crop Yields Under Changing Rain",
        "This study measures how rainfall changes the yield of wheat in four regions.",
    ),
)


def listing(path: Path, papers: Sequence[tuple[str, str]] = PAPERS) -> str:
    lines = ["Get trending papers in your email inbox!"]
    for i, (title, abstract) in enumerate(papers):
        lines += [("Subscribe" if i == 0 else "") + title, abstract]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def papergraph(*arguments: str, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "papergraph", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        input=stdin,
        check=False,
    )


def content(directory: Path) -> dict[str, bytes]:
    """The bytes of every table of the generation in force, and of its vectors."""
    return {
        p.name: p.read_bytes()
        for p in tables.open_graph(directory).path.iterdir()
        if p.suffix in (".parquet", ".npy")
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("build")
    return folder, build([listing(folder / "a.txt")], folder / "g", Settings())


def test_the_whole_flow_finds_what_a_reader_would(built: tuple[Path, Summary]) -> None:
    folder, summary = built
    assert (summary.entries, summary.papers, summary.merged, summary.rejected) == (4, 4, 0, [])
    graph = tables.open_graph(folder / "g").read()
    title = {p.id: p.title for p in graph.papers}
    ids = {p.title: p.id for p in graph.papers}
    tiny, long = ids[PAPERS[0][0]], ids[PAPERS[1][0]]
    named = {(e.paper, e.name): e for e in graph.paper_concepts}
    assert named[tiny, "TinyStep"].role.value == "introduces"
    edge = next((e for e in graph.builds_on if (e.source, e.target) == (long, tiny)), None)
    assert edge is not None, [(title[e.source], title[e.target]) for e in graph.builds_on]
    for e in graph.paper_concepts:
        paper = next(p for p in graph.papers if p.id == e.paper)
        for v in e.evidence:
            assert getattr(paper, v.at.field)[v.at.start : v.at.end] == v.text
        for s in e.spans:
            assert getattr(paper, s.field)[s.start : s.end].strip()


def test_every_paper_keeps_its_sources(built: tuple[Path, Summary]) -> None:
    graph = tables.open_graph(built[0] / "g").read()
    assert {s for p in graph.papers for s in p.sources} == {"a.txt:2", "a.txt:4", "a.txt:6", "a.txt:8"}


def test_the_embedded_store_holds_the_tables(built: tuple[Path, Summary]) -> None:
    store = open_store(str(built[0] / "g"))
    counts = store.info().counts
    store.close()
    summary = built[1]
    assert counts["Paper"] == summary.counts["papers"]
    assert counts["Concept"] == summary.counts["concepts"]
    assert counts["SIMILAR_TO"] == summary.counts["similar"]
    assert counts["ALIKE"] == summary.counts["alike"] > 0


def test_a_rebuild_of_unchanged_files_does_nothing(built: tuple[Path, Summary]) -> None:
    folder, first = built
    again = build([str(folder / "a.txt")], folder / "g", Settings())
    assert again.unchanged
    assert again.generation == first.generation
    assert again.counts == first.counts


def test_same_input_same_bytes(
    built: tuple[Path, Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("x", "y"):
        build([str(built[0] / "a.txt")], tmp_path / name, Settings())
    assert content(tmp_path / "x") == content(tmp_path / "y")


def test_add_works_on_new_papers_only_and_remove_undoes_it(tmp_path: Path) -> None:
    build([listing(tmp_path / "a.txt", PAPERS[:3])], tmp_path / "g", Settings())
    before = {p.id: p for p in tables.open_graph(tmp_path / "g").read_papers() if p.listed}
    content_before = content(tmp_path / "g")
    added = add([listing(tmp_path / "b.txt", PAPERS[2:])], tmp_path / "g", Settings())
    assert (added.extracted, added.embedded, added.papers, added.merged) == (1, 1, 4, 1)
    after = {p.id: p for p in tables.open_graph(tmp_path / "g").read_papers()}
    assert set(before) < set(after)
    same = add([str(tmp_path / "b.txt")], tmp_path / "g", Settings())
    assert same.unchanged
    assert "already in the graph" in same.warnings[0].reason
    removed = remove("b", tmp_path / "g", Settings())
    assert (removed.papers, removed.extracted) == (3, 0)
    assert {p.id: p for p in tables.open_graph(tmp_path / "g").read_papers() if p.listed} == before
    for name in ("vectors.npy", "views.npy", "alike.parquet"):
        assert content(tmp_path / "g")[name] == content_before[name]
    with pytest.raises(NotFoundError, match="'c'"):
        remove("c", tmp_path / "g", Settings())
    with pytest.raises(GraphError, match="only listing"):
        remove("a", tmp_path / "g", Settings())


def test_incremental_equals_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    a, b = listing(tmp_path / "a.txt", PAPERS[:2]), listing(tmp_path / "b.txt", PAPERS[2:])
    build([a], tmp_path / "step", Settings())
    add([b], tmp_path / "step", Settings(), refit=True)
    build([a, b], tmp_path / "whole", Settings())
    assert content(tmp_path / "step") == content(tmp_path / "whole")


def test_other_files_over_a_graph_ask_for_replace(tmp_path: Path) -> None:
    build([listing(tmp_path / "a.txt", PAPERS[:1])], tmp_path / "g", Settings())
    b = listing(tmp_path / "b.txt", PAPERS[1:2])
    with pytest.raises(GraphError, match=r"a\.txt") as caught:
        build([b], tmp_path / "g", Settings())
    assert "--replace" in caught.value.hint
    assert build([b], tmp_path / "g", Settings(), replace_graph=True).papers == 1


def bad_files(folder: Path) -> dict[str, str]:
    """Paths of which nothing can be read, with a word of the reason."""
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "page.txt").write_text("<!DOCTYPE html><html><body>Papers</body></html>")
    (folder / "latin.txt").write_bytes(b"Caf\xe9\nAu l\xe9\n")
    (folder / "preamble.txt").write_text("Get trending papers in your email inbox!\n")
    (folder / "folder.txt").mkdir()
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    words = {
        "binary.txt": "binary", "empty.txt": "empty", "page.txt": "HTML", "latin.txt": "byte offset 3",
        "preamble.txt": "no paper", "folder.txt": "folder", "loop.txt": "cannot be read",
        "none.txt": "no such file",
    }  # fmt: skip
    return {str(folder / name): word for name, word in words.items()}


def test_a_file_that_cannot_be_read_loses_only_itself(tmp_path: Path) -> None:
    bad = bad_files(tmp_path)
    files = [*list(bad)[:4], listing(tmp_path / "a.txt", PAPERS[:1]), *list(bad)[4:]]
    summary = build(files, tmp_path / "g", Settings())
    assert summary.papers == 1
    assert {str(tmp_path / r.file): r.reason for r in summary.rejected}.keys() == bad.keys()
    for r in summary.rejected:
        assert bad[str(tmp_path / r.file)] in r.reason
        assert r.file not in r.reason
    rows = [json.loads(line) for line in Path(summary.rejected_path).read_text().splitlines()]
    assert [(r["file"], r["reason"]) for r in rows] == [(r.file, r.reason) for r in summary.rejected]
    again = build(files, tmp_path / "g", Settings())
    assert (again.unchanged, again.rejected) == (True, summary.rejected)
    more = add(
        [str(tmp_path / "none.txt"), listing(tmp_path / "b.txt", PAPERS[1:2])], tmp_path / "g", Settings()
    )
    assert (more.papers, [r.file for r in more.rejected]) == (2, ["none.txt"])


def test_a_new_reject_is_written_though_nothing_else_changed(tmp_path: Path) -> None:
    a = listing(tmp_path / "a.txt", PAPERS[:1])
    build([a], tmp_path / "g", Settings())
    for work in (build, add):
        summary = work([a, str(tmp_path / f"{work.__name__}.txt")], tmp_path / "g", Settings())
        assert (summary.extracted, [r.file for r in summary.rejected]) == (0, [f"{work.__name__}.txt"])
        assert f"{work.__name__}.txt" in Path(summary.rejected_path).read_text()


def test_nothing_readable_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    a = listing(tmp_path / "a.txt", PAPERS[:1])
    good = build([a], tmp_path / "kept", Settings())
    for file, word in bad_files(tmp_path).items():
        with pytest.raises(InputError, match=word) as caught:
            build([file], tmp_path / "g", Settings())
        assert Path(file).name in caught.value.message
        with pytest.raises(InputError, match=word):
            add([file], tmp_path / "kept", Settings())
    with pytest.raises(InputError, match="no such file"):
        build([str(tmp_path / "none.txt")], tmp_path / "kept", Settings(), replace_graph=True)
    assert not (tmp_path / "g").exists()
    assert tables.open_graph(tmp_path / "kept").name == good.generation


def test_an_unread_file_of_the_graph_is_named_where_it_keeps_a_rebuild_back(tmp_path: Path) -> None:
    a, b = listing(tmp_path / "a.txt", PAPERS[:1]), listing(tmp_path / "b.txt", PAPERS[1:2])
    build([a, b], tmp_path / "g", Settings())
    Path(b).unlink()
    with pytest.raises(GraphError, match=r"b\.txt was not read: no such file"):
        build([a, b], tmp_path / "g", Settings())


def test_rejects_of_merging_are_told_again_by_an_unchanged_rebuild(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"title": t, "abstract": a, "doi": "10.1000/1"} for t, a in (PAPERS[0], PAPERS[3])]
    file.write_text("".join(json.dumps(r) + "\n" for r in rows))
    first = build([str(file)], tmp_path / "g", Settings())
    again = build([str(file)], tmp_path / "g", Settings())
    assert (again.unchanged, again.papers, again.merged, again.rejected) == (True, 1, 0, first.rejected)
    assert len(first.rejected) == 1


def test_the_graph_in_force_is_read_under_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = listing(tmp_path / "a.txt", PAPERS[:1])
    read = builder.read_inputs

    def slow(*arguments: object, **named: object) -> object:
        """While this build reads its input, another one finishes."""
        monkeypatch.setattr(builder, "read_inputs", read)
        build([a], tmp_path / "g", Settings())
        return read(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builder, "read_inputs", slow)
    summary = build([a], tmp_path / "g", Settings())
    assert (summary.unchanged, summary.generation) == (True, "000001")


def test_a_full_disk_is_said_in_words_and_the_last_good_graph_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = build([listing(tmp_path / "a.txt", PAPERS[:1])], tmp_path / "g", Settings())

    def full(*arguments: object, **named: object) -> None:
        raise RuntimeError("IO exception: Cannot write to file. path: x. Error: No space left on device")

    monkeypatch.setattr("papergraph.store.embedded.open_database", full)
    with pytest.raises(GraphError, match="g: the disk is full; nothing was changed") as caught:
        add([listing(tmp_path / "b.txt", PAPERS[1:2])], tmp_path / "g", Settings())
    assert "free some space" in caught.value.hint
    assert "IO exception" not in caught.value.message
    assert tables.open_graph(tmp_path / "g").name == good.generation
    assert [p.name for p in (tmp_path / "g" / "generations").iterdir()] == [good.generation]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_where_the_output_or_the_lock_goes(built: tuple[Path, Summary], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "papergraph", "export", "json", str(built[0] / "g")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1, "Error: the output could not be written: the disk is full"
    )  # fmt: skip
    (tmp_path / "lock").symlink_to("/dev/full")
    with tables.locked(tmp_path), pytest.raises(GraphError, match="another process"), tables.locked(tmp_path):
        pass


@pytest.mark.parametrize("lost", ["", "registry.json", "papers.parquet", "graph.lbug"])
def test_a_damaged_graph_is_built_anew_with_replace(tmp_path: Path, lost: str) -> None:
    a = listing(tmp_path / "a.txt", PAPERS[:1])
    good = build([a], tmp_path / "g", Settings())
    path = tables.open_graph(tmp_path / "g").path
    if lost == "graph.lbug":  # a projection: made again from the tables
        (path / lost).write_bytes(b"damaged")
        assert not build([a], tmp_path / "g", Settings()).unchanged
        assert build([a], tmp_path / "g", Settings()).unchanged
        return
    if lost:
        (path / lost).write_bytes(b"damaged")
    else:
        shutil.rmtree(path)
        with pytest.raises(GraphError, match=f"names the generation {good.generation}"):
            build([a], tmp_path / "g", Settings())
    summary = build([a], tmp_path / "g", Settings(), replace_graph=True)
    assert (summary.unchanged, summary.papers) == (False, 1)
    assert [("with new ids" in w.reason) for w in summary.warnings] == [True]
    store = open_store(str(tmp_path / "g"))
    assert store.info().counts["Paper"] == summary.counts["papers"]
    store.close()


def test_files_are_called_by_names_that_exist(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    a, other = listing(tmp_path / "a.txt", [("A Title Without an Abstract", "")]), tmp_path / "x" / "a.txt"
    twice = build([a, a], tmp_path / "g", Settings())
    assert (twice.entries, next(w.reason for w in twice.warnings)) == (1, "given more than once; read once")
    same = add([a], tmp_path / "g", Settings())
    assert [(w.file, w.reason) for w in same.warnings] == [("a.txt", "already in the graph as listing a")]
    added = add([listing(other, PAPERS[1:2])], tmp_path / "g", Settings())
    assert added.papers == 2
    sources = {s for p in tables.open_graph(tmp_path / "g").read_papers() for s in p.sources}
    assert sources == {"a.txt:2", "x/a.txt:2"}


def test_the_command_line_says_what_it_did(tmp_path: Path) -> None:
    a = listing(tmp_path / "a.txt", PAPERS[:1])
    (tmp_path / "bad.jsonl").write_text('{"title": "T", "abstract": "A good abstract."}\n{"title": \n')
    bad = (str(tmp_path / "bad.jsonl"), "none.txt")
    done = papergraph("build", a, *bad, "--out", str(tmp_path / "g"), "--strict")
    assert done.returncode == 1
    assert "2 entries" in done.stdout
    assert "bad.jsonl:2" in done.stdout
    assert "rejected: none.txt: no such file" in done.stdout
    assert papergraph("build", a, *bad, "--out", str(tmp_path / "g")).returncode == 0
    assert "Traceback" not in done.stderr
    rows = json.loads(papergraph("listings", "--graph", str(tmp_path / "g"), "--format", "json").stdout)
    assert {r["file"] for r in rows} == {"a.txt", "bad.jsonl"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("build", "none.txt", "--out", "g"), 1, "none.txt"),
        (("build", "--out", "g"), 2, "FILE"),
        (("build", "-", "-", "--out", "g"), 2, "standard input"),
        (("buidl",), 2, "build"),
        (("serve", "--graph", "none"), 1, "papergraph build"),
        (("connected", "BERT", "--graph", "bolt://127.0.0.1:9"), 3, "127.0.0.1:9"),
        (("build", "a.txt", "--out", "g", "--similar-k", "many"), 2, "similar-k"),
        (("add", "a.txt", "--graph", "bolt://127.0.0.1:9"), 2, "folder"),
        (("build", "a.txt", "--out", "bolt://127.0.0.1:9"), 2, "--out"),
    ],
)
def test_exit_codes_and_messages(tmp_path: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = papergraph(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = papergraph(
        "build",
        "-",
        "--out",
        str(tmp_path / "g"),
        stdin='{"title": "A", "abstract": "Some words about things."}\n',
    )
    assert done.returncode == 0, done.stderr
    assert "1 paper" in done.stdout


def test_killed_at_any_moment_the_last_good_graph_stays(tmp_path: Path) -> None:
    draw = random.Random(20)
    a, b = listing(tmp_path / "a.txt", PAPERS[:2]), listing(tmp_path / "b.txt", PAPERS)
    directory = tmp_path / "g"
    started = time.monotonic()
    good = build([a], directory, Settings())
    whole = max(1.0, time.monotonic() - started) + 1.0
    before = content(directory)
    command = [sys.executable, "-m", "papergraph", "build", b, "--out", str(directory), "--replace"]
    finished = 0
    for _ in range(20):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(draw.uniform(0.05, whole))
                finished += 1
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        now = tables.open_graph(directory)
        store = open_store(str(directory))
        assert store.info().counts["Paper"] == len(now.read().papers)
        store.close()
        if now.name == good.generation:
            assert content(directory) == before
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len([p for p in tables.open_graph(directory).read_papers() if p.listed]) == len(PAPERS)
    assert finished < 20, "no run was killed: the moments must lie within a build"
    leftovers = [p.name for p in (directory / "generations").iterdir() if not p.name.isdigit()]
    assert leftovers == []


def test_the_two_real_listings(seeds_dir: Path, tmp_path: Path) -> None:
    files = sorted(str(p) for p in seeds_dir.glob("*.txt"))
    summary = build(files, tmp_path / "g", Settings())
    assert (summary.entries, summary.merged, summary.papers, len(summary.rejected)) == (441, 14, 427, 0)
    papers = [p for p in tables.open_graph(tmp_path / "g").read_papers() if p.listed]
    assert sum(len(p.sources) for p in papers) == 441
    first = next(p for p in papers if any(s.endswith(":3") and "000_" in s for s in p.sources))
    assert first.title.startswith("End-to-End Training")
    store = open_store(str(tmp_path / "g"))
    taken = portable(store)
    assert taken.abstracts and len(taken.html.encode()) < 5_000_000
    store.close()
