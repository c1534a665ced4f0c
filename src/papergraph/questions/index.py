"""Words to documents, in memory: BM25 with field weights, beginnings of words, and misspellings.

Scoring follows BM25F (Robertson, Zaragoza: "The Probabilistic Relevance Framework: BM25 and Beyond", 2009):
term frequencies are weighted by field and damped by field length before they are summed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

K1, B = 1.2, 0.6
# Weights of a word that only begins with, or is only spelt like, the one asked for.
BEGINNING, MISSPELT = 0.8, 0.6
LEAST_SIMILARITY = 0.75
EXPANSIONS = 40

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
STOP = frozenset(
    """
    a an and are as at be been by can do does for from has have how in into is it its more of on or our s such
    than that the their them there these they this to using via was we what when which while who with
    """.split()  # noqa: SIM905
)
ENDINGS = tuple(
    """
    izations ization ations ation ational ments ment ingly ings ing ities ity ively ives ive ers er ors or ies
    ized izes ize ed es ly al s e y
    """.split()  # noqa: SIM905
)


def stem(word: str) -> str:
    """A crude stem that only ever meets other stems: distil, distills, distilled and distillation agree."""
    if len(word) < 5 or not word.isascii() or any(c.isdigit() for c in word):
        return word[:-1] if len(word) == 4 and word.endswith("s") and not word.endswith("ss") else word
    word = word.replace("isation", "ization")
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def _raw_words(text: str) -> list[str]:
    """Words in small letters, without accents."""
    if text.isascii():
        return _WORD.findall(text.casefold())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    return _WORD.findall(unicodedata.normalize("NFC", bare).casefold())


def words(text: str) -> list[str]:
    """Stems of the words of a text, in order; a character of a script without spaces counts as a word."""
    return [stem(w) for w in _raw_words(text)]


def query_words(text: str) -> list[str]:
    """The distinct words of a question, without those that say nothing (unless there are no others)."""
    raw = list(dict.fromkeys(_raw_words(text)))
    return list(dict.fromkeys(stem(w) for w in raw if w not in STOP)) or [stem(w) for w in raw]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a document fits. `coverage`: share of the words, by rarity, that it holds; `exact`: one stands
    there, or begins a word there, as typed.
    """

    score: float
    coverage: float
    exact: bool


class Index:
    """An index over documents, each a mapping of field to text; `weights` says how much a field counts."""

    def __init__(self, documents: Sequence[Mapping[str, str]], weights: Mapping[str, float]) -> None:
        self._size = len(documents)
        counts = {f: [Counter(words(d.get(f, ""))) for d in documents] for f in weights}
        postings: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for field, weight in weights.items():
            lengths = [sum(c.values()) for c in counts[field]]
            mean = sum(lengths) / max(1, sum(n > 0 for n in lengths)) or 1.0
            for i, count in enumerate(counts[field]):
                norm = 1 - B + B * lengths[i] / mean
                for word, n in count.items():
                    postings[word][i] += weight * n / norm
        self._postings = {
            w: (
                np.fromiter(d, np.int32, len(d)),
                np.fromiter(d.values(), np.float32, len(d)),
            )
            for w, d in postings.items()
        }
        self._vocabulary = sorted(self._postings)

    def rarity(self, word: str) -> float:
        """Inverse document frequency; that of an unseen word for a word that no document holds."""
        held = len(self._postings[word][0]) if word in self._postings else 0
        return math.log(1 + (self._size - held + 0.5) / (held + 0.5))

    def match(self, text: str, *, expand: bool = True) -> dict[int, Match]:
        """Documents that hold at least one of the question's words, by number.

        With `expand`, words also match longer words that begin with them, and where none is spelt so, the
        nearest.
        """
        asked = query_words(text)
        score = np.zeros(self._size, np.float32)
        coverage = np.zeros(self._size, np.float32)
        exact = np.zeros(self._size, bool)
        total = 0.0
        for word in asked:
            best = np.zeros(self._size, np.float32)
            share = np.zeros(self._size, np.float32)
            for other, weight in self._expand(word) if expand else [(word, 1.0)]:
                if other not in self._postings:
                    continue
                documents, frequency = self._postings[other]
                gain = weight * self.rarity(other) * frequency * (K1 + 1) / (frequency + K1)
                best[documents] = np.maximum(best[documents], gain)
                share[documents] = np.maximum(share[documents], weight)
                if weight >= BEGINNING:
                    exact[documents] = True
            rarity = self.rarity(word) if word in self._postings or not expand else self.rarity("")
            total += rarity
            score += best
            coverage += share * rarity
        found = np.nonzero(score)[0]
        return {
            int(i): Match(
                float(score[i]),
                float(coverage[i] / total) if total else 0.0,
                bool(exact[i]),
            )
            for i in found
        }

    def _expand(self, word: str) -> list[tuple[str, float]]:
        """Words of the documents that `word` may stand for, with their weights."""
        out = [(word, 1.0)] if word in self._postings else []
        if len(word) >= 2:
            out += [(w, BEGINNING) for w in self._beginning(word) if w != word]
        if not out and len(word) >= 4:
            out += [(w, MISSPELT * s) for w, s in self._like(word)]
        return out

    def _beginning(self, word: str) -> list[str]:
        from bisect import bisect_left

        start = bisect_left(self._vocabulary, word)
        end = bisect_left(self._vocabulary, word + "\U0010ffff")
        longer = self._vocabulary[start:end]
        return sorted(longer, key=lambda w: (-len(self._postings[w][0]), w))[:EXPANSIONS]

    def _like(self, word: str) -> Iterable[tuple[str, float]]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = process.extract(
            word,
            self._vocabulary,
            scorer=OSA.normalized_similarity,
            score_cutoff=LEAST_SIMILARITY,
            limit=8,
        )
        digits = [c for c in word if c.isdigit()]
        return [(w, s) for w, s, _ in found if [c for c in w if c.isdigit()] == digits]
