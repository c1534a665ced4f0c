"""Cue phrases around the mentions of a candidate, and the roles of their sentences: hints at its role."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.candidates import Candidate
from papergraph.extract.words import Document

# Each cue before a mention: the beginnings of its words, and what may stand between them and the mention.
_BEFORE = (
    (
        "propos|introduc|present|develop|releas|design|devis|build|creat|construct|call|nam|dubb|term",
        r"\w*\b[^.]{0,60}$",
    ),
    ("propos|introduc|present|develop|releas|call|nam|dubb|term", r"\w*\b[^.,;]{0,20}$"),
    ("based|built|build|rel|rest", r"\w* (?:up)?on\b[^.]{0,30}$"),
    ("extend|extension|fine-?tun|adapt|modif|improv|compress|prun|quanti|initiali", r"\w*\b[^.]{0,30}$"),
    ("distil|from", r"(?:(?<=distil)\w*\b[^.]{0,40}|(?<=from)\W+(?:\w+\W+){0,2})$"),
    ("outperform|surpass|exceed|beat|rival|baseline", r"\w*\b[^.]{0,60}$"),
    ("than|over|to|against|versus|with", r"\W+(?:\w+\W+){0,3}$"),
    ("compar|competitive|on par|match|superior", r"\w*\b[^.]{0,50}$"),
    ("evaluat|experiment|result|test|train|perform|achiev|accuracy|score", r"\w*\b[^.]{0,60}$"),
    ("on", r"\W+(?:\w+\W+){0,4}$"),
    (
        "us|leverag|employ|appl|utili[sz]|adopt|incorporat|integrat|combin",
        r"(?:e|es|ing|ed|y|ies)?\b[^.]{0,40}$",
    ),
    ("via|with|by|through", r"\W+(?:\w+\W+){0,3}$"),
    (r"such as|like|e\.g\.|including|i\.e\.", r"[^.]{0,60}$"),
    (
        "recent|existing|previous|prior|current|traditional|conventional|standard|popular|state-of-the-art",
        r"\w*\b[^.]{0,50}$",
    ),
    ("for|of|in|task", r"\W+(?:\w+\W+){0,2}$"),
    ("we|our", r"\W+(?:\w+\W+){0,4}$"),
)
_AFTER = (
    r"\W{0,3}(?:\w+\W+){0,2}(?:data\s?set|benchmark|corpus|corpora|task|challenge)",
    r"\W{0,3}(?:\w+\W+){0,2}(?:outperform|achiev|improv|surpass|enabl|reduc|consist|contain|compris|"
    r"provid|is an?\b)",
    r"-(?:based|style|like|generated|guided)",
    r"\W{0,3}(?:\w+\W+){0,1}(?:model|network|architecture|backbone|encoder)",
    r"\W{0,3}(?:\w+\W+){0,1}(?:method|framework|approach|algorithm|technique|strategy|pipeline|system)",
    r",? (?:an?|which|that)\b",
)
_CUES_BEFORE = [re.compile(f"(?:{begin}){rest}", re.IGNORECASE) for begin, rest in _BEFORE]
_CUES_AFTER = [re.compile(c, re.IGNORECASE) for c in _AFTER]
_RUN = re.compile(r"\w+")
_FIRST_RUNS = [
    re.compile("|".join(x for b in begin.split("|") for x in _RUN.findall(b)[:1]), re.IGNORECASE)
    for begin, _ in _BEFORE
]
REACH = 90  # characters before and after a mention, within its sentence
N_SENTENCE_ROLES = 5
N_CUES = len(_BEFORE) + len(_AFTER) + N_SENTENCE_ROLES + 1


def cue_features(
    document: Document, candidates: list[Candidate], roles: NDArray[np.float32]
) -> NDArray[np.float32]:
    """One row a candidate, all in [0, 1].

    Which cues stand at any of its mentions, the mean roles of its sentences, and how sure it is that the
    abstract reports a result. `roles` [sentences of the abstract, 5] as in Reading.sentences.
    """
    out = np.zeros((len(candidates), N_CUES), np.float32)
    words = len(_BEFORE) + len(_AFTER)
    sentence = document.sentence.tolist()
    for row, candidate in enumerate(candidates):
        hits = set[int]()
        for start, end in candidate.mentions:
            _find(*_around(document, start, end), hits)
        out[row, list(hits)] = 1.0
        inside = [sentence[start] - 1 for start, _ in candidate.mentions if sentence[start] > 0]
        if inside:
            out[row, words:-1] = roles[inside].mean(0)
    out[:, -1] = float(roles[:, 3].max()) if len(roles) else 0.0
    return out


def _find(before: str, after: str, hits: set[int]) -> None:
    """Adds to `hits` the cues in the text before and after a mention."""
    for run in _RUN.finditer(before):
        for cue in _beginning_with(run[0]):
            if cue not in hits and _CUES_BEFORE[cue].match(before, run.start()):
                hits.add(cue)
    for cue, pattern in enumerate(_CUES_AFTER, len(_BEFORE)):
        if cue not in hits and pattern.match(after):
            hits.add(cue)


@lru_cache(maxsize=2**14)
def _beginning_with(word: str) -> tuple[int, ...]:
    """The cues before a mention that may begin with this word."""
    return tuple(cue for cue, first in enumerate(_FIRST_RUNS) if first.match(word))


def _around(document: Document, start: int, end: int) -> tuple[str, str]:
    """The sentence's text before and after the words start..end."""
    first, last = document.words[start], document.words[end]
    text = document.field(first.field)
    sentence = document.sentence_spans[int(document.sentence[start])]
    return (
        text[max(sentence.start, first.start - REACH) : first.start],
        text[last.end : min(sentence.end, last.end + REACH)],
    )
