"""A comparison of papers as Markdown, LaTeX or CSV: the quotations with what they are quoted for."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from papergraph.cli.output import one_line, write_csv
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, Compared, Quoted

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$^=-])")
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    **{c: "\\" + c for c in "&%$#_{}"},
}


def as_markdown(papers: Sequence[Compared]) -> str:
    """A table with a row a paper and a column an aspect."""
    head = ["Paper", *ASPECTS.values()]
    lines = [head, ["---"] * len(head)]
    for p in papers:
        cells = [_markdown_cell(p.cells[a]) for a in ASPECTS]
        lines.append([f"**{markdown(p.paper.title)}**", *cells])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_latex(papers: Sequence[Compared]) -> str:
    """A longtable with a row a paper and aspect; for documents with the longtable package."""
    out = [
        "% \\usepackage{longtable}; compile with LuaLaTeX or XeLaTeX where names hold other scripts",
        "\\begin{longtable}{p{0.22\\textwidth}p{0.16\\textwidth}p{0.54\\textwidth}}",
        "\\textbf{Paper} & \\textbf{Aspect} & \\textbf{In its own words} \\\\ \\hline \\endhead",
    ]
    for p in papers:
        first = latex(p.paper.title)
        for aspect, words in ASPECTS.items():
            quoted = p.cells[aspect]
            cell = " \\newline ".join(_latex_quoted(q) for q in quoted) or f"\\emph{{{NONE_NAMED}}}"
            out.append(f"{first} & {words} & {cell} \\\\")
            first = ""
        out.append("\\hline")
    return "\n".join([*out, "\\end{longtable}", ""])


def as_csv(papers: Sequence[Compared]) -> str:
    """A row a paper, a column an aspect; no cell that a spreadsheet would run as a formula."""
    rows = [
        {"Paper": one_line(p.paper.title), "Id": p.paper.id}
        | {words: " / ".join(_plain(q) for q in p.cells[a]) or NONE_NAMED for a, words in ASPECTS.items()}
        for p in papers
    ]
    buffer = io.StringIO()
    write_csv(rows, buffer, ["Paper", "Id", *ASPECTS.values()])
    return buffer.getvalue()


FORMATS = {
    "md": ("text/markdown", as_markdown),
    "tex": ("application/x-tex", as_latex),
    "csv": ("text/csv", as_csv),
}


def markdown(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    line = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", line)


def latex(text: str) -> str:
    """Text that LaTeX sets as it is, in one line."""
    return "".join(_LATEX.get(c, c) for c in one_line(text))


def _names(q: Quoted) -> str:
    """What a quotation is quoted for, where it says more than the quotation."""
    names = ", ".join(one_line(t.name) for t in q.things)
    return "" if names == one_line(q.quote.text) else names


def _plain(q: Quoted) -> str:
    names = _names(q)
    return f"{names}: “{one_line(q.quote.text)}”" if names else f"“{one_line(q.quote.text)}”"


def _markdown_cell(cell: tuple[Quoted, ...]) -> str:
    parts = []
    for q in cell:
        names = _names(q)
        parts.append(
            f"**{markdown(names)}** “{markdown(q.quote.text)}”" if names else f"“{markdown(q.quote.text)}”"
        )
    return "<br>".join(parts) or f"*{NONE_NAMED}*"


def _latex_quoted(q: Quoted) -> str:
    names = _names(q)
    return (f"\\textbf{{{latex(names)}}} " if names else "") + f"``{latex(q.quote.text)}''"
