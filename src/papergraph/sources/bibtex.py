"""BibTeX, parsed by bibtexparser entry by entry: a broken one costs only itself, and each has its line."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from bibtexparser.bibdatabase import UndefinedString
from bibtexparser.bparser import BibTexParser
from pyparsing import ParseBaseException

from papergraph.sources.opening import MAX_LINE, Text
from papergraph.sources.result import ReadResult, take
from papergraph.text import readable

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_MACRO = re.compile(r"\\(?:[A-Za-z]+\s*|[^A-Za-z\s])$")


def read(text: Text) -> ReadResult:
    """Records of a BibTeX file; @string is used, @comment and @preamble are passed over.

    An entry that cannot be parsed, or has no title, is rejected with the line on which it begins.
    """
    result = ReadResult("bibtex", [], text.rejected, [], text.digest)
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    parser = BibTexParser(ignore_nonstandard_types=False)
    parser.expect_multiple_parse = True
    for number, kind, block in _blocks(text):
        if kind in ("comment", "preamble"):
            continue
        if len(block) > MAX_LINE:
            text.reject(
                number,
                f"the entry is {len(block):,} characters long; at most {MAX_LINE:,} are read",
                block,
            )
            continue
        try:
            parser.bib_database.entries = []
            entries = parser.parse(block).entries
        except UndefinedString as error:
            text.reject(
                number,
                f"the abbreviation {error} is not defined by an @string before it",
                block,
            )
            continue
        except (
            ParseBaseException,
            RecursionError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            text.reject(number, f"not BibTeX: {_reason(error)}", block)
            continue
        if kind == "string":
            continue
        if not entries:
            text.reject(number, "not BibTeX: no entry with a key and fields", block)
            continue
        for entry in entries:
            take(_columns(entry), number, block, text, result)
    return result


def _blocks(text: Text) -> Iterator[tuple[int, str, str]]:
    """(line, kind, source) of each @entry.

    One ends where its braces close, at the latest where the next begins. What stands between two is a comment
    in BibTeX; it is rejected, so that nothing goes unseen.
    """
    start, kind, depth = 0, "", 0
    lines: list[str] = []
    for number, line in enumerate(text.lines, 1):
        begins = _START.match(line)
        if begins:
            if lines:
                yield start, kind, "\n".join(lines)
            start, kind, depth, lines = number, begins[1].lower(), 0, []
        if not lines and not begins:
            if line.strip() and not line.lstrip().startswith("%"):
                text.reject(number, "outside of any entry", line)
            continue
        lines.append(line)
        depth += _depth(line)
        if depth <= 0:
            yield start, kind, "\n".join(lines)
            lines = []
    if lines:
        yield start, kind, "\n".join(lines)


def _depth(line: str) -> int:
    """How many braces a line opens more than it closes; for an entry in parentheses, these at its ends."""
    bare = re.sub(r"\\[{}]", "", line)
    depth = bare.count("{") - bare.count("}")
    if re.match(r"\s*@\s*[A-Za-z]+\s*\(", line):
        depth += 1
    if re.fullmatch(r"\s*\)\s*", line):
        depth -= 1
    return depth


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    """The columns of fields.COLUMNS from the fields of an entry."""
    get = {k.lower(): v for k, v in entry.items() if isinstance(v, str)}.get
    month = (get("month") or "").strip()
    year = (get("year") or get("date") or "").strip()
    eprint = (
        get("eprint") if (get("archiveprefix") or get("eprinttype") or "arxiv").lower() == "arxiv" else None
    )
    venue = get("booktitle") or get("journal") or get("journaltitle") or get("school") or get("publisher")
    return {
        "title": plain(get("title") or ""),
        "abstract": plain(get("abstract") or ""),
        "year": year[:4] if re.match(r"\d{4}", year) else year,
        "date": get("date") or (f"{month} {year}" if month and year else None),
        "authors": re.split(r"\s+and\s+", readable(" ".join(get("author", "").split())))
        if get("author")
        else None,
        "venue": readable(venue) if venue else None,
        "url": get("url"),
        "doi": get("doi"),
        "arxiv_id": eprint or _arxiv_in_venue(venue),
    }


def _arxiv_in_venue(venue: str | None) -> str | None:
    """ "arXiv preprint arXiv:1706.03762" as a journal."""
    found = re.search(r"arxiv:\s*(\S+)", venue or "", re.IGNORECASE)
    return found[1] if found else None


def plain(text: str) -> str:
    """Text without braces that only protect capitals ("{BERT}: a Model"); those of commands and math stay."""
    out: list[str] = []
    stack: list[bool] = []  # of each open brace: is it kept
    math = False
    for i, char in enumerate(text):
        escaped = i > 0 and text[i - 1] == "\\"
        if char == "$" and not escaped:
            math = not math
        if char == "{" and not escaped:
            before = "".join(out[-40:])
            keep = math or any(stack) or text[i + 1 : i + 2] == "\\"
            stack.append(keep or bool(_MACRO.search(before)))
            if not stack[-1]:
                continue
        elif char == "}" and not escaped and (not stack or not stack.pop()):
            continue
        out.append(char)
    return "".join(out)


def _reason(error: Exception) -> str:
    if isinstance(error, ParseBaseException):
        return f"stopped at line {error.lineno} of the entry, column {error.column}"
    return "its fields cannot be made out"
