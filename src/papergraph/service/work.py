"""Work with a set of papers: compare them, their benchmarks, what to read first, what lies between two sets, claims."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from papergraph.export.comparison import FORMATS
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, compare
from papergraph.questions.listings import listings
from papergraph.questions.sets import PaperSet, paper_set
from papergraph.service.pages import Data, page, store, whole_number

MOST_COMPARED = 12  # papers side by side before the rest is cut, which the page says


def read_set(prefix: str = "") -> PaperSet:
    """The set of papers that the address names; with a prefix, one of two sets."""
    args = request.args
    return paper_set(
        store(),
        args.getlist(f"{prefix}paper"),
        titles=args.get(f"{prefix}titles", ""),
        concept=args.get(f"{prefix}concept", ""),
        listing_id=args.get(f"{prefix}listing", ""),
    )


def set_data(found: PaperSet, prefix: str = "") -> Data:
    """A set for a page: its papers, what is unknown, and the parameters that name it again."""
    address: dict[str, Any] = {
        f"{prefix}paper": list(found.chosen),
        f"{prefix}concept": found.concept.id if found.concept else None,
        f"{prefix}listing": found.listing,
    }
    return {**found.as_dict(), "prefix": prefix, "address": {k: v for k, v in address.items() if v}}


def _form() -> Data:
    """What the form of a set offers."""
    return {"listings": [{"id": r["id"], "name": r["name"]} for r in listings(store())]}


@page("/compare", "compare.html")
def compare_papers() -> Data:
    """Papers side by side, every cell quoted."""
    found = read_set()
    most = whole_number("max", MOST_COMPARED, 1, 100)
    return {
        "set": set_data(found),
        **_form(),
        "aspects": ASPECTS,
        "none_named": NONE_NAMED,
        "max": most,
        "papers": [c.as_dict() for c in compare(store(), found.ids[:most])],
    }


def compare_file(form: str) -> Response:
    """The comparison as a file: Markdown, LaTeX or CSV."""
    ids = read_set().ids[: whole_number("max", MOST_COMPARED, 1, 100)]
    kind, write = FORMATS[form]
    body = write(compare(store(), ids))
    name = {"Content-Disposition": f'attachment; filename="comparison.{form}"'}
    return Response(body, content_type=f"{kind}; charset=utf-8", headers=name)


def add_files(app: Flask) -> None:
    """Adds the addresses that give files."""
    app.add_url_rule("/compare.<any(md,tex,csv):form>", "compare_file", compare_file)
