"""Whether readers' own state is on, and the state itself, with the redirects of the graph followed."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from flask import current_app, g

from papergraph.errors import NotFoundError, PapergraphError, UsageError
from papergraph.service.security import is_loopback
from papergraph.settings import Settings
from papergraph.state import Collection, Kept, Mark, State
from papergraph.store import GraphStore
from papergraph.tables import open_graph

FILE = "state.sqlite"
SHELVES: dict[str, tuple[str, Callable[[Kept], bool]]] = {
    Mark.TO_READ.value: ("To read", lambda k: k.mark is Mark.TO_READ),
    Mark.READ.value: ("Read", lambda k: k.mark is Mark.READ),
    "noted": ("With a note", lambda k: bool(k.note)),
}
"""Lists that are always there, beside the collections: name, and which papers they hold."""


class StateOffError(PapergraphError):
    """Something is to be kept where the service keeps nothing."""

    code = "state_off"
    status = 403


class Keeper:
    """The state of one service. `off` says in words why there is none, or is empty.

    Raises StateError where the file is none of ours, UsageError where the one named cannot be written.
    """

    def __init__(self, location: str, settings: Settings) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._followed: weakref.ref[GraphStore] | None = None
        self.off = ""
        self._state: State | None = None
        path, self.off = _choose(location, settings)
        if path is not None:
            self._state = State(path)

    def state(self, store: GraphStore) -> State:
        """The state, in terms of the papers that a store knows. Raises StateOffError where there is none."""
        if self._state is None:
            raise StateOffError(
                f"nothing is kept here: {self.off}", "`papergraph serve --state FILE` keeps it"
            )
        with self._lock:
            if self._followed is None or self._followed() is not store:
                self.follow()
                self._followed = weakref.ref(store)
        return self._state

    def follow(self) -> None:
        """Follows the redirects of the graph's registry; a graph in Neo4j has none to read."""
        if self._state is not None and "://" not in self._location and self._state.kept():
            self._state.follow(open_graph(self._location).registry.redirects)


def _choose(location: str, settings: Settings) -> tuple[Path | None, str]:
    """The file of the state, or why there is none."""
    if settings.no_state:
        return None, "it was started with --no-state"
    if settings.state:
        path = Path(settings.state)
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise UsageError(
                f"--state {path}: no file that can be written", "name one in a folder that exists"
            )
        return path, ""
    if "://" in location:
        return None, "a graph in Neo4j has no folder for it"
    if not is_loopback(settings.host):
        return None, "others can reach this service, and would share it"
    path = Path(location) / FILE
    if not os.access(path if path.exists() else path.parent, os.W_OK) or not os.access(path.parent, os.W_OK):
        return None, "the graph's folder cannot be written"
    return path, ""


def keeper() -> Keeper:
    """The keeper of this service."""
    found: Keeper = current_app.config["PAPERGRAPH_KEEPER"]
    return found


def state() -> State:
    """The state. Raises StateOffError where nothing is kept."""
    return keeper().state(current_app.config["PAPERGRAPH_STORE"].get())


def kept() -> dict[str, Kept]:
    """All papers of which something is kept, by id, read once a request; none where the state is off."""
    if "kept" not in g:
        g.kept = {} if keeper().off else state().kept()
    held: dict[str, Kept] = g.kept
    return held


def collections() -> dict[int, Collection]:
    """All collections by id, in the order of their names, read once a request."""
    if "collections" not in g:
        g.collections = {} if keeper().off else {c.id: c for c in state().collections()}
    held: dict[int, Collection] = g.collections
    return held


def number_of(shelf: str) -> int:
    """The number of a collection as an address gives it. Raises NotFoundError for what is none."""
    if not shelf.isdecimal() or len(shelf) > 9:
        raise NotFoundError(f"there is no collection {shelf[:40]!r}", "the page of collections lists them")
    return int(shelf)


def shelf(shelf: str) -> tuple[str, dict[str, str]]:
    """The name of a collection or of one of SHELVES, and its papers with the time at which each was added.

    Raises NotFoundError, and StateOffError where nothing is kept.
    """
    held = state()
    if shelf in SHELVES:
        name, holds = SHELVES[shelf]
        return name, {k.id: k.changed_at for k in kept().values() if holds(k)}
    number = number_of(shelf)
    return held.collection(number).name, held.added(number)


class PaperKept(TypedDict):
    """What is kept of a paper."""

    mark: Mark | None
    note: str
    collections: list[Collection]


def kept_of(paper: str) -> PaperKept | None:
    """What is kept of a paper, for a page: None where the state is off."""
    if keeper().off:
        return None
    held = kept().get(paper) or Kept(paper, "")
    return {
        "mark": held.mark,
        "note": held.note,
        "collections": [collections()[c] for c in held.collections if c in collections()],
    }


def forget() -> None:
    """Lets this request read the state again, after it wrote."""
    for name in ("kept", "collections"):
        g.pop(name, None)
