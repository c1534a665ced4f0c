"""Short forms that papers define.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text" (2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from papergraph.resolve.keys import tail_stripped

_PAIR = re.compile(r"\(([^()]{2,80})\)")
_SHORT = re.compile(r"[A-Za-z][\w$^{}+/.&-]{1,14}$")
_SMALL_WORDS = "a an and by for from in of on the to via with"
SMALL_WORDS = frozenset(_SMALL_WORDS.split())
_PART = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\s(),;:]+")


def is_short_form(text: str) -> bool:
    """Whether a text could be a short form: one word of 2 to 12 characters with a capital in it."""
    return bool(_SHORT.match(text)) and len(text) <= 12 and any(c.isupper() for c in text)


def expansion(short: str, words: str) -> str | None:
    """The shortest end of `words` that `short` abbreviates, or None.

    Its letters are initials of the words, or else stand in that order in them, the first at the start of one.
    """
    letters = [c.casefold() for c in short.removesuffix("s") if c.isalnum()]
    words = words.rstrip(" '\"’”~")
    if len(letters) < 2:
        return None
    place = _by_initials(letters, words)
    if place is None:
        place = _by_letters(letters, words)
    if place is None:
        return None
    out = words[place:]
    count = len(out.replace("-", " ").split())
    fits = 2 <= count <= min(len(letters) + 5, 2 * len(letters))
    return out if fits and "," not in out and short.casefold() not in out.casefold() else None


def _by_initials(letters: Sequence[str], words: str) -> int | None:
    """Where the words begin whose initials are the letters; small words between them need none."""
    left = list(letters)
    for match in reversed(list(_PART.finditer(words))):
        if match[0][0].casefold() == left[-1]:
            left.pop()
            if not left:
                return match.start()
        elif match[0].casefold() not in SMALL_WORDS:
            return None
    return None


def _by_letters(letters: Sequence[str], words: str) -> int | None:
    """Where the shortest end of the words begins that has the letters in order, the first at a start."""
    place = len(words)
    for n, letter in enumerate(reversed(letters), 1):
        place -= 1
        while place >= 0:
            starts = place == 0 or not words[place - 1].isalnum()
            if words[place].casefold() == letter and (n < len(letters) or starts):
                break
            place -= 1
        if place < 0:
            return None
    return place


def abbreviates(short: str, long: str) -> bool:
    """Whether `short` is the short form of the whole of `long`."""
    return is_short_form(short) and expansion(short, long) == long


def initials(short: str, long: str) -> bool:
    """Whether the capitals of a short form are initials of words of the long form, in order."""
    firsts = iter(w[0].casefold() for w in long.replace("-", " ").split())
    return all(any(c.casefold() == first for first in firsts) for c in short.removesuffix("s") if c.isupper())


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) for every "long form (SHORT)" and "SHORT (long form)" of a text, in order."""
    for match in _PAIR.finditer(text):
        inner = match[1].strip()
        head = text[max(0, match.start() - 120) : match.start()]
        if match.start() > 120:
            head = head.partition(" ")[2]
        head = re.split(r"[.;:?!]\s", head)[-1].rstrip()
        short = re.split(r"[,;]", inner)[0].strip()
        if is_short_form(short):
            long = expansion(short, head) or expansion(short, tail_stripped(head) or "")
            if long:
                yield short, long
            continue
        words = _WORD.findall(head)
        if words and is_short_form(words[-1]) and head.endswith(words[-1]) and abbreviates(words[-1], inner):
            yield words[-1], inner
