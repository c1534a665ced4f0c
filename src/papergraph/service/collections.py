"""Collections: their list, each as a table of papers and as files, and the whole state as one file."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypedDict

from flask import Flask, Response, redirect, request, url_for

from papergraph import questions, state_json
from papergraph.errors import UsageError
from papergraph.export import references, whole
from papergraph.service import keeper
from papergraph.service.keep import MARK_WORDS, PAPERS, back, posted_papers
from papergraph.service.keeper import SHELVES
from papergraph.service.pages import Data, declare, page, store
from papergraph.service.parameters import Choice, Text
from papergraph.service.uploads import FILE, received_file
from papergraph.state import Collection, Mark

COLUMNS = {"title": "Paper", "year": "Year", "mark": "Marked", "added": "Added"}
FORMATS = {"bibtex": ("bib", "application/x-bibtex", "BibTeX"),
           "ris": ("ris", "application/x-research-info-systems", "RIS"),
           "csv": ("csv", "text/csv", "CSV")}  # fmt: skip
NAME = Text(name="name", help="name of the collection", most=1000, place="form")
HOW = Choice(
    name="how",
    help="what becomes of what is here",
    allowed={"merge": "it stays beside what comes", "replace": "it is replaced"},
    default="merge",
    place="form",
)
SORT = Choice(
    name="sort",
    help="order of the papers, with - in front downwards",
    allowed=[sign + c for c in COLUMNS for sign in ("", "-")],
    default="-added",
)
DO = Choice(
    name="do",
    help="what to do with the collection",
    allowed={"rename": "give it the name", "delete": "delete it", "remove": "take the papers out of it"},
    place="form",
)
SHELF = {"shelf": f"number of a collection, or {', '.join(SHELVES)}"}


class Shelf(TypedDict):
    """A list that is always there."""

    id: str
    name: str
    papers: int


class CollectionsAnswer(TypedDict):
    """All collections. `off` says why nothing is kept here, `brought` what an import brought."""

    off: str
    collections: list[Collection]
    shelves: list[Shelf]
    brought: str


class KeptPaper(TypedDict):
    """A paper of a collection. Of one that is not in this graph only id and title are known."""

    id: str
    title: str
    kind: str | None
    year: int | None
    listed: bool
    here: bool
    mark: Mark | None
    note: str
    added_at: str
    collections: list[int]


class CollectionAnswer(TypedDict):
    """The papers of a collection; `here` are the ids of those that are in this graph."""

    shelf: str
    name: str
    own: bool
    sort: str
    columns: dict[str, str]
    papers: list[KeptPaper]
    here: list[str]
    formats: dict[str, str]


def _overview() -> Data:
    kept = keeper.kept().values()
    return {
        "off": keeper.keeper().off,
        "collections": [asdict(c) for c in keeper.collections().values()],
        "shelves": [
            {"id": s, "name": name, "papers": sum(map(holds, kept))} for s, (name, holds) in SHELVES.items()
        ],
        "brought": "",
    }


def _to(endpoint: str, **parts: Any) -> Response:
    """To a page, or from a .json twin to its twin."""
    twin = "_json" if request.path.endswith(".json") else ""
    return redirect(url_for(endpoint + twin, **parts), 303)  # type: ignore[return-value]


@page(
    "/collections",
    "collections.html",
    methods=("GET", "POST"),
    takes=(NAME,),
    answer=CollectionsAnswer,
)
def collections() -> Data | Response:
    """All collections; a POST makes one of the given name."""
    if request.method == "POST":
        return _to("collection", shelf=keeper.state().create(NAME.read()))
    return _overview()


@page(
    "/collections/import", "collections.html", methods=("POST",), takes=(FILE, HOW), answer=CollectionsAnswer
)
def bring_collections() -> Data:
    """Takes in an exported state."""
    state = keeper.state()
    file = received_file(state_json.MOST_BYTES, "import only what this page exported")
    saved = state_json.read(file.stream.read())
    brought = state.bring(saved, replace=HOW.read() == "replace")
    keeper.keeper().follow()
    return {**_overview(), "brought": brought.in_words()}


@declare(types=("application/json",))
def collections_file() -> Response:
    """The whole state as a file."""
    answer = Response(state_json.write(keeper.state().saved()), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="papergraph-state.json"'
    return answer


def _rows(added: dict[str, str]) -> list[KeptPaper]:
    """A row a paper: what the graph says of it, or only what was kept of it, and what is kept."""
    papers = questions.catalogue(store()).papers
    rows: list[KeptPaper] = []
    for paper, at in added.items():
        kept, ref = keeper.kept()[paper], papers[paper].ref if paper in papers else None
        rows.append(
            {
                "id": paper,
                "title": ref.title if ref else kept.title or paper,
                "kind": ref.kind if ref else None,
                "year": ref.year if ref else None,
                "listed": ref.listed if ref else False,
                "here": ref is not None,
                "mark": kept.mark,
                "note": kept.note,
                "added_at": at,
                "collections": list(kept.collections),
            }
        )
    return rows


def _sorted(rows: list[KeptPaper], by: str) -> list[KeptPaper]:
    """Rows by a column of COLUMNS, downwards with "-" in front; rows without a value come last."""
    values: dict[str, Callable[[KeptPaper], Any]] = {
        "title": lambda r: r["title"].casefold(),
        "year": lambda r: r["year"],
        "mark": lambda r: MARK_WORDS[r["mark"]] if r["mark"] else None,
        "added": lambda r: r["added_at"],
    }
    value = values[by.removeprefix("-")]
    valued = [r for r in rows if value(r) is not None]
    valued.sort(key=lambda r: r["id"])
    valued.sort(key=value, reverse=by.startswith("-"))
    return valued + [r for r in rows if value(r) is None]


@page(
    "/collection/<shelf>",
    "collection.html",
    methods=("GET", "POST"),
    takes=(SORT, DO, NAME, PAPERS),
    path=SHELF,
    answer=CollectionAnswer,
)
def collection(shelf: str) -> Data | Response:
    """The papers of a collection. A POST renames or deletes it, or removes papers from it."""
    if request.method == "POST":
        return _changed(keeper.number_of(shelf))
    name, added = keeper.shelf(shelf)
    by = SORT.read()
    rows = _sorted(_rows(added), by)
    return {
        "shelf": shelf,
        "name": name,
        "own": shelf not in SHELVES,
        "sort": by,
        "columns": COLUMNS,
        "papers": rows,
        "here": [r["id"] for r in rows if r["here"]],
        "formats": {form: label for form, (_, _, label) in FORMATS.items()},
    }


def _changed(number: int) -> Response:
    state, act = keeper.state(), DO.read()
    if act == "rename":
        state.rename(number, NAME.read())
    elif act == "delete":
        state.delete(number)
        return _to("collections")
    elif act == "remove":
        state.remove(number, posted_papers())
        if not request.path.endswith(".json"):
            return back(url_for("collection", shelf=number))
    else:
        raise UsageError("what is to be done with the collection?", "give do: rename, delete or remove")
    return _to("collection", shelf=number)


@declare(path=SHELF, types=tuple(kind for _, kind, _ in FORMATS.values()))
def collection_file(shelf: str, form: str) -> Response:
    """The papers of a collection as a file; CSV also has the notes, and papers that are not in the graph."""
    _, added = keeper.shelf(shelf)
    if form == "csv":
        text = _table(_rows(added))
    else:
        papers = whole.read_papers(store(), added)
        text = references.bibtex(papers) if form == "bibtex" else references.ris(papers)
    suffix, kind, _ = FORMATS[form]
    answer = Response(text, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="collection-{shelf}.{suffix}"'
    return answer


def _table(rows: list[KeptPaper]) -> str:
    from papergraph.cli.output import write_csv

    buffer = io.StringIO()
    write_csv(rows, buffer, ("id", "title", "year", "kind", "mark", "note", "added_at", "here"))
    return buffer.getvalue()


def add_files(app: Flask) -> None:
    """Adds the addresses that give files."""
    app.add_url_rule("/collections/export", "collections_file", collections_file)
    app.add_url_rule("/collection/<shelf>.<any(bibtex,ris,csv):form>", "collection_file", collection_file)
