"""A paper's text cut at its entities, so that a template can link each and escape all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from papergraph.model import Span


def pieces(text: str, field: str, named: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Consecutive pieces {"text", "start", "named"} that together are `text`; `named` is the entity or None.

    `named` takes questions.Named as dicts. Where mentions overlap, the longer one wins.
    """
    spans: list[tuple[int, int, dict[str, Any]]] = []
    for entity in named:
        for at in map(Span.parse, entity["spans"]):
            if at.field == field and 0 <= at.start < at.end <= len(text):
                spans.append((at.start, at.end, entity))
    spans.sort(key=lambda s: (s[0] - s[1], s[0]))
    taken: list[tuple[int, int, dict[str, Any]]] = []
    for start, end, entity in spans:
        if all(end <= a or start >= b for a, b, _ in taken):
            taken.append((start, end, entity))
    out: list[dict[str, Any]] = []
    position = 0
    for start, end, entity in sorted(taken, key=lambda s: s[0]):
        if position < start:
            out.append({"text": text[position:start], "start": position, "named": None})
        out.append({"text": text[start:end], "start": start, "named": entity})
        position = end
    if position < len(text):
        out.append({"text": text[position:], "start": position, "named": None})
    return out
