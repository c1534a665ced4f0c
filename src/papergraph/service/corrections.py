"""Corrections in the pages: where the forms go, the list of all, and undo; the graph is built anew."""

from __future__ import annotations

import os
import threading
from typing import TypedDict

from flask import Flask, Response, redirect, request, url_for

from papergraph import correct
from papergraph.corrections import Kind, Outcome, Status
from papergraph.corrections.table import LONGEST, Edge
from papergraph.errors import GraphError, PapergraphError, UsageError
from papergraph.model import ROLE_WORDS, EntityType, Role
from papergraph.questions.corrections import CorrectionRow, settled, shown
from papergraph.service.keep import came_from
from papergraph.service.pages import Data, handle, page, settings, store
from papergraph.service.parameters import Choice, Number, Text
from papergraph.service.security import is_loopback
from papergraph.tables import open_graph

_turn = threading.Lock()  # corrections of one service wait for one another
_last: dict[str, tuple[dict[str, str], str]] = {}  # by graph: the last form that was sent, and its key
LONGEST_BACK = 2000  # characters of an address that the result leads back to
_KINDS = {
    Kind.MERGE: "`name` is the same as `other`, whose name stays",
    Kind.APART: "`name` and `other` are two things",
    Kind.NOT_ENTITY: "`name` is no entity, in `paper` or anywhere",
    Kind.TYPE: "`name` is of the type `value`, in `paper` or everywhere",
    Kind.ROLE: "`name` has the role `value` in `paper`",
    Kind.DROP_EDGE: "the edge `value` between `paper` and `other` is wrong",
    Kind.ADD_EDGE: "`paper` builds on `other`",
}
DO = Choice(
    name="do",
    help="what to do",
    allowed={"say": "say what is wrong", "undo": "take a correction back", "apply": "apply an edited file"},
    default="say",
    place="form",
)
KIND = Choice(name="kind", help="what is said", allowed=_KINDS, place="form")
PAPER = Text(name="paper", help="id or title of a paper", most=LONGEST, place="form")
NAME = Text(name="name", help="id or name of a concept", most=LONGEST, place="form")
OTHER = Text(name="other", help="the other concept, or the other paper", most=LONGEST, place="form")
VALUE = Choice(name="value", help="a type, role or edge", allowed=[*EntityType, *Role, *Edge], place="form")
TYPE = Choice(name="type", help="the value of a type", allowed=list(EntityType), place="form")
ROLE = Choice(name="role", help="the value of a role", allowed=ROLE_WORDS, place="form")
EDGE = Text(
    name="edge", help="value, paper and other of an edge, with spaces", most=2 * LONGEST, place="form"
)
NOTE = Text(name="note", help="why", most=LONGEST, place="form")
NUMBER = Number(name="number", help="of the correction to undo", low=1, high=10**6, default=0, place="form")
KEY = Text(name="key", help="its key, as a safeguard", most=40, place="form")
DONE = Text(name="done", help="key of the correction that was just made", most=40)
UNDONE = Choice(name="undone", help="whether one was just undone", allowed=["1"])
BACK = Text(name="back", help="the page that it was made on", most=LONGEST_BACK)


class CorrectionsOffError(PapergraphError):
    """Something is to be corrected where the service does not let it."""

    code = "corrections_off"
    status = 403


class NotCorrectedError(PapergraphError):
    """The graph cannot be built anew just now; nothing was changed."""

    code = "not_corrected"
    status = 409


class CorrectionsAnswer(TypedDict):
    """All corrections. `off` says why none can be made here; `done` is the one that was just made."""

    off: str
    rows: list[CorrectionRow]
    done: CorrectionRow | None
    undone: bool
    back: str


def off() -> str:
    """Why nothing can be corrected in these pages, in words, or ""."""
    location = handle().location
    if "://" in location:
        return "this explorer shows a Neo4j, and corrections belong to the graph on disk"
    if settings().read_only:
        return "it was started with --read-only"
    if not settings().allow_corrections and not is_loopback(settings().host):
        return "others can reach this service, and it was started without --allow-corrections"
    if not os.access(location, os.W_OK):
        return "the graph's folder cannot be written"
    return ""


def _standing() -> list[Outcome]:
    location = handle().location
    return [] if "://" in location else correct.standing(open_graph(location))


def _cells() -> dict[str, str]:
    cells = {p.name: p.read() for p in (KIND, PAPER, NAME, OTHER, VALUE, NOTE)}
    if not cells["kind"]:
        raise UsageError("what is wrong?", f"give kind, one of {', '.join(Kind)}")
    cells["value"] = {Kind.TYPE: TYPE.read(), Kind.ROLE: ROLE.read()}.get(Kind(cells["kind"]), "") or cells[
        "value"
    ]
    if edge := EDGE.read():
        parts = edge.split(" ")
        if len(parts) != 3:
            raise UsageError(f"edge is {edge[:40]!r}, but must be VALUE PAPER OTHER")
        cells |= dict(zip(("value", "paper", "other"), parts, strict=True))
    return cells


def _said(location: str, cells: dict[str, str]) -> str:
    """Makes a correction, but once where a button was pressed twice; gives its key."""
    last, key = _last.get(location, ({}, ""))
    held = {o.correction.key for o in _standing() if o.status is Status.APPLIED}
    if last == cells and key in held:
        return key
    row, _ = settled(store(), cells)
    if row.key not in held:
        correct.add(location, row)
    _last[location] = cells, row.key
    return row.key


def _make() -> str:
    """Does what the form says; gives the key of a correction that was made."""
    if reason := off():
        raise CorrectionsOffError(
            f"nothing can be corrected here: {reason}", "`papergraph correct` corrects a graph on disk"
        )
    location, act, key = handle().location, DO.read(), ""
    try:
        with _turn:
            if act == "apply":
                correct.apply(location)
            elif act == "undo":
                correct.undo(location, NUMBER.read(), KEY.read() or None)
            else:
                key = _said(location, _cells())
    except GraphError as error:
        raise NotCorrectedError(error.message, error.hint) from None
    handle().look()
    return key


@page(
    "/corrections",
    "corrections.html",
    methods=("GET", "POST"),
    takes=(DO, KIND, PAPER, NAME, OTHER, VALUE, TYPE, ROLE, EDGE, NOTE, NUMBER, KEY, DONE, UNDONE, BACK),
    answer=CorrectionsAnswer,
)
def corrections() -> Data | Response:
    """All corrections and what became of them; a POST makes or undoes one and builds the graph anew."""
    done, undone, back = DONE.read(), bool(UNDONE.read()), BACK.read()
    if request.method == "POST":
        done = _make()
        undone = DO.read() == "undo"
        if not request.path.endswith(".json"):
            came = came_from("")
            if came.startswith(url_for("corrections")) or len(came) > LONGEST_BACK:
                came = ""
            result = url_for(
                "corrections",
                done=done or None,
                undone="1" if undone else None,
                back=came or None,
            )
            return redirect(result, 303)  # type: ignore[return-value]
    rows = shown(store(), _standing())
    made = next((r for r in reversed(rows) if done and r["key"] == done), None)
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    return {"off": off(), "rows": rows, "done": made, "undone": undone, "back": back if local else ""}


def add_words(app: Flask) -> None:
    """Adds what the forms in other pages need."""
    app.jinja_env.globals.update(corrections_off=off)
