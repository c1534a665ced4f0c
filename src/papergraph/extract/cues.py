"""Cue phrases around the mentions of a candidate, and the roles of their sentences: hints at its role."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.candidates import Candidate
from papergraph.extract.words import Document

_BEFORE = (
    r"\b(?:propos|introduc|present|develop|releas|design|devis|build|creat|construct|call|nam|dubb|"
    r"term)\w*\b[^.]{0,60}$",
    r"\b(?:propos|introduc|present|develop|releas|call|nam|dubb|term)\w*\b[^.,;]{0,20}$",
    r"\b(?:based|built|build|rel|rest)\w* (?:up)?on\b[^.]{0,30}$",
    r"\b(?:extend|extension|fine-?tun|adapt|modif|improv|compress|prun|quanti|initiali)\w*\b[^.]{0,30}$",
    r"\bdistil\w*\b[^.]{0,40}$|\bfrom\W+(?:\w+\W+){0,2}$",
    r"\b(?:outperform|surpass|exceed|beat|rival|baseline)\w*\b[^.]{0,60}$",
    r"\b(?:than|over|to|against|versus|with)\W+(?:\w+\W+){0,3}$",
    r"\b(?:compar|competitive|on par|match|superior)\w*\b[^.]{0,50}$",
    r"\b(?:evaluat|experiment|result|test|train|perform|achiev|accuracy|score)\w*\b[^.]{0,60}$",
    r"\bon\W+(?:\w+\W+){0,4}$",
    r"\b(?:us|leverag|employ|appl|utili[sz]|adopt|incorporat|integrat|combin)(?:e|es|ing|ed|y|"
    r"ies)?\b[^.]{0,40}$",
    r"\b(?:via|with|by|through)\W+(?:\w+\W+){0,3}$",
    r"\b(?:such as|like|e\.g\.|including|i\.e\.)[^.]{0,60}$",
    r"\b(?:recent|existing|previous|prior|current|traditional|conventional|standard|popular|"
    r"state-of-the-art)\w*\b"
    r"[^.]{0,50}$",
    r"\b(?:for|of|in|task)\W+(?:\w+\W+){0,2}$",
    r"\b(?:we|our)\W+(?:\w+\W+){0,4}$",
)
_AFTER = (
    r"^\W{0,3}(?:\w+\W+){0,2}(?:data\s?set|benchmark|corpus|corpora|task|challenge)",
    r"^\W{0,3}(?:\w+\W+){0,2}(?:outperform|achiev|improv|surpass|enabl|reduc|consist|contain|compris|"
    r"provid|is an?\b)",
    r"^-(?:based|style|like|generated|guided)",
    r"^\W{0,3}(?:\w+\W+){0,1}(?:model|network|architecture|backbone|encoder)",
    r"^\W{0,3}(?:\w+\W+){0,1}(?:method|framework|approach|algorithm|technique|strategy|pipeline|system)",
    r"^,? (?:an?|which|that)\b",
)
_CUES = [re.compile(c, re.IGNORECASE) for c in _BEFORE], [re.compile(c, re.IGNORECASE) for c in _AFTER]
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
    result = float(roles[:, 3].max()) if len(roles) else 0.0
    for row, candidate in enumerate(candidates):
        numbers = []
        for start, end in candidate.mentions:
            before, after = _around(document, start, end)
            hits = [c.search(before) is not None for c in _CUES[0]] + [
                c.search(after) is not None for c in _CUES[1]
            ]
            out[row, :words] = np.maximum(out[row, :words], hits)
            numbers.append(int(document.sentence[start]))
        inside = [n - 1 for n in numbers if n > 0]
        if inside:
            out[row, words:-1] = roles[inside].mean(0)
        out[row, -1] = result
    return out


def _around(document: Document, start: int, end: int) -> tuple[str, str]:
    """The sentence's text before and after the words start..end."""
    first, last = document.words[start], document.words[end]
    text = document.field(first.field)
    sentence = document.sentence_spans[int(document.sentence[start])]
    return (
        text[max(sentence.start, first.start - REACH) : first.start],
        text[last.end : min(sentence.end, last.end + REACH)],
    )
