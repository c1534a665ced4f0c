"""DOIs and arXiv ids in every dress that they are met in."""

import pytest

from papergraph.identifiers import arxiv_id, doi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.18653/v1/N19-1423", "10.18653/v1/n19-1423"),
        ("doi:10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/a%28b%29", "10.1000/a(b)"),
        ("https://dx.doi.org/10.1016/S0140-6736(05)00001-X.", "10.1016/s0140-6736(05)00001-x"),
        ("10.1002/(SICI)10(1990)4:6<39::AID>3.0.CO;2-9", "10.1002/(sici)10(1990)4:6<39::aid>3.0.co;2-9"),
        ("Smith (2020). On things (doi: 10.1000/182).", "10.1000/182"),
        ("<https://doi.org/10.1000/182>", "10.1000/182"),
        ("10.48550/arXiv.1706.03762", None),
        ("10.1/x", None),
        ("not a DOI", None),
        ("", None),
    ],
)  # fmt: skip
def test_doi(text: str, expected: str | None) -> None:
    assert doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1706.03762", "1706.03762"),
        ("1706.03762v5", "1706.03762"),
        ("arXiv:1706.03762v5 [cs.CL]", "1706.03762"),
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("http://arxiv.org/pdf/1706.03762v2.pdf", "1706.03762"),
        ("arXiv preprint arXiv:1706.03762, 2017", "1706.03762"),
        ("10.48550/arXiv.1706.03762", "1706.03762"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:math.GT/0309136v1", "math/0309136"),
        ("1799.03762", None),
        ("12345.678901", None),
        ("2021.acl-long.1", None),
        ("", None),
    ],
)
def test_arxiv_id(text: str, expected: str | None) -> None:
    assert arxiv_id(text) == expected
