"""The tables of well-known names, looked up by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from papergraph import origins
from papergraph.origins import OriginRow
from papergraph.resolve.keys import generic, key, reading


@dataclass(frozen=True)
class Lexicon:
    """Rows by the keys of their names and aliases. An alias that two rows claim belongs to neither."""

    rows: tuple[OriginRow, ...]
    by_key: dict[str, OriginRow]
    by_reading: dict[str, OriginRow]

    @classmethod
    def of(cls, rows: Sequence[OriginRow]) -> Lexicon:
        by_key: dict[str, OriginRow] = {}
        for row in rows:
            by_key.setdefault(key(row.name), row)
        claims: dict[str, list[OriginRow]] = {}
        for row in rows:
            for k in {key(a) for a in row.aliases}:
                claims.setdefault(k, []).append(row)
        for k, claimants in claims.items():
            if len(claimants) == 1 and not generic(k):
                by_key.setdefault(k, claimants[0])
        by_reading: dict[str, OriginRow] = {}
        for row in rows:
            for surface in surfaces(row):
                if by_key.get(key(surface)) is row:
                    by_reading.setdefault(reading(surface), row)
        return cls(tuple(rows), by_key, by_reading)

    @classmethod
    def load(cls) -> Lexicon:
        """The tables that travel with the package. A term that is also an origin adds its names there."""
        rows = list(origins.load())
        place: dict[str, int] = {}
        for i, row in enumerate(rows):
            for surface in surfaces(row):
                place.setdefault(key(surface), i)
        for term in origins.terms():
            at = place.get(key(term.name))
            if at is None:
                rows.append(term)
            else:
                rows[at] = replace(rows[at], aliases=(*rows[at].aliases, term.name, *term.aliases))
        return cls.of(rows)

    def keys(self, row: OriginRow) -> list[str]:
        """The keys that stand for this row, its name's first."""
        return [k for k in dict.fromkeys(map(key, surfaces(row))) if self.by_key.get(k) is row]


def surfaces(row: OriginRow) -> Iterable[str]:
    """Name and aliases."""
    return (row.name, *row.aliases)
