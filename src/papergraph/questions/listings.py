"""Listings: the input files of a graph and the papers that each holds."""

from __future__ import annotations

from dataclasses import dataclass

from papergraph.errors import NotFoundError
from papergraph.questions.answers import Answer, PaperRef
from papergraph.questions.catalogue import catalogue, read
from papergraph.store.base import GraphStore, Row


@dataclass(frozen=True, slots=True)
class Entry(PaperRef):
    """A paper of a listing; `at` is file:line."""

    rank: int
    at: str


@dataclass(frozen=True, slots=True)
class ListingView(Answer):
    """A listing and its entries in the order of the file."""

    listing: Row  # id, name, file, added_at, and the numbers of its papers and entries
    papers: tuple[Entry, ...]


def listings(store: GraphStore) -> list[Row]:
    """The listings of a graph in the order in which they were added, with the numbers of their papers and
    entries.
    """
    return read(store, "listings")


def listing(store: GraphStore, name: str) -> ListingView:
    """One listing, by id or name. Raises NotFoundError, with those that there are, where there is none."""
    rows = listings(store)
    found = [r for r in rows if name in (r["id"], r["name"])]
    if not found:
        raise NotFoundError(
            f"there is no listing {name!r}",
            "there are: " + ", ".join(r["id"] for r in rows),
        )
    cat = catalogue(store)
    papers = [
        Entry(**cat.paper(r["id"]).as_dict(), rank=r["rank"], at=r["at"])
        for r in read(store, "listed_by", listing=found[0]["id"])
    ]
    return ListingView(found[0], tuple(papers))
