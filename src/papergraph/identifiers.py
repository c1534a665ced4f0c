"""DOIs and arXiv ids as they stand in papers, URLs and reference lists, brought to one form."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|\\^`{}]+", re.IGNORECASE)
_WHOLE_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_ID = (
    r"(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)|[a-z]{2,}(?:-[a-z]{2,})?(?:\.[a-z]{2})?/\d{7}(?!\d)"
)
_ARXIV = re.compile(rf"arxiv(?:\.org/(?:abs|pdf|html)/|[\s.:]+)({_ARXIV_ID})", re.IGNORECASE)
_WHOLE_ARXIV = re.compile(rf"({_ARXIV_ID})(?:v\d+)?(?:\.pdf)?", re.IGNORECASE)


def doi(text: str) -> str | None:
    """The first DOI in a text, in lower case without a resolver; None where there is none, or arXiv's own.

    Follows the DOI Handbook, 2.2: prefix 10.NNNN, "/", suffix; DOIs are compared without regard to case.
    arXiv's DOIs (10.48550/arXiv.ID) only repeat the arXiv id, so they are left to arxiv_id.
    """
    whole = _WHOLE_DOI.fullmatch(text.strip())
    found = whole[1] if whole else (match[0] if (match := _DOI.search(text)) else None)
    if found is None:
        return None
    value = unquote(found).rstrip(".,;:'\u201d\u2019").lower()
    for opening, closing in ("()", "[]", "<>"):
        while value.endswith(closing) and value.count(closing) > value.count(opening):
            value = value[:-1].rstrip(".,;:")
    return None if value.startswith("10.48550/arxiv.") or any(c.isspace() for c in value) else value


def arxiv_id(text: str) -> str | None:
    """The first arXiv id in a text, without version and subject class; None where there is none.

    Reads "arXiv:1706.03762v5", a URL, an arXiv DOI, or the bare id, in the old and the new form of
    https://info.arxiv.org/help/arxiv_identifier.html.
    """
    found = _WHOLE_ARXIV.fullmatch(text.strip()) or _ARXIV.search(text)
    return re.sub(r"\.[a-z]{2}/", "/", found[1].lower()) if found else None
