"""Generations on disk: written whole, swapped last, two kept, one writer."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import example_graph, example_vectors, write_graph

from papergraph import tables
from papergraph.errors import GraphError
from papergraph.model import Record, Rejected
from papergraph.registry import Registry


def test_a_graph_comes_back_as_it_was_written(tmp_path: Path) -> None:
    graph = example_graph()
    write_graph(tmp_path / "g", graph, store=False)
    generation = tables.open_graph(tmp_path / "g")
    assert generation.read() == graph
    vectors = generation.vectors()
    assert list(vectors.ids) == [p.id for p in graph.papers if p.listed]
    assert (vectors.matrix == example_vectors(graph)).all()


def test_a_relative_folder_may_look_like_the_scheme_of_a_uri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_graph(Path("c:d/g"), example_graph(), store=False)
    assert tables.open_graph("c:d/g").read() == example_graph()


def test_records_and_rejects_are_kept(tmp_path: Path) -> None:
    records = {
        "a": [Record("T", "A", "a.txt", 3, authors=("X",), references=("R",)), Record("U", "", "a.txt", 5)]
    }
    with tables.locked(tmp_path / "g"), tables.writing(tmp_path / "g") as writer:
        graph = example_graph()
        writer.write(
            graph, example_vectors(graph), Registry(), records, [Rejected("a.txt", 9, "no title", "x")]
        )
        generation = writer.finish({})
    assert generation.records() == records
    assert json.loads(generation.rejected_path.read_text()) == {
        "file": "a.txt", "line": 9, "reason": "no title", "text": "x",
    }  # fmt: skip


def test_equal_graphs_give_equal_bytes(tmp_path: Path) -> None:
    first = write_graph(tmp_path / "a", example_graph(), store=False)
    second = write_graph(tmp_path / "b", example_graph(), store=False)
    for table in first.path.glob("*.parquet"):
        assert table.read_bytes() == (second.path / table.name).read_bytes(), table.name


def test_two_generations_are_kept_and_a_pinned_one_stays_readable(tmp_path: Path) -> None:
    pinned = write_graph(tmp_path / "g", example_graph(), store=False)
    write_graph(tmp_path / "g", example_graph(2), store=False)
    assert not pinned.is_current()
    assert pinned.read() == example_graph()
    newest = write_graph(tmp_path / "g", example_graph(3), store=False)
    assert sorted(p.name for p in (tmp_path / "g" / "generations").iterdir()) == ["000002", newest.name]


def test_views_are_kept_beside_the_vectors(tmp_path: Path) -> None:
    graph = example_graph()
    vectors = example_vectors(graph)
    views = np.stack([vectors, -vectors], axis=1)
    with tables.locked(tmp_path / "g"), tables.writing(tmp_path / "g") as writer:
        writer.write(graph, vectors, Registry(), {}, [], views)
        generation = writer.finish({})
    held = generation.views()
    assert list(held.ids) == list(generation.vectors().ids)
    assert (held.matrix == views).all()
    assert write_graph(tmp_path / "g", graph, store=False).views().matrix.shape == (len(vectors), 2, 0)


def _write_and_fail(directory: Path, error: Exception) -> None:
    with tables.locked(directory), tables.writing(directory) as writer:
        writer.write(example_graph(2), example_vectors(example_graph(2)), Registry(), {}, [])
        raise error


def test_a_write_that_fails_leaves_the_last_good_graph(tmp_path: Path) -> None:
    good = write_graph(tmp_path / "g", example_graph(), store=False)
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(tmp_path / "g", ZeroDivisionError())
    assert tables.open_graph(tmp_path / "g").name == good.name
    assert [p.name for p in (tmp_path / "g" / "generations").iterdir()] == [good.name]


def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Path) -> None:
    good = write_graph(tmp_path / "g", example_graph(), store=False)
    with pytest.raises(GraphError, match="disk is full"):
        _write_and_fail(tmp_path / "g", OSError(28, "No space left on device"))
    assert tables.open_graph(tmp_path / "g").name == good.name


def _write_to_a_full_device(directory: Path) -> None:
    with tables.locked(directory), tables.writing(directory) as writer:
        (writer.path / "registry.json").symlink_to("/dev/full")
        writer.write(example_graph(), example_vectors(example_graph()), Registry(), {}, [])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_device_that_is_really_full(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="disk is full"):
        _write_to_a_full_device(tmp_path / "g")
    assert tables.existing(tmp_path / "g") is None


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from papergraph import tables
        with tables.locked(Path(sys.argv[1])):
            print("locked", flush=True)
            sys.stdin.read()
    """)
    write_graph(tmp_path / "g", example_graph(), store=False)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "g")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(GraphError, match=f"pid {other.pid}"), tables.locked(tmp_path / "g"):
            pytest.fail("the lock was given twice")
        other.communicate()
    with tables.locked(tmp_path / "g"):
        pass


@pytest.mark.parametrize("make", ["file", "other folder", "newer", "broken manifest"])
def test_what_is_not_a_graph_is_refused_in_words(tmp_path: Path, make: str) -> None:
    target = tmp_path / "g"
    if make == "file":
        target.write_text("x")
    else:
        target.mkdir()
        (target / "manifest.json").write_text('{"format_version": 99}' if make == "newer" else "{")
        if make == "other folder":
            (target / "manifest.json").rename(target / "notes.txt")
    with pytest.raises(GraphError) as caught:
        tables.existing(target)
    assert str(target) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("make", ["file", "folder"])
def test_the_hint_for_what_is_no_graph_fits_reading_and_writing(tmp_path: Path, make: str) -> None:
    target = tmp_path / "g"
    if make == "file":
        target.write_text("x")
    else:
        target.mkdir()
        (target / "notes.txt").write_text("x")
    with pytest.raises(GraphError) as reading:
        tables.open_graph(target)
    with pytest.raises(GraphError) as writing:
        tables.existing(target)
    assert "`papergraph build" in reading.value.hint
    assert writing.value.hint == "name a folder that does not exist yet"


@pytest.mark.parametrize("kept", [["000001"], []])
def test_a_generation_that_is_missing_is_named_with_what_to_do(tmp_path: Path, kept: list[str]) -> None:
    for seed in (1, 2):
        write_graph(tmp_path / "g", example_graph(seed), store=False)
    for path in (tmp_path / "g" / "generations").iterdir():
        if path.name not in kept:
            shutil.rmtree(path)
    with pytest.raises(tables.DamagedError, match="the generation 000002, which is not in") as caught:
        tables.open_graph(tmp_path / "g")
    assert "--replace" in caught.value.hint
    assert ("000001 is there" in caught.value.hint) == bool(kept)
    assert "Errno" not in caught.value.message


def test_an_older_format_is_said_and_replaced(tmp_path: Path) -> None:
    old = write_graph(tmp_path / "g", example_graph(), store=False)
    for path in (tmp_path / "g" / "manifest.json", old.path / "manifest.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 1}))
    with pytest.raises(tables.DamagedError, match="has format 1, older than this program's") as caught:
        tables.existing(tmp_path / "g")
    assert "--replace" in caught.value.hint
    new = write_graph(tmp_path / "g", example_graph(), store=False)
    assert new.manifest["graph_id"] == old.manifest["graph_id"]
    assert tables.existing(tmp_path / "g") is not None
    manifest = json.loads((tmp_path / "g" / "manifest.json").read_text())
    assert manifest["format_version"] == tables.FORMAT_VERSION


@pytest.mark.parametrize("name", ["manifest.json", "papers.parquet", "vectors.npy", "registry.json"])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_file_of_a_generation_that_cannot_be_read_is_named(tmp_path: Path, name: str, how: str) -> None:
    path = write_graph(tmp_path / "g", example_graph(), store=False).path / name
    path.unlink()
    if how == "damaged":
        path.write_bytes(b"{damaged")
    with pytest.raises(tables.DamagedError, match=name.removesuffix(".parquet")) as caught:
        tables.open_graph(tmp_path / "g").check()
    assert "--replace" in caught.value.hint
    assert "Errno" not in caught.value.message
    assert "pickle" not in caught.value.message


def test_a_folder_that_is_missing_or_unfinished_says_how_to_build(tmp_path: Path) -> None:
    with pytest.raises(GraphError) as caught:
        tables.open_graph(tmp_path / "none")
    assert "papergraph build" in caught.value.hint
    assert tables.existing(tmp_path / "none") is None


def test_a_lost_table_is_said(tmp_path: Path) -> None:
    generation = write_graph(tmp_path / "g", example_graph(), store=False)
    (generation.path / "concepts.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(GraphError, match="concepts"):
        generation.read()


def test_papers_without_facts_survive(tmp_path: Path) -> None:
    graph = example_graph()
    graph.papers = [replace(p, kind=None, gist=None, claims=(), year=None) for p in graph.papers]
    assert write_graph(tmp_path / "g", graph, store=False).read() == graph
