"""Where a paper's text names a concept that extraction passed over: one pass with a dictionary of surfaces.

How far a surface can be trusted depends on how it is written, and on what extraction makes of it in this
corpus: if it takes it for an entity in most papers where it stands, it was probably missed in the others; if
it takes it in few, it is a common word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from papergraph.model import Evidence, Paper, Span
from papergraph.resolve.keys import proper
from papergraph.text import sentences

LONGEST = 8  # words
STRENGTH = 6.0  # papers that the prior counts for
DOUBT = 1.7  # extraction saw the text, too: the odds against a mention that it passed over grow by this

# How often a reader labels a surface where it stands in a text, measured on the labelled abstracts: for
# names; for words by their number, without and with a known origin of the concept.
NAME_PRIOR = 0.97
WORD_PRIORS = {1: (0.25, 0.6), 2: (0.76, 0.9), 3: (0.94, 0.94)}

_STOPS = frozenset(".,;:!?()[]{}$\\")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_VERSION_AFTER = re.compile(
    r"[-–.]?\d|[ -]v?\d+(?:\.\d+)*[BMK]?\b|[+*²³^]|\$\^|"
    r"[ -](?:base|large|small|tiny|mini|medium|turbo|pro|plus|XX?L|instruct|chat|it)\b",
    re.IGNORECASE,
)
_JOINED_AFTER = re.compile(r"[-–_](?!\w*(?:ed|ing|like|style|free|level|only|wise|specific|type|class)\b)\w")
_JOINED_BEFORE = re.compile(r"\w[-–_]$|[\w.\\]$")


@dataclass(frozen=True, slots=True)
class TextMention:
    """A concept (by its root) that a paper's text names."""

    paper: str
    root: str
    surface: str
    confidence: float
    evidence: Evidence
    span: Span


@dataclass(frozen=True, slots=True)
class _Entry:
    root: str
    written: frozenset[str]  # accepted writings, letter by letter; empty: any case
    as_name: bool
    prior: float


@dataclass(frozen=True, slots=True)
class _Dictionary:
    entries: dict[str, _Entry]  # by folded surface
    beginnings: frozenset[str]  # of the folded surfaces, every length


def _without_plural(text: str) -> str:
    return text[:-1] if text[-1:] == "s" and len(text) > 4 and text[-2] != "s" else text


def _dictionary(surfaces: Mapping[str, Iterable[str]], well_known: set[str]) -> _Dictionary:
    """Folded surface: its concept. A surface that two concepts share belongs to none."""
    roots: dict[str, set[str]] = defaultdict(set)
    written: dict[str, set[str]] = defaultdict(set)
    for root, names in surfaces.items():
        for name in names:
            words = _WORD.findall(name)
            folded = _without_plural("".join(words).casefold())
            if words and len(words) <= LONGEST and len(folded) > 1:
                roots[folded].add(root)
                written[folded].add(name)
    out = {}
    for folded, owners in roots.items():
        if len(owners) == 1:
            root, forms = min(owners), written[folded]
            as_name = all(map(proper, forms))
            exact = as_name and folded.isalpha() and not any(" " in f for f in forms)
            length = min(len(_WORD.findall(min(forms))), 3)
            prior = NAME_PRIOR if as_name else WORD_PRIORS[length][root in well_known]
            out[folded] = _Entry(root, frozenset(forms) if exact else frozenset(), as_name, prior)
    return _Dictionary(out, frozenset(f[:n] for f in out for n in range(1, len(f) + 1)))


def _occurrences(text: str, dictionary: _Dictionary) -> Iterable[tuple[str, str, int, int]]:
    """(folded surface, root, start, end) of the longest names from the left, without overlap."""
    words = [(m.start(), m.end(), m[0].casefold()) for m in _WORD.finditer(text)]
    i = 0
    while i < len(words):
        hit, step = None, 1
        joined, start = "", words[i][0]
        for j in range(i, min(i + LONGEST, len(words))):
            end = words[j][1]
            if j > i and not _near(text[words[j - 1][1] : words[j][0]]):
                break
            joined += words[j][2]
            folded = _without_plural(joined)
            entry = dictionary.entries.get(folded)
            if entry and _as_written(text, start, end, entry):
                hit, step = (folded, entry.root, start, end), j - i + 1
            if joined not in dictionary.beginnings:
                break
        if hit:
            yield hit
        i += step


def _near(gap: str) -> bool:
    return gap == "." or (len(gap) <= 2 and _STOPS.isdisjoint(gap))


def _as_written(text: str, start: int, end: int, entry: _Entry) -> bool:
    """Whether the name stands alone there, not in a longer one, and in a writing that is known for it."""
    before, surface, after = text[max(0, start - 2) : start], text[start:end], text[end : end + 16]
    if after[:1].isalnum() or _VERSION_AFTER.match(after) or _JOINED_AFTER.match(after):
        return False
    if _JOINED_BEFORE.search(before):
        return False
    return not entry.written or surface in entry.written or surface.removesuffix("s") in entry.written


def find(
    papers: Sequence[Paper],
    surfaces: Mapping[str, Iterable[str]],
    established: set[str],
    well_known: set[str],
    known: Mapping[str, set[str]],
    taken: Mapping[str, Sequence[Span]],
    own: Mapping[str, set[str]],
    floor: float,
) -> list[TextMention]:
    """Mentions of established concepts in papers that are not `known` to name them.

    `surfaces`: root: its names; `well_known`: roots whose origin is known; `known`: paper: roots of its
    entities; `taken`: paper: spans of its entities; `own`: paper: folded names that mean something else.
    Only mentions with a confidence of at least `floor` are given.
    """
    dictionary = _dictionary(surfaces, well_known)
    seen: dict[str, list[int]] = defaultdict(
        lambda: [0, 0]
    )  # folded surface: papers with it, of these taken for an entity
    drafts: list[tuple[Paper, str, str, Span]] = []
    for paper in papers:
        mine = known.get(paper.id, set())
        counted: set[str] = set()
        roots: set[str] = set()
        for field, text in (("title", paper.title), ("abstract", paper.abstract)):
            for folded, root, start, end in _occurrences(text, dictionary):
                span = Span(field, start, end)
                if folded in own.get(paper.id, ()):
                    continue
                if root not in mine:
                    around = [t for t in taken.get(paper.id, ()) if _inside(span, t)]
                    if not all(
                        dictionary.entries[folded].as_name and _adds_words(span, t, text) for t in around
                    ):
                        continue
                if folded not in counted:
                    counted.add(folded)
                    seen[folded][0] += 1
                    seen[folded][1] += root in mine
                if root in established and root not in mine and root not in roots:
                    roots.add(root)
                    drafts.append((paper, root, folded, span))
    out = []
    for paper, root, folded, span in drafts:
        total, hits = seen[folded]
        rate = (hits + STRENGTH * dictionary.entries[folded].prior) / (total + STRENGTH)
        confidence = rate / (rate + DOUBT * (1 - rate))
        if confidence >= floor:
            text = paper.title if span.field == "title" else paper.abstract
            out.append(
                TextMention(
                    paper.id,
                    root,
                    text[span.start : span.end],
                    confidence,
                    sentence_of(text, span),
                    span,
                )
            )
    return out


def _inside(span: Span, other: Span) -> bool:
    return span.field == other.field and other.start <= span.start and span.end <= other.end


def _adds_words(span: Span, other: Span, text: str) -> bool:
    """Whether the wider span only puts words in lower case beside a name: "ImageNet generation"."""
    rest = text[other.start : span.start] + text[span.end : other.end]
    return rest.islower() and not any(c.isdigit() or c in "-–/_" for c in rest)


def sentence_of(text: str, span: Span) -> Evidence:
    """The sentence in which a span of a title or abstract stands; a title is one."""
    if span.field == "title":
        return Evidence(text, Span("title", 0, len(text)))
    start, end = next(
        ((s, e) for s, e in sentences(text) if s <= span.start < e),
        (span.start, span.end),
    )
    end = max(end, span.end)
    return Evidence(text[start:end], Span(span.field, start, end))
