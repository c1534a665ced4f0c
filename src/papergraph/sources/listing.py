"""The listing format: a title line, then an abstract line, then the next title, with page furniture between.

Lines go missing and strange ones get in, so a line is not told by counting. Each line has a cost of being a
title, an abstract or neither, each step between kinds has one too, and the cheapest way through the whole
file wins (Viterbi's algorithm, 1967). The alternation of sound entries thus carries a short abstract or a
long title, and after a missing or a stray line the reading falls back into step by itself.

The costs are minus log likelihoods, rounded, from titles and abstracts of 110,000 conference papers: titles
have 16 to 209 characters and abstracts 218 to 2,212 (0.1% and 99.9%).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import StrEnum

from papergraph.model import Record
from papergraph.sources.fields import tidy
from papergraph.sources.opening import Text, rejection
from papergraph.sources.result import ReadResult
from papergraph.text import sentences


class Kind(StrEnum):
    """What a line of a listing is."""

    BLANK = "blank"
    PREAMBLE = "preamble"
    TITLE = "title"
    ABSTRACT = "abstract"
    STRAY = "stray"


_PREAMBLE = re.compile(
    r"(?:get trending papers\b[^.!]{0,60}\binbox\b(?:\s+once an? \w+)?[\s.!]*)+", re.IGNORECASE
)
_GLUED = re.compile(r"Subscribe(?=[^\W_a-z]|[\"'“‘$\\(\[{])")
_GLUED_AFTER_PREAMBLE = re.compile(r"Subscribe(?=\S)(?!(?:rs?|d)\b)")
_FURNITURE = re.compile(
    r"""https?://\S+
    | [\W\d_]+
    | (?:no\ abstract|abstract\ not)\ .*
    | n/?a | none | abstract[.:]?
    | (?:page|p\.|figure|fig\.|table)\s*\d+.*
    | \W*\d[\d.,k]*\s+(?:up)?(?:votes?|likes?|comments?|citations?|papers?)\b.*
    | (?:published|submitted|upvoted?|view|(?:read|show|load)\ more|next|previous)\b.{0,60}
    | (?:advertisement|sponsored|copyright|©).{0,100}
    | subscribe\ to\ .{0,30}(?:newsletter|updates|feed)\W*
    | (?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?\ \d{1,2}(?:,?\ \d{4})?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_HALF_WAY = 287  # characters, between the median lengths of titles and abstracts, in logarithms
_MISSING_ABSTRACT = 4.0  # a title after a title, or at the end
_STRAY = 7.0  # a line that is neither
_FURNITURE_COST = 1.0  # such a line that looks like page furniture
_BETWEEN = 8.0  # more, for such a line between a title and its abstract
_TIE = 0.5  # a stray line rather after an abstract than before it


def label_lines(lines: Sequence[str]) -> list[tuple[Kind, str]]:
    """The kind of each line, and what it says: itself without preamble, glue and white space around it."""
    bodies: list[str] = []
    kinds: list[Kind] = []
    after_preamble = False
    for line in lines:
        bare = line.strip()
        start = _PREAMBLE.match(bare)
        body = bare[start.end() :] if start else bare
        preamble = start is not None or body.lower() == "subscribe"
        after_preamble = after_preamble or preamble
        glue = (_GLUED_AFTER_PREAMBLE if after_preamble else _GLUED).match(body)
        body = "" if body.lower() == "subscribe" else body[glue.end() :] if glue else body
        bodies.append(body)
        kinds.append(Kind.STRAY if body else Kind.PREAMBLE if preamble else Kind.BLANK)
        after_preamble = after_preamble and not body
    content = [i for i, kind in enumerate(kinds) if kind is Kind.STRAY]
    for i, kind in zip(content, _cheapest([_costs(bodies[i]) for i in content]), strict=True):
        kinds[i] = kind
    return list(zip(kinds, bodies, strict=True))


def read(text: Text) -> ReadResult:
    """Records of a listing. A title without abstract is kept with a warning; a stray line is rejected."""
    result = ReadResult("listing", [], text.rejected, [], text.digest)
    title: tuple[int, str] | None = None

    def close(abstract: str = "") -> None:
        nonlocal title
        if title is None:
            return
        number, words = title
        result.records.append(Record(words, abstract, text.name, number))
        if not abstract:
            result.warnings.append(rejection(text.name, number, "title without an abstract", words))
        title = None

    for number, (kind, body) in enumerate(label_lines(text.lines), 1):
        if kind is Kind.TITLE:
            close()
            title = (number, tidy(body))
        elif kind is Kind.ABSTRACT:
            close(tidy(body))
        elif kind is Kind.STRAY:
            text.reject(number, _why_stray(body), body)
    close()
    return result


def _costs(line: str) -> tuple[float, float, float, float]:
    """What it costs to take the line for a title, an abstract, neither, and neither inside of an entry."""
    length = len(line) + 2 * len(_CJK.findall(line[:3000]))
    slope = max(-6.0, min(6.0, 6 * math.log(length / _HALF_WAY)))
    title, abstract = math.log1p(math.exp(slope)), math.log1p(math.exp(-slope))
    head = line[:3000]
    closed = sum(
        head[end - 1] in ".。" or head[end - 2 : end] in ('."', ".)", ".'") for _, end in sentences(head)
    )
    title += (0.0, 4.6, 10.0)[min(closed, 2)]
    abstract += (3.0, 1.0, 0.0)[min(closed, 2)]
    if line[-1] in "?!？！":
        title += 0.5
    between = _STRAY + _BETWEEN
    if line[0].islower() and line == line.lower():
        title += 4.0
        abstract += 3.0
        between = _STRAY
    if _FURNITURE.fullmatch(line):
        return title + 6.0, abstract + 6.0, _FURNITURE_COST, _FURNITURE_COST
    return title, abstract, _STRAY, between


def _cheapest(costs: Sequence[tuple[float, float, float, float]]) -> list[Kind]:
    """The cheapest sequence of kinds. After a line, an entry is open (waits for its abstract) or closed."""
    # best[state] = cost of the cheapest way to it; steps[i][state] = (kind of line i, state before it)
    best = {"closed": 0.0, "open": math.inf}
    steps: list[dict[str, tuple[Kind, str]]] = []
    for title, abstract, stray, between in costs:
        ways = {
            "open": [
                (best["closed"] + title, Kind.TITLE, "closed"),
                (best["open"] + title + _MISSING_ABSTRACT, Kind.TITLE, "open"),
                (best["open"] + between + _TIE, Kind.STRAY, "open"),
            ],
            "closed": [
                (best["open"] + abstract, Kind.ABSTRACT, "open"),
                (best["closed"] + stray, Kind.STRAY, "closed"),
            ],
        }
        chosen = {state: min(options, key=lambda way: way[0]) for state, options in ways.items()}
        best = {state: way[0] for state, way in chosen.items()}
        steps.append({state: (way[1], way[2]) for state, way in chosen.items()})
    state = "closed" if best["closed"] <= best["open"] + _MISSING_ABSTRACT else "open"
    kinds: list[Kind] = []
    for step in reversed(steps):
        kind, state = step[state]
        kinds.append(kind)
    return kinds[::-1]


def _why_stray(line: str) -> str:
    if _FURNITURE.fullmatch(line):
        return "stray line: neither a title nor an abstract"
    title, abstract, *_ = _costs(line)
    return (
        "an abstract without a title before it"
        if abstract < title
        else "stray line: out of step with titles and abstracts"
    )
