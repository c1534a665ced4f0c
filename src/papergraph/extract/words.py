"""From title and abstract to words, sub-word windows and sentences: the input of the tagger, in training and
at run time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from papergraph.model import Span
from papergraph.text import sentences

WINDOW = 384  # sub-words, special tokens included
TITLE_LIMIT = 160  # sub-words of the title that every window repeats
N_SHAPES = 9
N_FEATURES = 2 * N_SHAPES + 1  # shape x field, and 0 for special tokens
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+|\S")


@dataclass(frozen=True, slots=True)
class Word:
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


def _special(tokenizer: Tokenizer, name: str) -> int:
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name}")
    return int(number)


def _pieces(tokenizer: Tokenizer, words: list[Word]) -> list[list[int]]:
    """Sub-word ids of each word; a word that normalises to nothing becomes [UNK]."""
    unknown = _special(tokenizer, "[UNK]")
    out: list[list[int]] = [[] for _ in words]
    if words:
        coded = tokenizer.encode([w.text for w in words], is_pretokenized=True, add_special_tokens=False)
        for token, word in zip(coded.ids, coded.word_ids, strict=True):
            if word is not None:
                out[word].append(token)
    return [p[:24] or [unknown] for p in out]


def _parts(pieces: list[list[int]], sentence: list[int], room: int) -> list[list[int]]:
    """Word numbers cut into runs of at most `room` sub-words, at sentence ends where possible."""
    parts: list[list[int]] = [[]]
    used = 0
    i = 0
    while i < len(pieces):
        j = i
        while j < len(pieces) and sentence[j] == sentence[i]:
            j += 1
        size = sum(len(p) for p in pieces[i:j])
        if used + size > room and used and size <= room:
            parts.append([])
            used = 0
        for k in range(i, j):
            if used + len(pieces[k]) > room:
                parts.append([])
                used = 0
            parts[-1].append(k)
            used += len(pieces[k])
        i = j
    return parts


def document(tokenizer: Tokenizer, title: str, abstract: str) -> Document:
    """Words, windows and sentences of a paper. The tokenizer must neither truncate nor pad."""
    cls, sep = _special(tokenizer, "[CLS]"), _special(tokenizer, "[SEP]")
    head = split("title", title)
    head_pieces = _pieces(tokenizer, head)
    while sum(map(len, head_pieces)) > TITLE_LIMIT:
        head_pieces.pop()
    head = head[: len(head_pieces)]
    body = split("abstract", abstract)
    body_pieces = _pieces(tokenizer, body)
    spans = [Span("title", 0, len(title))] + [Span("abstract", s, e) for s, e in sentences(abstract)]
    place, number = [], 1
    for w in body:
        while number + 1 < len(spans) and w.start >= spans[number].end:
            number += 1
        place.append(number)
    words = head + body
    first, last = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
    windows = []
    offset = 0
    for n, part in enumerate(_parts(body_pieces, place, WINDOW - 3 - sum(map(len, head_pieces)))):
        ids, features = [cls], [0]
        layout = [(i, head[i], p, 1) for i, p in enumerate(head_pieces)]
        layout += [(len(head) + k, body[k], body_pieces[k], 1 + N_SHAPES) for k in part]
        for i, word, piece, base in layout:
            if i == len(head) + (part[0] if part else -1):
                ids.append(sep)
                features.append(0)
            if i >= len(head) or n == 0:
                first[i], last[i] = offset + len(ids), offset + len(ids) + len(piece) - 1
            ids += piece
            features += [base + shape(word.text)] * len(piece)
        ids.append(sep)
        features.append(0)
        windows.append((np.array(ids, np.int64), np.array(features, np.int64)))
        offset += len(ids)
    sentence = np.array([0] * len(head) + place, np.int64)
    return Document(title, abstract, words, windows, first, last, sentence, spans)
