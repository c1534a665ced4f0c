"""What readers do with papers of a list or page: keep them, or take them to another page."""

from __future__ import annotations

import re
from typing import Any, TypedDict
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for

from papergraph import questions
from papergraph.errors import NotFoundError, UsageError
from papergraph.service import keeper
from papergraph.service.keeper import PaperKept
from papergraph.service.pages import Data, declare, page, store
from papergraph.service.parameters import Choice, Text, several
from papergraph.service.security import LONGEST_QUERY
from papergraph.service.take import PAPER_FORMATS, PAPER_TYPES, papers_file
from papergraph.state import Mark, key

MARK_WORDS = {Mark.TO_READ: "to read", Mark.READ: "read"}
UNMARKED = "unmarked"
PLACES = {
    "compare": ("compare_papers", "paper", "Compare"),
    "benchmarks": ("benchmarks", "paper", "Benchmarks"),
    "route": ("reading_route", "paper", "What to read first"),
    "between": ("between_sets", "a_paper", "Between these and others"),
    "graph": ("graph", "centre", "Graph"),
}
"""Where ticked papers can be taken: endpoint, parameter, label."""
TAKE = "take"
PAPERS = several(Text(name="paper", help="id of a paper", most=2000, place="form"), 5000)
TO = Text(
    name="to",
    help=f"number of a collection, or {', '.join(Mark)} or {UNMARKED}",
    most=1000,
    place="form",
)
NAME = Text(name="name", help="name of a collection, made if there is none of it", most=1000, place="form")
DO = Choice(
    name="do",
    help="what to do",
    allowed={"keep": "mark the papers, or put them into a collection", "note": "set the note of one paper"},
    default="keep",
    place="form",
)
NOTE = Text(name="note", help="the note, plain text; empty: none", most=100_000, place="form")
PLACE = Choice(
    name="do",
    help="where to",
    allowed={place: label for place, (_, _, label) in PLACES.items()} | {TAKE: "a file of them"},
    default="compare",
    place="form",
)
FORM = Choice(name="form", help="format of the file", allowed=PAPER_FORMATS, default="bibtex", place="form")


class PaperKeptHere(PaperKept):
    """What is kept of a paper by id."""

    id: str


class KeepAnswer(TypedDict):
    """What is kept of the papers now."""

    papers: list[PaperKeptHere]


def posted_papers() -> dict[str, str]:
    """The papers of a form, id to title. Raises UsageError for none, NotFoundError for an unknown one."""
    asked = PAPERS.read()
    if not asked:
        raise UsageError("no paper is ticked", "tick papers in the list, then choose again")
    known, held = questions.catalogue(store()).papers, keeper.kept()
    for paper in asked:
        if paper not in known and paper not in held:
            raise NotFoundError(f"there is no paper {paper[:80]!r}", "the search box finds papers")
    return {p: known[p].ref.title if p in known else held[p].title for p in asked}


def came_from(default: str) -> str:
    """Path and query of the page of ours that sent this form; else `default`."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = came.path + (f"?{came.query}" if came.query else "")
    ours = came.netloc == request.host and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours else default


def back(default: str) -> Response:
    """To the page of ours that sent this form, at the element that the form names; else to `default`."""
    path, at = came_from(default), request.form.get("at", "")
    return redirect(path + (f"#{at}" if re.fullmatch(r"[\w-]+", at) else ""), 303)  # type: ignore[return-value]


def _target() -> tuple[Mark | None, int | None]:
    """The mark or the collection (made if it is new) that a form wants. Raises UsageError for neither."""
    name, to = NAME.read(), TO.read()
    if name:
        same = [c.id for c in keeper.collections().values() if key(c.name) == key(name)]
        return None, same[0] if same else keeper.state().create(name)
    if to.isdecimal() and len(to) < 10:
        return None, int(to)
    if to == UNMARKED or to in list(Mark):
        return Mark(to) if to != UNMARKED else None, None
    raise UsageError(
        f"to is {to[:40]!r}, but must be the number of a collection, {', '.join(Mark)} or {UNMARKED}",
        "choose one, or type the name of a new collection",
    )


@page("/keep", "", methods=("POST",), takes=(PAPERS, TO, NAME, DO, NOTE), answer=KeepAnswer)
def keep() -> Data | Response:
    """Marks papers, puts them into a collection, or, with `do=note`, sets the note of one."""
    state, papers = keeper.state(), posted_papers()
    if DO.read() == "note":
        if len(papers) > 1:
            raise UsageError("a note is of one paper", "give one")
        for paper, title in papers.items():
            state.note(paper, title, NOTE.read())
    else:
        mark, number = _target()
        if number is None:
            state.mark(papers, mark)
        else:
            state.add(number, papers)
    if not request.path.endswith(".json"):
        return back(url_for("collections"))
    keeper.forget()
    return {"papers": [{"id": p, **(keeper.kept_of(p) or {})} for p in papers]}


@declare(
    takes=(PAPERS, PLACE, FORM),
    types=("text/html", *PAPER_TYPES),
)
def ticked() -> Response:
    """Takes ticked papers to another page, whose address then names them, or gives them as a file."""
    place = PLACE.read()
    if place == TAKE:
        return papers_file(posted_papers(), FORM.read())
    endpoint, parameter, _ = PLACES[place]
    address: dict[str, Any] = {parameter: list(posted_papers())}
    to = url_for(endpoint, **address)
    if len(to) > LONGEST_QUERY:
        raise UsageError(
            f"{len(address[parameter])} papers are too many for one address",
            "keep them in a collection, whose page takes all of it elsewhere",
        )
    return redirect(to, 303)  # type: ignore[return-value]


def add_forms(app: Flask) -> None:
    """Adds the address of ticked papers, and what the templates need."""
    app.add_url_rule("/ticked", "ticked", ticked, methods=["POST"])
    app.jinja_env.globals.update(
        kept_papers=keeper.kept, shelves=keeper.collections, keeps=lambda: not keeper.keeper().off,
        SHELVES=keeper.SHELVES, MARK_WORDS=MARK_WORDS, UNMARKED=UNMARKED, PLACES=PLACES,
        TAKE=TAKE, PAPER_FORMATS=PAPER_FORMATS,
    )  # fmt: skip
