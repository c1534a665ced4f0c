"""DOIs and arXiv ids as they stand in papers, URLs and reference lists, brought to one form."""

from __future__ import annotations

import re

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>|\\^`{}]+)", re.IGNORECASE)
_ARXIV_NEW = r"(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARXIV_OLD = r"[a-z]{2,}(?:-[a-z]{2,})?(?:\.[a-z]{2})?/\d{7}"
_ARXIV = re.compile(
    rf"(?:arxiv(?:\.org/(?:abs|pdf|html)/|[\s.:]+)(?:preprint\s+)?(?:arxiv:\s*)?)({_ARXIV_NEW}|{_ARXIV_OLD})",
    re.IGNORECASE,
)
_BARE_ARXIV = re.compile(rf"({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?(?:\.pdf)?", re.IGNORECASE)


def doi(text: str) -> str | None:
    """The first DOI in a text, in lower case without a resolver; None where there is none.

    Follows the DOI Handbook, 2.2: prefix 10.NNNN, "/", suffix; DOIs are compared without regard to case.
    """
    found = _DOI.search(text)
    if not found:
        return None
    value = found[1].rstrip(".,;:'\u201d\u2019")
    for opening, closing in ("()", "[]"):
        while value.endswith(closing) and value.count(closing) > value.count(opening):
            value = value[:-1].rstrip(".,;:")
    return value.lower()


def arxiv_id(text: str) -> str | None:
    """The first arXiv id in a text, without version; None where there is none.

    Reads "arXiv:1706.03762v5", a URL, an arXiv DOI, or the bare id.
    Old and new form as described at https://info.arxiv.org/help/arxiv_identifier.html.
    """
    found = _BARE_ARXIV.fullmatch(text.strip()) or _ARXIV.search(text)
    return found[1].lower() if found else None
