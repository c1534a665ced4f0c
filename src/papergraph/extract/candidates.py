"""From word scores to candidate entities: spans, their grouping within a paper, and hand-made features."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.words import Document, Word
from papergraph.text import fold_name

MAX_WORDS = 12
OPENING, CLOSING = "$\\(#*_", ")$+}_"
ARTICLES = ("a", "an", "the")
FEATURES = (
    "in_title", "opens_title", "before_colon", "mentions", "first_place", "last_place", "acronym", "defined",
    "glued_left", "glued_right", "words", "capital", "digit", "sign", "in_abstract", "covered",
)  # fmt: skip
N_HAND = len(FEATURES)


@dataclass(slots=True)
class Candidate:
    """Mentions of what may be one entity, as word ranges (both ends included) in text order."""

    key: str
    mentions: list[tuple[int, int]]
    scores: list[float] = field(default_factory=list)  # tagger's score of each mention


def allowed(document: Document, start: int, end: int) -> bool:
    """Whether the words start..end can be a name: one field and sentence, ends that fit."""
    if document.sentence[start] != document.sentence[end]:  # the title is a sentence of its own
        return False
    first, last = document.words[start].text, document.words[end].text
    if not (first[0].isalnum() or first in OPENING) or not (last[0].isalnum() or last in CLOSING):
        return False
    surface = document.surface(start, end)
    if first == "(" and surface.find(")") == len(surface) - 1:
        return False
    if (first in ARTICLES and start < end) or _cut(document, start, end):
        return False
    return (
        surface.count("(") == surface.count(")") and surface.count("$") % 2 == 0 and bool(fold_name(surface))
    )


_ADDRESS = re.compile(
    r"(?:https?\s?:\s?/\s?/\s?|www\.)\S+|\b(?:github|gitlab|huggingface)\.(?:com|co)/\S+", re.IGNORECASE
)


def in_address(document: Document) -> NDArray[np.bool_]:
    """For each word, whether it is part of a web address."""
    out = np.zeros(len(document.words), bool)
    ranges = [m.span() for m in _ADDRESS.finditer(document.abstract)]
    for i, word in enumerate(document.words if ranges else ()):
        out[i] = word.field == "abstract" and any(s < word.end and word.start < e for s, e in ranges)
    return out


def trim(document: Document, start: int, end: int) -> tuple[int, int]:
    """The words start..end without an article before the name and brackets around it."""
    words = document.words
    while start < end:
        if words[start].text == "(" and words[end].text == ")" and start + 1 < end:
            surface = document.surface(start, end)
            if surface.find(")") != len(surface) - 1:
                break
            start, end = start + 1, end - 1
        elif words[start].text in ARTICLES:
            start += 1
        else:
            break
    return start, end


def _cut(document: Document, start: int, end: int) -> bool:
    """Whether the words start..end cut a number ("Phi-3" of "Phi-3.5") or lose a plus sign that follows."""
    words = document.words

    after, before = end + 1, start - 1
    if _joined(words, after):
        if words[after].text == "+":
            return True
        if words[after].text == "." and words[end].text[-1].isdigit() and _joined(words, after + 1):
            return words[after + 1].text[0].isdigit()
    if _joined(words, start) and words[before].text == "." and words[start].text[0].isdigit():
        return _joined(words, before) and words[before - 1].text[-1].isdigit()
    return False


def _joined(words: list[Word], i: int) -> bool:
    """Whether no space stands between word i and the one before it in its field."""
    return 0 < i < len(words) and words[i - 1].end == words[i].start and words[i - 1].field == words[i].field


def enumerate_spans(
    begin: NDArray[np.float64], inside: NDArray[np.float64], floor: float
) -> list[tuple[int, int, float]]:
    """Every word range whose probability under independent tags is at least `floor`: (start, end,
    probability)."""
    n = len(begin)
    further = inside.tolist()
    out = []
    for i in np.flatnonzero(begin >= floor).tolist():
        p = float(begin[i])
        for j in range(i, min(n, i + MAX_WORDS)):
            if j > i:
                p *= further[j]
            if p < floor:
                break
            score = p * (1 - further[j + 1] if j + 1 < n else 1.0)
            if score >= floor:
                out.append((i, j, score))
    return out


def abbreviations(document: Document) -> dict[str, tuple[int, int]]:
    """Key of a short form -> word range of the long form before it, "long form (SF)"."""
    return document.abbreviations


def group(document: Document, spans: list[tuple[int, int, float]]) -> list[Candidate]:
    """Spans of equal folded surface are one candidate; a short form joins the long form that defines it.

    Of mentions that overlap within a candidate the one with the highest score stays.
    """
    short = {key: fold_name(document.surface(*r)) for key, r in abbreviations(document).items()}
    groups: dict[str, Candidate] = {}
    for start, end, score in sorted(spans):
        key = fold_name(document.surface(start, end))
        key = short.get(key, key)
        candidate = groups.setdefault(key, Candidate(key, []))
        if candidate.mentions and candidate.mentions[-1][1] >= start:
            if score <= candidate.scores[-1]:
                continue
            candidate.mentions.pop()
            candidate.scores.pop()
        candidate.mentions.append((start, end))
        candidate.scores.append(score)
    return list(groups.values())


_ACRONYM = re.compile(r"(?=.*[A-Z].*[A-Z0-9])[A-Za-z0-9$^{}\\+.-]{2,15}$")


def hand_features(document: Document, candidates: list[Candidate]) -> NDArray[np.float32]:
    """One row a candidate, in the order of FEATURES, all in [0, 1]."""
    words, n_title = document.words, document.title_words
    short = abbreviations(document)
    defined = set(short) | {fold_name(document.surface(*r)) for r in short.values()}
    n_body = max(1, len(words) - n_title)
    reach = [-1] * len(words)  # the last word of the longest mention that begins at each word
    for start, end in (m for c in candidates for m in c.mentions):
        reach[start] = max(reach[start], end)
    rows: list[tuple[float, ...]] = []
    for c in candidates:
        m = c.mentions
        title = [(s, e) for s, e in m if s < n_title]
        body = [(s, e) for s, e in m if s >= n_title]
        places = [(s - n_title) / n_body for s, _ in body]
        surfaces = {document.surface(s, e) for s, e in m}
        row = (
            bool(title),
            any(s == 0 for s, _ in title),
            any(s == 0 and e + 1 < n_title and words[e + 1].text == ":" for s, e in title),
            min(1.0, len(m) / 5),
            min(places, default=1.0),
            max(places, default=0.0),
            any(_ACRONYM.match(x) is not None for x in surfaces),
            c.key in defined,
            sum(_hyphen(words, s) for s, _ in m) / len(m),
            sum(_hyphen(words, e + 1) for _, e in m) / len(m),
            min(1.0, sum(e - s + 1 for s, e in m) / len(m) / MAX_WORDS),
            any(words[s].text[0].isupper() for s, _ in body),
            any(ch.isdigit() for x in surfaces for ch in x),
            any(not (ch.isalnum() or ch in " -") for x in surfaces for ch in x),
            bool(places),
            sum(_covered(reach, s, e) for s, e in m) / len(m),
        )
        rows.append(row)
    return np.array(rows, np.float32).reshape(-1, N_HAND)


def _covered(reach: list[int], start: int, end: int) -> bool:
    """Whether another mention contains the words start..end."""
    return reach[start] > end or max(reach[max(0, start - MAX_WORDS) : start], default=-1) >= end


def _hyphen(words: list[Word], i: int) -> bool:
    """Whether word i and the one before it stand together without a space, one of them a hyphen."""
    return _joined(words, i) and "-" in (words[i - 1].text, words[i].text)


def spread(
    document: Document,
    spans: list[tuple[int, int, float]],
    begin: NDArray[np.float64],
    inside: NDArray[np.float64],
    sure: float = 0.5,
) -> list[tuple[int, int, float]]:
    """Further occurrences of the spans' words anywhere in the paper, scored by the tagger, that cross no
    sure span."""
    lower = [w.text.lower() for w in document.words]
    places: dict[str, list[int]] = {}
    for i, word in enumerate(lower):
        places.setdefault(word, []).append(i)
    known = {(s, e) for s, e, _ in spans}
    blocked = {i for s, e, score in spans if score >= sure for i in range(s, e + 1)}
    out = []
    for words in sorted({tuple(lower[s : e + 1]) for s, e, _ in spans}):
        for i in places[words[0]]:
            j = i + len(words) - 1
            if (i, j) in known or tuple(lower[i : j + 1]) != words or not blocked.isdisjoint(range(i, j + 1)):
                continue
            if allowed(document, i, j):
                score = float(begin[i] * np.prod(inside[i + 1 : j + 1]))
                out.append((i, j, score))
    return out
