"""Terms of a text for lexical nearness: words, parts of hyphenated words, and pairs of neighbouring words."""

from __future__ import annotations

import re
from collections import Counter

from papergraph.model import Paper
from papergraph.text import readable

TITLE_WEIGHT = 2

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_JOINT = re.compile("[-'’]")
_STOP = frozenset(  # function words, and what nearly every abstract says
    """
    a about above achieve achieves across after again all also although among an and any are as at
    based be because been before being between both but by can could demonstrate despite did do does
    due during each either especially et al etc existing experiments first for from further
    furthermore had has have having here how however i if in into introduce is it its itself may
    method methods might more moreover most much must new no nor not novel of on once one only onto
    or other our over own paper present propose proposed results same second several she should show
    shown shows since so some such than that the their them then there therefore these they this
    those through thus to too towards two under until up upon us use used uses using via was we well
    were what when where whereas whether which while who whom whose why will with within without
    work would yet you your
    """.split()  # noqa: SIM905
)


def terms(text: str) -> list[str]:
    """Lower-case terms of `text`, in its order; function words and the commonest words left out."""
    out: list[str] = []
    before: str | None = None
    for word in _WORD.findall(readable(text).lower()):
        parts = [word] if word.isalnum() else [word, *_JOINT.split(word)]
        kept = [p for p in parts if len(p) > 1 and p not in _STOP]
        out += kept
        if kept and before:
            out.append(f"{before} {kept[0]}")
        before = kept[-1] if kept else None
    return out


def counts(paper: Paper) -> Counter[str]:
    """How often each term occurs in a paper, those of the title counted TITLE_WEIGHT times."""
    out = Counter(terms(paper.abstract))
    for term in terms(paper.title):
        out[term] += TITLE_WEIGHT
    return out
