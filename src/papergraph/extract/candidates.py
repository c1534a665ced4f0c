"""From word scores to candidate entities: spans, their grouping within a paper, and hand-made features."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.words import Document
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
    words = document.words
    first, last = words[start].text, words[end].text
    if words[start].field != words[end].field or document.sentence[start] != document.sentence[end]:
        return False
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

    def joined(i: int) -> bool:
        return (
            0 < i < len(words) and words[i - 1].field == words[i].field and words[i - 1].end == words[i].start
        )

    after = end + 1
    if joined(after) and words[after].text == "+":
        return True
    if joined(after) and joined(after + 1) and words[after].text == "." and words[end].text[-1].isdigit():
        return words[after + 1].text[0].isdigit()
    before = start - 1
    if joined(start) and joined(before) and words[before].text == "." and words[start].text[0].isdigit():
        return words[before - 1].text[-1].isdigit()
    return False


def enumerate_spans(
    begin: NDArray[np.float64], inside: NDArray[np.float64], floor: float
) -> list[tuple[int, int, float]]:
    """Every word range whose probability under independent tags is at least `floor`: (start, end,
    probability)."""
    n = len(begin)
    out = []
    for i in np.flatnonzero(begin >= floor):
        p = float(begin[i])
        for j in range(int(i), min(n, int(i) + MAX_WORDS)):
            if j > i:
                p *= float(inside[j])
            if p < floor:
                break
            score = p * (1 - float(inside[j + 1]) if j + 1 < n else 1.0)
            if score >= floor:
                out.append((int(i), j, score))
    return out


def abbreviations(document: Document) -> dict[str, tuple[int, int]]:
    """Key of a short form -> word range of the long form before it, "long form (SF)".

    After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
    text" (2003): the letters of the short form are matched from right to left, the first one at the start of
    a word.
    """
    words = document.words
    out: dict[str, tuple[int, int]] = {}
    for i, word in enumerate(words):
        if word.text != "(" or i + 2 >= len(words) or i == 0:
            continue
        j = i + 1
        while j < min(len(words), i + 8) and words[j].text not in ");,:":
            j += 1
        if j == i + 1 or j >= len(words) or words[j].field != word.field or words[i - 1].field != word.field:
            continue
        short = document.surface(i + 1, j - 1)
        letters = "".join(c for c in short if c.isalnum())
        if not 2 <= len(letters) <= 12 or not any(c.isupper() for c in letters) or len(short.split()) > 2:
            continue
        letters = (
            letters[:-1] if len(letters) > 2 and letters.endswith("s") and letters[:-1].isupper() else letters
        )
        start = _long_form(document, i - 1, letters.lower())
        if start is not None:
            out.setdefault(fold_name(short), (start, i - 1))
    return out


def _long_form(document: Document, end: int, letters: str) -> int | None:
    """The first word of the long form that ends with word `end`, or None."""
    words = document.words
    lowest = max(0, end - min(len(letters) + 5, 2 * len(letters)) * 2)
    k = len(letters) - 1
    i = end
    while i >= lowest and words[i].field == words[end].field and words[i].text not in ".;:,()":
        text = words[i].text.lower()
        at = len(text) - 1
        while at >= 0 and k >= 0:
            if text[at] == letters[k] and (k > 0 or at == 0):
                k -= 1
            at -= 1
        if k < 0:
            while i >= 2 and words[i - 1].text == "-" and words[i - 2].end == words[i - 1].start:
                if words[i - 1].end != words[i].start or words[i - 2].field != words[i].field:
                    break
                i -= 2
            return i if fold_name(document.surface(i, end)) != letters else None
        i -= 1
    return None


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
    body = max(1, len(words) - n_title)
    ends: dict[int, set[int]] = {}
    for start, end in (m for c in candidates for m in c.mentions):
        ends.setdefault(start, set()).add(end)
    out = np.zeros((len(candidates), N_HAND), np.float32)
    for row, c in enumerate(candidates):
        m = c.mentions
        title = [(s, e) for s, e in m if s < n_title]
        places = [(s - n_title) / body for s, e in m if s >= n_title]
        surfaces = [document.surface(s, e) for s, e in m]
        covered = sum(_covered(ends, s, e) for s, e in m)
        values: tuple[float, ...] = (
            bool(title),
            any(s == 0 for s, _ in title),
            any(s == 0 and e + 1 < n_title and words[e + 1].text == ":" for s, e in title),
            min(1.0, len(m) / 5),
            min(places, default=1.0),
            max(places, default=0.0),
            any(_ACRONYM.match(x) is not None for x in surfaces),
            c.key in defined,
            sum(_glued(document, s - 1, s) for s, _ in m) / len(m),
            sum(_glued(document, e, e + 1) for _, e in m) / len(m),
            min(1.0, float(np.mean([e - s + 1 for s, e in m])) / MAX_WORDS),
            any(x[:1].isupper() for (s, _), x in zip(m, surfaces, strict=True) if s >= n_title),
            any(any(ch.isdigit() for ch in x) for x in surfaces),
            any(not (ch.isalnum() or ch in " -") for x in surfaces for ch in x),
            bool(places),
            covered / len(m),
        )
        out[row] = values
    return out


def _covered(ends: dict[int, set[int]], start: int, end: int) -> bool:
    """Whether another mention contains the words start..end."""
    return any(
        last >= end and (first, last) != (start, end)
        for first in range(start - MAX_WORDS, start + 1)
        for last in ends.get(first, ())
    )


def _glued(document: Document, left: int, right: int) -> bool:
    """Whether two neighbouring words stand together without a space, one of them a hyphen."""
    if left < 0 or right >= len(document.words):
        return False
    a, b = document.words[left], document.words[right]
    return a.field == b.field and a.end == b.start and "-" in (a.text, b.text)


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
    blocked = np.zeros(len(lower), bool)
    for s, e, score in spans:
        if score >= sure:
            blocked[s : e + 1] = True
    out = []
    for words in sorted({tuple(lower[s : e + 1]) for s, e, _ in spans}):
        for i in places[words[0]]:
            j = i + len(words) - 1
            if (i, j) in known or tuple(lower[i : j + 1]) != words or blocked[i : j + 1].any():
                continue
            if allowed(document, i, j):
                score = float(begin[i] * np.prod(inside[i + 1 : j + 1]))
                out.append((i, j, score))
    return out
