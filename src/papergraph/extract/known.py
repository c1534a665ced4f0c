"""What the table of well-known names (data/origins.csv) says of a paper's entities: what each name is, and
which paper introduced it: this one, or another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from papergraph import origins
from papergraph.extract.tagger import Reading
from papergraph.extract.words import Document
from papergraph.model import EntityType, Role
from papergraph.text import fold_name

SHORT_NAME = 4  # letters: names as short stand for many things and must be written letter by letter
OWN_CONFIDENCE = 0.9  # least confidence of a name that its own paper writes
_INTRODUCES = np.array([role is Role.INTRODUCES for role in Role])


@dataclass(slots=True)
class _Known:
    """What the table says of a folded name: how it is written, its other names, its types, and the papers
    behind it."""

    written: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    types: set[EntityType] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)

    def introduced_by(self, title: str) -> bool:
        """Whether a paper of this title is one of those behind it."""
        return any(origins.same_title(title, t) for t in self.titles)


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
            known.types.add(row.type)
            known.titles.add(row.origin.title)
    return dict(out)


def settle(reading: Reading) -> Reading:
    """The reading with types, roles and confidence as the table has them, where it knows a name."""
    found = [
        (i, known)
        for i, c in enumerate(reading.candidates)
        if (known := meant(reading.document, c.key, [reading.document.surface(*m) for m in c.mentions]))
    ]
    if not found:
        return reading
    types, roles, confidence = reading.types.copy(), reading.roles.copy(), reading.confidence.copy()
    mention_roles = list(reading.mention_roles)
    for i, known in found:
        if len(known.types) == 1:
            types[i] = [t in known.types for t in EntityType]
        if known.introduced_by(reading.document.title):
            roles[i] = _INTRODUCES
            confidence[i] = max(confidence[i], OWN_CONFIDENCE)
        else:
            roles[i] = _not_introduced(roles[i])
            mention_roles[i] = _not_introduced(mention_roles[i])
    return replace(reading, types=types, roles=roles, mention_roles=mention_roles, confidence=confidence)


def _not_introduced(roles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Role probabilities, [..., 6], where it is known that the paper did not introduce the thing."""
    others = (roles + np.float32(1e-9)) * ~_INTRODUCES
    return others / others.sum(-1, keepdims=True)


def meant(doc: Document, key: str, surfaces: list[str]) -> _Known | None:
    """The table's entry for what a paper calls by this folded name.

    None where the paper means a thing of its own by the name: it stands before the colon of the title of
    another paper than the one that the table knows it from, the paper defines it otherwise, or it is short
    and written otherwise.
    """
    known = _table().get(key)
    if known is None or (len(key) <= SHORT_NAME and known.written.isdisjoint(surfaces)):
        return None
    own = doc.abbreviations.get(key)
    if own is not None and fold_name(doc.surface(*own)) not in known.names:
        return None
    head, colon, _ = doc.title.partition(":")
    if colon and fold_name(head) == key and not known.introduced_by(doc.title):
        return None
    return known
