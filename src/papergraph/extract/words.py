"""From title and abstract to words, sub-word windows and sentences: the input of the tagger, in training and
at run time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from papergraph.extract.abbreviations import definitions
from papergraph.model import Span
from papergraph.text import sentences

WINDOW = 384  # sub-words, special tokens included
TITLE_LIMIT = 160  # sub-words of the title that every window repeats
N_SHAPES = 9
N_FEATURES = 2 * N_SHAPES + 1  # shape x field, and 0 for special tokens
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+|\S")


class Word(NamedTuple):
    """A run of letters and digits, or one other character; offsets into its field."""

    field: str
    start: int
    end: int
    text: str


def split(field: str, text: str) -> list[Word]:
    """The words of one field, in order."""
    return [Word(field, m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]


def shape(word: str) -> int:
    """What the uncased encoder cannot see: 0 sign, 1 lower, 2 Capital, 3 CAPS, 4 miXed, 5 letters+digits, 6
    digits,
    7 one capital, 8 letters without case."""
    if not word[0].isalnum():
        return 0
    if word.isdigit():
        return 6
    if any(c.isdigit() for c in word):
        return 5
    if word.islower():
        return 1
    if word.isupper():
        return 7 if len(word) == 1 else 3
    if word[0].isupper() and word[1:].islower():
        return 2
    return 4 if word.lower() != word else 8


@dataclass(frozen=True)
class Document:
    """A paper as the encoder takes it.

    `windows` are [CLS] title [SEP] part of the abstract [SEP], each (ids, features) of equal length. Rows are
    the tokens of all windows one after the other; word i covers the rows first[i]..last[i]. `sentence[i]` is
    the number of the word's sentence in `sentence_spans` (the title is sentence 0).
    """

    title: str
    abstract: str
    words: list[Word]
    windows: list[tuple[NDArray[np.int64], NDArray[np.int64]]]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    sentence: NDArray[np.int64]
    sentence_spans: list[Span]

    def field(self, name: str) -> str:
        return self.title if name == "title" else self.abstract

    def span(self, start: int, end: int) -> Span:
        """Character offsets of the words start..end, both included."""
        return Span(self.words[start].field, self.words[start].start, self.words[end].end)

    def surface(self, start: int, end: int) -> str:
        """Verbatim text of the words start..end, both included."""
        return self.field(self.words[start].field)[self.words[start].start : self.words[end].end]

    @cached_property
    def title_words(self) -> int:
        return sum(w.field == "title" for w in self.words)

    @cached_property
    def abbreviations(self) -> dict[str, tuple[int, int]]:
        """As papergraph.extract.abbreviations.definitions gives them."""
        return definitions(self)


def _special(tokenizer: Tokenizer, name: str) -> int:
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name}")
    return int(number)


@lru_cache(maxsize=2**15)  # encoding costs far more than all else here, and most words come again
def _encode(tokenizer: Tokenizer, word: str) -> tuple[list[int], int]:
    """Sub-word ids and shape of a word; one that normalises to nothing becomes [UNK]."""
    coded = tokenizer.encode([word], is_pretokenized=True, add_special_tokens=False)
    return coded.ids[:24] or [_special(tokenizer, "[UNK]")], shape(word)


def _parts(sizes: list[int], sentence: list[int], room: int) -> list[list[int]]:
    """Word numbers cut into runs of at most `room` sub-words, at sentence ends where possible; `sizes` counts
    the sub-words of each word."""
    parts: list[list[int]] = [[]]
    used = 0
    for _, group in groupby(range(len(sizes)), sentence.__getitem__):
        run = list(group)
        size = sum(sizes[i] for i in run)
        if used + size > room and used and size <= room:
            parts.append([])
            used = 0
        for i in run:
            if used + sizes[i] > room:
                parts.append([])
                used = 0
            parts[-1].append(i)
            used += sizes[i]
    return parts


def document(tokenizer: Tokenizer, title: str, abstract: str) -> Document:
    """Words, windows and sentences of a paper. The tokenizer must neither truncate nor pad."""
    cls, sep = _special(tokenizer, "[CLS]"), _special(tokenizer, "[SEP]")
    head, body = split("title", title), split("abstract", abstract)
    totals = accumulate(len(_encode(tokenizer, w.text)[0]) for w in head)
    head = [w for w, total in zip(head, totals, strict=True) if total <= TITLE_LIMIT]
    words = head + body
    coded = [_encode(tokenizer, w.text) for w in words]
    sizes = [len(ids) for ids, _ in coded]
    spans = [Span("title", 0, len(title))] + [Span("abstract", s, e) for s, e in sentences(abstract)]
    place, number = [], 1
    for w in body:
        while number + 1 < len(spans) and w.start >= spans[number].end:
            number += 1
        place.append(number)
    first, last = [0] * len(words), [0] * len(words)
    windows = []
    offset, n_head = 0, len(head)
    for n, part in enumerate(_parts(sizes[n_head:], place, WINDOW - 3 - sum(sizes[:n_head]))):
        ids, features = [cls], [0]
        for i in [*range(n_head), *(n_head + k for k in part)]:
            if i == n_head + (part[0] if part else -1):
                ids.append(sep)
                features.append(0)
            pieces, kind = coded[i]
            if i >= n_head or n == 0:
                first[i], last[i] = offset + len(ids), offset + len(ids) + len(pieces) - 1
            ids += pieces
            features += [1 + kind + (N_SHAPES if i >= n_head else 0)] * len(pieces)
        ids.append(sep)
        features.append(0)
        windows.append((np.array(ids, np.int64), np.array(features, np.int64)))
        offset += len(ids)
    rows, ends = np.array(first, np.int64), np.array(last, np.int64)
    sentence = np.array([0] * n_head + place, np.int64)
    return Document(title, abstract, words, windows, rows, ends, sentence, spans)
