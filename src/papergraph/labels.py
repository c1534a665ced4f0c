"""Labels of papers for pictures and lists, made from titles alone."""

from __future__ import annotations

import re

from papergraph.text import readable

SHORT = 28  # characters of a label
_SMALL = frozenset(
    [
        "a", "an", "the", "of", "for", "and", "in", "on", "with", "to", "by", "from", "via", "using",
        "towards", "toward", "is", "are", "as", "at", "or", "its", "their", "how", "what", "why", "do",
        "does", "can", "through", "into", "under", "between",
    ]
)  # fmt: skip


def from_title(title: str) -> str:
    """At most SHORT characters: what stands before a colon, else the first words, without small ones at the
    ends."""
    plain = re.sub(r"\s+", " ", readable(title)).strip()
    head, colon, _ = plain.partition(":")
    if colon and 1 < len(head) <= SHORT:
        return head.strip()
    words = plain.split(" ")
    while len(words) > 1 and words[0].lower() in _SMALL:
        words.pop(0)
    label = ""
    for word in words:
        if len(label) + 1 + len(word) > SHORT:
            break
        label = f"{label} {word}".strip()
    kept = label.split(" ")
    while len(kept) > 1 and kept[-1].lower() in _SMALL:
        kept.pop()
    return " ".join(kept).rstrip(",;:-–—") or plain[:SHORT]


def cut(text: str) -> str:
    """The text, or its beginning with "…" where it has more than SHORT characters."""
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"
