"""Papers as BibTeX and RIS, for reference managers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from papergraph.model import Paper
from papergraph.text import readable

_STOP = frozenset("a an and are as at for from in is of on or the to towards with".split())  # noqa: SIM905
_MATH = re.compile(r"(?<!\\)(\$[^$]*\$)")
_SPECIAL = re.compile(r"(?<!\\)([&%#_])")


def bibtex(papers: Sequence[Paper]) -> str:
    """One entry a paper: @article with a venue, else @misc. LaTeX stands as given; what would break it is
    escaped.
    """
    keys: set[str] = set()
    return "\n".join(_entry(p, _key(p, keys)) for p in papers)


def _entry(p: Paper, key: str) -> str:
    fields = {
        "title": _latex(p.title),
        "author": " and ".join(_author(a) for a in p.authors),
        "year": str(p.year or ""),
        "journal": _latex(p.venue or ""),
        "doi": _plain(p.doi),
        "eprint": _plain(p.arxiv_id),
        "archiveprefix": "arXiv" if p.arxiv_id else "",
        "url": _plain(p.url or next(iter(p.urls), "")),
        "abstract": _latex(p.abstract),
    }
    kind = "article" if p.venue else "misc"
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _key(p: Paper, taken: set[str]) -> str:
    """First author's family name, year and first word of the title, in ASCII; told apart by a letter."""
    author = p.authors[0].split(",")[0].split()[-1:] if p.authors and p.authors[0].split() else []
    title = [w for w in re.findall(r"\w+", readable(p.title)) if w.casefold() not in _STOP]
    parts = [*(author or title[:1]), str(p.year or ""), *(title[:1] if author else [])]
    text = unicodedata.normalize("NFKD", "".join(parts)).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]", "", text.lower()) or "paper"
    key, n = base, 1
    while key in taken:
        n += 1
        key = f"{base}-{n}"
    taken.add(key)
    return key


def _author(name: str) -> str:
    """A name; braces keep one that holds the word by which BibTeX parts names in one piece."""
    text = _latex(name)
    return f"{{{text}}}" if re.search(r"\sand\s", text, re.IGNORECASE) else text


def _latex(text: str) -> str:
    """Text as the value of a BibTeX field: one line, braces balanced, special characters outside mathematics
    escaped.
    """
    line = _one_line(text)
    if not _balanced(line):
        line = re.sub(r"\\?[{}]", lambda m: "(" if m[0].endswith("{") else ")", line)
    if line.count("$") % 2:
        line = re.sub(r"(?<!\\)\$", r"\\$", line)
    parts = _MATH.split(line)
    return "".join(part if part.startswith("$") else _SPECIAL.sub(r"\\\1", part) for part in parts)


def _balanced(text: str) -> bool:
    """Whether braces nest; BibTeX counts those behind a backslash too."""
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0 and not text.endswith("\\")


def _plain(text: str | None) -> str:
    """An address or id: without what would end the field."""
    return re.sub(r"[{}\\\s]", "", text or "")


def _one_line(text: str) -> str:
    return " ".join(
        "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text).split()
    )


def ris(papers: Iterable[Paper]) -> str:
    """One reference a paper in the RIS format, LaTeX made readable."""
    import rispy

    entries = []
    for p in papers:
        entry = {
            "type_of_reference": "JOUR" if p.venue else "GEN",
            "id": _one_line(p.id),
            "title": _one_line(readable(p.title)),
            "authors": [_one_line(readable(a)) for a in p.authors],
            "year": str(p.year or ""),
            "date": _date(p),
            "journal_name": _one_line(readable(p.venue or "")),
            "abstract": _one_line(readable(p.abstract)),
            "doi": _one_line(p.doi or ""),
            "urls": [_one_line(u) for u in (p.url, *p.urls) if u],
            "notes": [f"arXiv:{p.arxiv_id}"] if p.arxiv_id else [],
        }
        entries.append({k: v for k, v in entry.items() if v})
    return str(rispy.dumps(entries, implementation=_writer()))


def _writer() -> type:
    """rispy's writer without the numbers that it puts before each reference."""
    import rispy

    class Writer(rispy.RisWriter):
        def set_header(self, count: int) -> str:
            return ""

    return Writer


def _date(p: Paper) -> str:
    """RIS writes YYYY/MM/DD/, with empty parts for what is not known."""
    parts = [*(p.date or "").split("T")[0].split("-"), "", ""][:3]
    return "/".join([*parts, ""]) if parts[0].isdigit() else ""
