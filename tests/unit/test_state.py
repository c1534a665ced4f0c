"""Collections, read marks and notes: what is kept stays, whatever the texts, threads and files are."""

import contextlib
import json
import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papergraph import state_json
from papergraph.errors import InputError, NotFoundError, StateError, UsageError
from papergraph.state import LONGEST_NAME, LONGEST_NOTE, Kept, Mark, Saved, State, key, plain

HOSTILE = "</script><img src=x onerror=alert(1)> ' \" ; DROP TABLE papers; -- \u202eevil\x00\ud800"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.sqlite")


def names(state: State) -> list[str]:
    return [c.name for c in state.collections()]


def test_papers_are_put_into_collections_and_taken_out(state: State) -> None:
    line = state.create("Distillation")
    assert state.add(line, {"a": "Paper A", "b": "Paper B"}) == 2
    assert state.add(line, {"b": "Paper B", "c": "Paper C"}) == 1
    assert state.collection(line).papers == 3
    assert state.remove(line, ["a", "none"]) == 1
    assert sorted(state.added(line)) == ["b", "c"]
    assert set(state.kept()) == {"b", "c"}, "of a paper that is nowhere nothing is kept"
    assert state.kept()["b"].collections == (line,)
    assert state.kept()["b"].title == "Paper B"


def test_marks_and_notes_stay_when_a_collection_is_deleted(state: State) -> None:
    line = state.create("One")
    state.add(line, {"a": "A", "b": "B", "c": "C"})
    state.mark({"a": "A"}, Mark.TO_READ)
    state.note("b", "B", "  read with care\r\nand twice  ")
    state.delete(line)
    kept = state.kept()
    assert set(kept) == {"a", "b"}
    assert kept["a"].mark is Mark.TO_READ
    assert kept["b"].note == "read with care\nand twice"
    state.mark({"a": "A"}, None)
    state.note("b", "B", "")
    assert state.kept() == {}


def test_what_is_not_there_is_said(state: State) -> None:
    for act in (
        lambda: state.collection(7),
        lambda: state.rename(7, "x"),
        lambda: state.delete(7),
        lambda: state.add(7, {"a": "A"}),
    ):
        with pytest.raises(NotFoundError, match="no collection 7"):
            act()
    assert state.kept() == {}


def test_names_are_taken_once_in_any_case(state: State) -> None:
    line = state.create("  Chain of\tthought ")
    other = state.create("Other")
    assert names(state) == ["Chain of thought", "Other"]
    for name in ("CHAIN OF THOUGHT", "ｃhain of thought"):
        with pytest.raises(UsageError, match="already"):
            state.create(name)
        with pytest.raises(UsageError, match="already"):
            state.rename(other, name)
    state.rename(line, "chain of Thought")
    assert state.collection(line).name == "chain of Thought"
    for bad in ("", " \n ", "\u202e", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(UsageError):
            state.create(bad)
    assert len(names(state)) == 2


def test_a_note_that_is_too_long_is_refused_and_the_old_one_stays(state: State) -> None:
    state.note("a", "A", "short")
    with pytest.raises(UsageError, match="20,001"):
        state.note("a", "A", "x" * (LONGEST_NOTE + 1))
    assert state.kept()["a"].note == "short"


def test_hostile_texts_are_texts(state: State) -> None:
    line = state.create(HOSTILE)
    state.add(line, {HOSTILE.replace("\ud800", ""): HOSTILE})
    state.note("a", HOSTILE, HOSTILE)
    assert "DROP TABLE papers" in names(state)[0]
    assert "\u202e" not in names(state)[0]
    assert "\x00" not in state.kept()["a"].note and "<img src=x" in state.kept()["a"].note


def test_a_second_program_sees_what_the_first_one_wrote(state: State) -> None:
    line = state.create("One")
    other = State(state.path)
    other.add(line, {"a": "A"})
    assert list(state.added(line)) == ["a"]
    mode = sqlite3.connect(state.path).execute("PRAGMA journal_mode").fetchone()[0]
    assert mode == "wal"


def test_many_threads_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    failed: list[Exception] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            start.wait()
            mine = State(path)  # all of them make the file
            line = mine.create(f"of {number}")
            for i in range(10):
                mine.add(line, {f"{number}-{i}": "T", "common": "T"})
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    state = State(path)
    assert [c.papers for c in state.collections()] == [11] * 8
    assert len(state.kept()) == 81
    assert len(state.kept()["common"].collections) == 8


def test_an_error_in_the_middle_changes_nothing(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state.create("One")
    saved = Saved(
        [Kept("a", "A", Mark.READ)], {"Two": ("2025-01-01T00:00:00Z", {"a": "2025-01-01T00:00:00Z"})}
    )

    def fail(*_: object) -> None:
        raise OSError("no more")

    monkeypatch.setattr("papergraph.state._sweep", fail)
    with pytest.raises(OSError):
        state.bring(saved, replace=True)
    assert names(state) == ["One"]
    assert state.kept() == {}


@pytest.mark.parametrize("content", [b"no database at all, just a text", b"\x00" * 4096])
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(StateError, match=r"x\.sqlite"):
        State(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE papers (id)")
    db.close()
    with pytest.raises(StateError, match="another program"):
        State(path)


def test_a_newer_version_is_refused(state: State) -> None:
    with sqlite3.connect(state.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StateError, match="version 99"):
        State(state.path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="none-such"):
        State(tmp_path / "none-such" / "state.sqlite")


def test_redirects_are_followed_to_their_end(state: State) -> None:
    line = state.create("One")
    state.add(line, {"old": "Old", "new": "New", "stays": "Stays"})
    state.mark({"old": "Old"}, Mark.READ)
    state.note("old", "Old", "of the old")
    state.note("new", "New", "of the new")
    assert state.follow({"old": "middle", "middle": "new", "unknown": "stays", "self": "self"}) == 1
    kept = state.kept()
    assert set(kept) == {"new", "stays"}
    assert kept["new"].mark is Mark.READ
    assert kept["new"].note == "of the new\n\nof the old"
    assert sorted(state.added(line)) == ["new", "stays"]
    assert state.follow({"old": "middle", "middle": "new"}) == 0
    assert state.follow({"new": "b", "b": "new", "stays": "stays"}) in (1, 2), "a circle ends"
    assert len(state.kept()) == 2


def test_an_export_comes_back(state: State, tmp_path: Path) -> None:
    line = state.create("Ünï <b>")
    state.add(line, {"a": "A", "10.1/x": "B"})
    state.mark({"a": "A", "c": "C"}, Mark.TO_READ)
    state.note("a", "A", "two\nlines & “quotes”")
    text = state_json.write(state.saved())
    other = State(tmp_path / "other.sqlite")
    brought = other.bring(state_json.read(text))
    assert state_json.write(other.saved()) == text
    assert (brought.collections, brought.papers, brought.marks, brought.notes) == (1, 2, 2, 1)
    again = other.bring(state_json.read(text))
    assert (again.collections, again.papers, again.marks, again.notes) == (0, 0, 0, 0)
    assert state_json.write(other.saved()) == text
    assert brought.in_words() == "1 new collection, 2 papers put into collections, 2 marks and 1 note"


def test_an_import_loses_nothing_or_replaces_everything(state: State, tmp_path: Path) -> None:
    state.create("Mine")
    state.note("a", "A", "my own words")
    other = State(tmp_path / "other.sqlite")
    line = other.create("MINE")
    other.add(line, {"a": "A"})
    other.note("a", "A", "another's words")
    saved = state_json.read(state_json.write(other.saved()))
    state.bring(saved)
    assert names(state) == ["Mine"]
    assert state.kept()["a"].note == "my own words\n\nanother's words"
    state.bring(saved, replace=True)
    assert names(state) == ["MINE"]
    assert state.kept()["a"].note == "another's words"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[]", "no export"),
        ('{"collections": []}', "no export"),
        ('{"papergraph_state": 2}', "version 2"),
        ('{"papergraph_state": 1, "papers": {}}', "papers must be a list"),
        ('{"papergraph_state": 1, "papers": [1]}', r"papers\[0\] must be an object"),
        ('{"papergraph_state": 1, "papers": [{"id": ""}]}', r"papers\[0\]\.id"),
        ('{"papergraph_state": 1, "papers": [{"id": "\\ud800"}]}', r"papers\[0\]\.id holds half"),
        ('{"papergraph_state": 1, "papers": [{"id": "a"}, {"id": "a"}]}', r"papers\[1\]\.id.*twice"),
        ('{"papergraph_state": 1, "papers": [{"id": "a", "mark": "eaten"}]}', r"mark is 'eaten'"),
        ('{"papergraph_state": 1, "papers": [{"id": "a", "note": 3}]}', r"papers\[0\]\.note must be a text"),
        ('{"papergraph_state": 1, "papers": [{"id": "a", "changed_at": "soon"}]}', "must be a time"),
        ('{"papergraph_state": 1, "collections": [{"name": " "}]}', r"collections\[0\]\.name"),
        ('{"papergraph_state": 1, "collections": [{"name": "A"}, {"name": "a"}]}', r"\[1\]\.name.*twice"),
        (
            '{"papergraph_state": 1, "collections": [{"name": "A", "papers": [{"id": 1}]}]}',
            r"collections\[0\]\.papers\[0\]\.id must be a text",
        ),
    ],
)
def test_an_import_that_is_wrong_names_the_place(text: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        state_json.read(text)


TEXT = st.text(max_size=40)
ID = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)
KEPT = st.builds(lambda i, t, m, n: (i, t, m, n), ID, TEXT, st.sampled_from([None, *Mark]), TEXT)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers=st.lists(KEPT, max_size=4, unique_by=lambda k: k[0]), shelves=st.lists(TEXT, max_size=3))
def test_any_text_is_kept_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    papers: list[tuple[str, str, Mark | None, str]],
    shelves: list[str],
) -> None:
    folder = tmp_path_factory.mktemp("any")
    state = State(folder / "s")
    made = set()
    for name in shelves:
        try:
            state.add(state.create(name), {i: t for i, t, _, _ in papers})
            made.add(key(state.collections()[-1].name))
        except UsageError:
            pass
    for i, t, mark, note in papers:
        state.mark({i: t}, mark)
        state.note(i, t, note)
    kept = state.kept()
    for i, _, mark, note in papers:
        if i in kept:
            assert (kept[i].mark, kept[i].note) == (mark, plain(note))
        else:
            assert not mark and not plain(note) and not made
    text = state_json.write(state.saved())
    json.loads(text)
    other = State(folder / "t")
    other.bring(state_json.read(text.encode()))
    assert state_json.write(other.saved()) == text


@settings(max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["papergraph_state", "papers", "collections", "id", "name", "mark", "note", "added_at"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_wild_documents_are_read_or_refused_in_words(document: object) -> None:
    if isinstance(document, dict):
        document["papergraph_state"] = 1
    with contextlib.suppress(InputError):  # and nothing else
        state_json.write(state_json.read(json.dumps(document)))
