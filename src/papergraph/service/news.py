"""What is new since the last listing, and what of it touches a reader's collections."""

from __future__ import annotations

from typing import TypedDict

from papergraph.questions import news as question
from papergraph.questions.listings import listings
from papergraph.questions.news import NewConcept, NewPaper, latest
from papergraph.service import keeper
from papergraph.service.pages import Data, ListingRow, page, store
from papergraph.service.parameters import Number, Text
from papergraph.service.work import ListingName

MOST = 40  # papers and concepts of a section before the rest is cut, which the page says
LISTING = Text(name="listing", help="id or name of the listing; the latest if left out", most=200)
MAX = Number(name="max", help="papers and concepts of a section at most", low=1, high=5000, default=MOST)


class NewsAnswer(TypedDict):
    """What is new in a listing; `touched` papers touch a collection, which is named by its number.

    The counts are of all, also of those that `max` cuts.
    """

    listing: ListingRow
    listings: list[ListingName]
    earlier: list[str]
    together: bool
    known: int
    collections: dict[str, str]
    touched: list[NewPaper]
    touched_count: int
    rest: list[NewPaper]
    rest_count: int
    concepts: list[NewConcept]
    concepts_count: int
    max: int


@page("/new", "new.html", takes=(LISTING, MAX), answer=NewsAnswer)
def news() -> Data:
    """What a listing brought that no earlier one had."""
    held, most = store(), MAX.read()
    members: dict[str, set[str]] = {str(c): set() for c in keeper.collections()}
    for paper in keeper.kept().values():
        for number in paper.collections:
            members[str(number)].add(paper.id)
    found = question.news(held, LISTING.read() or latest(held), members)
    touched = [p for p in found.papers if p.touches]
    rest = [p for p in found.papers if not p.touches]
    return {
        "listing": dict(found.listing),
        "listings": [{"id": r["id"], "name": r["name"]} for r in reversed(listings(held))],
        "earlier": list(found.earlier),
        "together": found.together,
        "known": found.known,
        "collections": {str(c.id): c.name for c in keeper.collections().values()},
        "touched": [p.as_dict() for p in touched[:most]],
        "touched_count": len(touched),
        "rest": [p.as_dict() for p in rest[:most]],
        "rest_count": len(rest),
        "concepts": [c.as_dict() for c in found.concepts[:most]],
        "concepts_count": len(found.concepts),
        "max": most,
    }
