"""The page that adds a listing: its form, how far it is, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from flask import Flask, Response, current_app, redirect, request, url_for

from papergraph.service.adding import STAGES, Adder, Job
from papergraph.service.pages import Data, page
from papergraph.service.parameters import Choice, Text
from papergraph.service.uploads import FILE, received_file, size_in_words
from papergraph.sources import FORMATS

FORMAT = Choice(
    name="format", help="format of the file, if its content misleads", allowed=FORMATS, place="form"
)
TOKEN = Text(
    name="token", help="token, where one is needed; or as Authorization: Bearer", most=500, place="form"
)


class AddAnswer(TypedDict):
    """The listing that is, or was, being added; `off` says why none can be."""

    off: str
    token_needed: bool
    limit: int
    limit_words: str
    formats: dict[str, str]
    stages: dict[str, str]
    job: Job | None


def adder() -> Adder:
    """What adds listings here."""
    found: Adder = current_app.config["PAPERGRAPH_ADDER"]
    return found


def _given_token() -> str:
    """The token of the Authorization header, or nothing. A header's bytes come as Latin-1 (PEP 3333)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return (
        token.strip().encode("latin-1", "replace").decode(errors="replace")
        if kind.lower() == "bearer"
        else ""
    )


def add_words(app: Flask) -> None:
    """Adds what templates need to know."""
    app.jinja_env.globals.update(may_add=lambda: not adder().off)


@page("/add", "add.html", methods=("GET", "POST"), takes=(FILE, FORMAT, TOKEN), answer=AddAnswer)
def add() -> Data | Response:
    """How far a listing is that is being added. A POST with a file adds one."""
    adding = adder()
    if request.method == "POST":
        adding.check_open()
        if _given_token():
            adding.check_token(_given_token())
        file = received_file(adding.limit, "split it, or start the service with a larger --upload-bytes")
        if not _given_token():
            adding.check_token(TOKEN.read())
        adding.start(file, file.filename or "", FORMAT.read())
        twin = "_json" if request.path.endswith(".json") else ""
        return redirect(url_for("add" + twin), 303)  # type: ignore[return-value]
    return {
        "off": adding.off,
        "token_needed": bool(adding.token),
        "limit": adding.limit,
        "limit_words": size_in_words(adding.limit),
        "formats": FORMATS,
        "stages": STAGES,
        "job": replace(adding.job) if adding.job else None,
    }
