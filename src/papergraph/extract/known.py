"""Well-known names that another paper introduced (data/origins.csv): no other paper can introduce them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from papergraph import origins
from papergraph.extract.words import Document
from papergraph.text import fold_name

SHORT_NAME = 4  # letters: names as short stand for many things and must be written letter by letter


@dataclass(slots=True)
class _Known:
    """What the table says of a folded name: how it is written, its other names, and the papers behind it."""

    written: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)


@cache
def _table() -> dict[str, _Known]:
    out: dict[str, _Known] = defaultdict(_Known)
    for row in origins.load():
        if row.origin is None:
            continue
        surfaces = (row.name, *row.aliases)
        for surface in surfaces:
            known = out[fold_name(surface)]
            known.written.add(surface)
            known.names.update(map(fold_name, surfaces))
            known.titles.add(row.origin.title)
    return dict(out)


def introduced_elsewhere(doc: Document, key: str, surfaces: list[str]) -> bool:
    """Whether the table knows what a paper calls by this folded name, and that another paper introduced it.

    Not so where the paper means a thing of its own by the name: it stands before the colon of the title, the
    paper defines it otherwise, or it is short and written otherwise.
    """
    known = _table().get(key)
    if known is None or any(origins.same_title(doc.title, t) for t in known.titles):
        return False
    head, colon, _ = doc.title.partition(":")
    if colon and fold_name(head) == key:
        return False
    if len(key) <= SHORT_NAME and known.written.isdisjoint(surfaces):
        return False
    own = doc.abbreviations.get(key)
    return own is None or fold_name(doc.surface(*own)) in known.names
