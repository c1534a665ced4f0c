"""Abbreviations that a paper defines itself: "long form (SF)".

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text"
(2003): the letters of the short form are matched from right to left, the first one at the start of a word.
Words whose initials are the short form come first: else PPO would be "policy optimization".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papergraph.text import fold_name

if TYPE_CHECKING:
    from papergraph.extract.words import Document


def definitions(document: Document) -> dict[str, tuple[int, int]]:
    """Key of a short form -> word range of the long form before it."""
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
    initial = end - len(letters) + 1
    initials = "".join(w.text[0] for w in words[max(0, initial) : end + 1])
    if initials.lower() == letters and words[initial].field == words[end].field:
        return initial
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
