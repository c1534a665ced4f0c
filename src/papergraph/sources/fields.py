"""From named fields of one entry (a JSON object, a CSV row, a BibTeX or RIS entry) to a Record."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from papergraph import identifiers
from papergraph.model import Record

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("papertitle", "name"),
    "abstract": ("summary", "paperabstract", "description"),
    "year": ("publicationyear", "pubyear", "publishedyear"),
    "date": (
        "published",
        "publicationdate",
        "publisheddate",
        "publishedat",
        "pubdate",
        "updatedate",
    ),
    "authors": ("author", "authornames", "creators"),
    "venue": (
        "journal",
        "booktitle",
        "conference",
        "publication",
        "publicationtitle",
        "journalref",
    ),
    "url": ("link", "paperurl", "pdfurl", "urlabs"),
    "doi": (),
    "arxiv_id": ("arxiv", "eprint", "arxivnumber"),
    "references": ("refs", "citedreferences", "bibliography", "cites"),
}
"""Each column and what else it may be called, in lower case without spaces, hyphens and underscores."""

_BY_NAME = {
    re.sub(r"[\W_]+", "", alias): column
    for column, aliases in COLUMNS.items()
    for alias in (column, *aliases)
}
_WORD_FOR = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_YEARS = range(1500, 2200)


class FieldError(ValueError):
    """An entry that cannot become a Record; the text is the reason."""


def column_of(name: str) -> str | None:
    """The column that a header or key stands for, or None."""
    return _BY_NAME.get(re.sub(r"[\W_]+", "", name).casefold())


def by_column(items: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Values by column. Its own name goes before its aliases; an `id` counts where it is an arXiv id."""
    out: dict[str, Any] = {}
    own: set[str] = set()
    for name, value in items.items() if isinstance(items, Mapping) else items:
        column = column_of(name)
        if column is None and name.strip().lower() == "id" and isinstance(value, str):
            if identifiers.arxiv_id(value):
                out.setdefault("arxiv_id", value)
        elif column is not None and column not in own and (out.get(column) in (None, "") or name == column):
            out[column] = value
            own |= {column} & {name}
    return out


def tidy(text: str) -> str:
    """Text without control characters, lone surrogates and hard line breaks; inner spaces stay."""
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not text.isascii() else text
    text = re.sub(r"[ \t]*[\r\n]\s*", " ", text.strip())
    return _CONTROL.sub(" ", text).strip()


@dataclass(slots=True)
class _Entry:
    values: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)

    def text(self, column: str, *, strict: bool = False) -> str:
        value = self.values.get(column)
        if value is None:
            return ""
        if not isinstance(value, str):
            reason = f"{column} is {_WORD_FOR.get(type(value), type(value).__name__)}, not text"
            if strict:
                raise FieldError(reason)
            self.notes.append(f"{reason}; left out")
            return ""
        clean = tidy(value)
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            self.notes.append(f"{column} holds a lone surrogate (half a character); shown as \ufffd")
        return clean

    def texts(self, column: str) -> list[Any]:
        """A list as it is, a text as a list of one."""
        value = self.values.get(column)
        if value is None or value == "":
            return []
        if isinstance(value, list):
            return value
        if isinstance(value, (str, dict)):
            return [value]
        self.notes.append(
            f"{column} is {_WORD_FOR.get(type(value), type(value).__name__)}, not a list; left out"
        )
        return []


def to_record(values: Mapping[str, Any], file: str, line: int) -> tuple[Record, list[str]]:
    """A Record from columns (the keys of COLUMNS), and notes on what was left out of it.

    Raises FieldError where title or abstract are not usable.
    """
    entry = _Entry(values)
    title = entry.text("title", strict=True)
    if not title:
        raise FieldError("title is missing" if values.get("title") is None else "title is empty")
    abstract = entry.text("abstract", strict=True)
    if not abstract:
        entry.notes.append("title without an abstract")
    date = _date(entry)
    year = _year(entry)
    if year is None and date:
        year = int(date[:4])
    url = entry.text("url") or None
    doi, arxiv = _ids(entry, url)
    record = Record(
        title=title,
        abstract=abstract,
        file=file,
        line=line,
        year=year,
        date=date,
        authors=_authors(entry),
        venue=entry.text("venue") or None,
        url=url,
        doi=doi,
        arxiv_id=arxiv,
        references=_references(entry),
    )
    return record, entry.notes


def _year(entry: _Entry) -> int | None:
    value = entry.values.get("year")
    if value is None or value == "":
        return None
    try:
        year = int(float(value)) if not isinstance(value, bool) else -1
    except (TypeError, ValueError, OverflowError):
        found = (
            re.search(r"\b(1[5-9]|20|21)\d\d\b", value)
            if isinstance(value, str) and len(value) < 40
            else None
        )
        year = int(found[0]) if found else -1
    if year not in _YEARS:
        entry.notes.append(f"year is {_shown(value)}, not a year; left out")
        return None
    return year


def _date(entry: _Entry) -> str | None:
    text = entry.text("date")
    if not text:
        return None
    parts: list[int] = []
    if iso := re.match(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)", text):
        parts = [int(p) for p in iso.groups() if p]
    elif month := re.search(rf"\b({'|'.join(_MONTHS)})", text, re.IGNORECASE):
        year, day = re.search(r"\b\d{4}\b", text), re.search(r"\b\d{1,2}\b", text)
        if year:
            parts = [int(year[0]), _MONTHS.index(month[1].lower()) + 1, *([int(day[0])] if day else [])]
    try:
        datetime.date(*(*parts, *[1] * (3 - len(parts))))
        if parts[0] in _YEARS:
            return "-".join(f"{p:02d}" for p in parts)
    except (ValueError, IndexError):
        pass
    entry.notes.append(f"date is {_shown(text)}, not a date such as 2020-05-31; left out")
    return None


def _ids(entry: _Entry, url: str | None) -> tuple[str | None, str | None]:
    given_doi, given_arxiv = entry.text("doi"), entry.text("arxiv_id")
    doi = identifiers.doi(given_doi)
    arxiv = identifiers.arxiv_id(given_arxiv)
    if given_arxiv and not arxiv:
        entry.notes.append(f"arxiv_id is {_shown(given_arxiv)}, not an arXiv id such as 1706.03762; left out")
    arxiv = arxiv or identifiers.arxiv_id(given_doi)
    if given_doi and not doi and not arxiv:
        entry.notes.append(f"doi is {_shown(given_doi)}, not a DOI such as 10.1000/182; left out")
    if url and "doi.org/" in url:
        doi = doi or identifiers.doi(url)
    if url and "arxiv.org/" in url:
        arxiv = arxiv or identifiers.arxiv_id(url)
    return doi, arxiv


def _authors(entry: _Entry) -> tuple[str, ...]:
    names: list[str] = []
    values = entry.texts("authors")
    for value in values:
        if isinstance(value, dict):
            parts = [value.get(k) for k in ("given", "first", "family", "last")]
            value = value.get("name") or " ".join(p for p in parts if isinstance(p, str))
        if not isinstance(value, str):
            entry.notes.append(f"authors holds {_shown(value)}, not a name; left out")
            continue
        names += _split_names(tidy(value)) if len(values) == 1 else [tidy(value)]
    given_first = (_given_first(name) for name in names)
    return tuple(
        dict.fromkeys(n for n in given_first if n and n.lower() not in ("others", "et al.", "et al"))
    )


def _split_names(text: str) -> list[str]:
    """Names in one text: separated by ";", by "and", or by commas that cannot stand inside a name."""
    for separator in (r"\s*;\s*", r",?\s+and\s+"):
        if re.search(separator, text):
            parts = [p for p in re.split(separator, text) if p]
            listed = any(p.count(",") > 1 for p in parts) or not all("," in p for p in parts)
            return [n for p in parts for n in (_split_names(p) if listed else [p])]
    commas = [p.strip() for p in text.split(",")]
    if len(commas) > 2 or (len(commas) == 2 and all(" " in p for p in commas)):
        return commas
    return [text]


def _given_first(name: str) -> str:
    """ "Family, Given" as "Given Family"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else name.strip()


def _references(entry: _Entry) -> tuple[str, ...]:
    out: list[str] = []
    raw = entry.values.get("references")
    values = entry.texts("references")
    if isinstance(raw, str):  # not at a semicolon inside of an old DOI: 10.1002/(SICI)...3.0.CO;2-9
        values = list(
            re.split(r"\n" if "\n" in raw.strip() else r"\|" if "|" in raw else r";(?!\d-\w\b)", raw)
        )
    for value in values:
        if isinstance(value, dict):
            keys = {column_of(k): v for k, v in value.items() if isinstance(k, str)}
            value = keys.get("arxiv_id") or keys.get("doi") or keys.get("title")
        if not isinstance(value, str):
            entry.notes.append(f"references holds {_shown(value)}, not a title, DOI or arXiv id; left out")
            continue
        out.append(tidy(value))
    return tuple(dict.fromkeys(v for v in out if v))


def _shown(value: Any) -> str:
    text = tidy(str(value)) if not isinstance(value, str) else repr(tidy(value))
    return text if len(text) <= 40 else text[:39] + "…"
