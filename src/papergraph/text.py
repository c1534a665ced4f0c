"""Folding of titles and names, readable LaTeX, and sentences with offsets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\s*")
_TEX_SIGN = re.compile(r"[\\$^{]")
_GREEK_NAMES = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
)  # fmt: skip
_GREEK = dict(zip(_GREEK_NAMES, "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True))
_SYMBOLS = _GREEK | {
    "times": "×", "cdot": "·", "pm": "±", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥", "approx": "≈",
    "sim": "~", "to": "→", "rightarrow": "→", "infty": "∞", "ell": "ℓ", "textasciitilde": "~",
    "textbackslash": "\\", "textquotesingle": "'",
    "ldots": "…", "dots": "…", "star": "*", "ast": "*", "circ": "°", "in": "∈",
}  # fmt: skip
_SUPER = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SUB = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    '"': "\u0308",
    "^": "\u0302",
    "~": "\u0303",
    "c": "\u0327",
    "v": "\u030c",
}
# Bidirectional controls could make a terminal or page show another text than the one that is there.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def readable(text: str) -> str:
    """LaTeX as plain text, for display only: "$\\textit{SKIntern}$" -> "SKIntern", "S$^3$AD" -> "S³AD"."""
    if _TEX_SIGN.search(text) is None:
        return text
    out = re.sub(
        r"\{?\\(['`\"^~cv])\s*\{?([A-Za-z])\}?\}?",
        lambda m: (
            unicodedata.normalize("NFC", m[2] + _ACCENTS[m[1]]) if m[1] not in "cv" or "{" in m[0] else m[0]
        ),
        text,
    )
    out = re.sub(r"\\([a-zA-Z]+)(?![a-zA-Z])\s?", lambda m: _SYMBOLS.get(m[1], "\0"), out).replace("\0", "")
    out = re.sub(r"\^\{?([0-9+\-n]+)\}?", lambda m: m[1].translate(_SUPER), out)
    out = re.sub(r"(?<=[A-Za-z}$])_\{?([0-9+\-]+)\}?(?=\$)", lambda m: m[1].translate(_SUB), out)
    out = re.sub(r"\\([%&#_$ {}])", r"\1", out)
    out = re.sub(r"(?<!\\)\$([^$]*)\$", r"\1", out)
    return re.sub(r"[{}]", "", out).replace("\\,", " ").strip()


def one_line(text: str) -> str:
    """Text in one line, without control characters, bidirectional ones, and halves of characters."""
    return " ".join(
        "".join(
            " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text.translate(_BIDI)
        ).split()
    )


def fold_title(title: str) -> str:
    """A title without case, LaTeX, accents, spaces and punctuation, for equality; any letters stay."""
    text = unicodedata.normalize("NFKD", _TEX_COMMAND.sub("", readable(title))).casefold()
    return "".join(filter(str.isalnum, text))


_ARTICLE = re.compile(r"^\s*(?:the|an?)\s+(?=\w)")
_NO_LETTER = re.compile(r"[^\w+]+|_+")


@lru_cache(maxsize=2**14)  # the same names are folded over and over
def fold_name(name: str) -> str:
    """A concept's surface without case, LaTeX, articles, spaces, hyphens and a plural s. "+" stays (C++)."""
    text = unicodedata.normalize("NFKC", readable(name)).casefold()
    text = _NO_LETTER.sub("", _ARTICLE.sub("", text))
    return text[:-1] if len(text) > 4 and text.endswith("s") and not text.endswith("ss") else text


def slug(text: str, limit: int = 48) -> str:
    """Lower-case words of any script joined by "-", at most `limit` characters; "" for no letters."""
    text = unicodedata.normalize("NFKC", readable(text)).casefold().replace("+", "-plus")
    out = re.sub(r"[^\w]+", "-", text.replace("_", "-")).strip("-")
    if len(out) <= limit:
        return out
    return (out[: limit + 1].rsplit("-", 1)[0] or out)[:limit].strip("-")


_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|et al|al|vs|cf|resp|fig|figs|eq|eqs|sec|no|approx|w\.r\.t|dr|prof|st|incl|ca|viz)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_BREAK = re.compile(  # begins with one set of characters, so that the search skips what lies between them
    r"[.!?。！？\n](?:(?<=[.!?])[.!?]*[\"')\]}”’]*(?=\s+[\"'(\[“‘$\\{]*[^\sa-z.,;:])"
    r"|(?<=[。！？])|(?<=\n)\s*\n"
    r"|(?:(?<=[a-z]{3}[.?])|(?<=[)}%][.?]))(?=[A-Z][a-z-]*,? [a-z]))"  # "method.Then we": a lost space
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets [start, end) of the sentences of `text`, without surrounding white space, in order."""
    out: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        sign, end = match.start(), match.end()
        if text[sign] == "." and _ABBREVIATION.search(text, max(start, sign - 11), sign + 1):
            continue
        _append(text, start, end, out)
        start = end
    _append(text, start, len(text), out)
    return out


def _append(text: str, start: int, end: int, out: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        out.append((start, end))


def plural(count: int, word: str) -> str:
    """ "1 paper", "2 papers"; words in -y become -ies."""
    if count == 1:
        return f"1 {word}"
    many = word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"
    return f"{count:,} {many}"


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def formula_guard(text: str) -> str:
    """Text for a CSV cell, with a "'" in front of what a spreadsheet would run as a formula.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return "'" + text if text.startswith(_FORMULA) else text


def without_formula_guard(text: str) -> str:
    """Inverse of formula_guard."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
