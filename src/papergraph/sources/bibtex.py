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

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*([{(])")
_MACRO = re.compile(r"\\(?:[A-Za-z]+\s*|[^A-Za-z\s])$")
_DEEPEST = 50  # braces in braces


def read(text: Text) -> ReadResult:
    """Records of a BibTeX file; @string is used, @comment and @preamble are passed over.

    An entry that cannot be parsed, or has no title, is rejected with the line on which it begins.
    """
    result = ReadResult("bibtex", [], text.rejected, [], text.digest)
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    parser = BibTexParser(ignore_nonstandard_types=False)
    parser.expect_multiple_parse = True
    for number, kind, block in _blocks(text):
        problem, entries = _parse(block, kind, parser)
        if problem:
            text.reject(number, problem, block)
        for entry in entries:
            take(_columns(entry), number, block, text, result)
    return result


def _parse(block: str, kind: str, parser: Any) -> tuple[str, list[dict[str, Any]]]:
    """What is wrong with a block or "", and its entries; only @string, @comment and @preamble have none."""
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", block):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if len(block) > MAX_LINE:
        return f"the entry is {len(block):,} characters long; at most {MAX_LINE:,} are read", []
    if deepest > _DEEPEST:
        return f"its braces are nested {deepest} deep; at most {_DEEPEST} are read", []
    if depth > 0:
        return "a brace is not closed before the next entry or the end of the file", []
    if kind in ("comment", "preamble"):
        return "", []
    parser.bib_database.entries = []
    try:
        entries: list[dict[str, Any]] = parser.parse(block).entries
    except UndefinedString as error:
        return f"the abbreviation {error} is not defined by an @string before it", []
    except ParseBaseException as error:
        return f"not BibTeX: stopped at line {error.lineno} of the entry, column {error.column}", []
    except (RecursionError, ValueError, KeyError, TypeError, AttributeError):
        return "not BibTeX: its fields cannot be made out", []
    if not entries and kind != "string":
        return "not BibTeX: a key and fields are missing, or a comma between them", []
    return "", entries


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
            start, kind, lines = number, begins[1].lower(), []
            depth = int(begins[2] == "(")
        elif not lines:
            if line.strip() and not line.lstrip().startswith("%"):
                text.reject(number, "outside of any entry", line)
            continue
        lines.append(line)
        bare = re.sub(r"\\[{}]", "", line)
        depth += bare.count("{") - bare.count("}")
        if depth == 1 and "(" in lines[0].split("{")[0] and bare.rstrip().endswith(")"):
            depth = 0
        if depth <= 0:
            yield start, kind, "\n".join(lines)
            lines = []
    if lines:
        yield start, kind, "\n".join(lines)


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    """The columns of fields.COLUMNS from the fields of an entry."""
    get = {k.lower(): v for k, v in entry.items() if isinstance(v, str) and v.strip()}.get
    venue = get("booktitle") or get("journal") or get("journaltitle") or get("school") or get("publisher")
    preprint = re.search(r"arxiv:\s*(\S+)", venue or "", re.IGNORECASE)
    on_arxiv = (get("archiveprefix") or get("eprinttype") or "arxiv").lower() == "arxiv"
    year = get("year") or get("date") or ""
    month = get("month")
    date = get("date") or (f"{month} {year}" if month and year else None)
    return {
        "title": plain(get("title") or ""),
        "abstract": plain(get("abstract") or ""),
        "year": year[:4] if re.match(r"\d{4}", year) else year,
        "date": date,
        "authors": re.split(r"\s+and\s+", readable(get("author") or "")),
        "venue": readable(venue) if venue else None,
        "url": get("url"),
        "doi": get("doi"),
        "arxiv_id": (get("eprint") if on_arxiv else None) or (preprint[1] if preprint else None),
    }


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
            command = text[i + 1 : i + 2] == "\\" or bool(_MACRO.search("".join(out[-40:])))
            stack.append(math or any(stack) or command)
            if not stack[-1]:
                continue
        elif char == "}" and not escaped and (not stack or not stack.pop()):
            continue
        out.append(char)
    return "".join(out)
