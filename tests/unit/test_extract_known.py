"""A well-known name is not introduced by another paper than its own."""

from dataclasses import replace

import numpy as np
import pytest

from papergraph.assets import data
from papergraph.extract.decode import ROLES, decode
from papergraph.extract.known import introduced_elsewhere
from papergraph.extract.tagger import Tagger
from papergraph.extract.words import Document
from papergraph.model import Role
from papergraph.text import fold_name

GLUE = "GLUE: A Multi-Task Benchmark and Analysis Platform for Natural Language Understanding"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(data("models"))


@pytest.mark.parametrize(
    ("title", "abstract", "surface", "expected"),
    [
        ("A Study of Encoders", "We pre-train BERT again.", "BERT", True),
        ("A Study of Encoders", "We pre-train ZebraNet.", "ZebraNet", False),  # nobody knows it
        (GLUE, "We present GLUE.", "GLUE", False),
        # a title as another version has it
        (GLUE.replace("A Multi", "Multi"), "We present GLUE.", "GLUE", False),
        # a thing of its own
        ("GLUE: Sticking Parsers Together", "We present GLUE, a parser.", "GLUE", False),
        ("Hateful Memes and Their Targets", "We present the DORA data set.", "DORA", False),  # not DoRA
        ("Adapters Revisited", "We propose DoRA.", "DoRA", True),
        ("Adapters Revisited", "We propose depth-ordered rank adapters (DoRA).", "DoRA", False),
        ("Adapters Revisited", "We propose Low-Rank Adaptation (LoRA).", "LoRA", True),
    ],
)  # fmt: skip
def test_whether_another_paper_introduced_it(
    tagger: Tagger, title: str, abstract: str, surface: str, expected: bool
) -> None:
    doc: Document = tagger.read(title, abstract).document
    assert introduced_elsewhere(doc, fold_name(surface), [surface]) is expected


def test_the_next_likely_role_takes_its_place(tagger: Tagger) -> None:
    reading = tagger.read("ZebraNet: Smaller Encoders", "We propose ZebraNet. It is distilled from BERT.")
    sure = np.full(len(ROLES), 0.01, np.float32)
    sure[ROLES.index(Role.INTRODUCES)] = 0.75
    sure[ROLES.index(Role.BUILDS_ON)] = 0.21
    n = len(reading.candidates)
    reading = replace(
        reading,
        confidence=np.ones(n, np.float32),
        roles=np.tile(sure, (n, 1)),
        mention_roles=[np.tile(sure, (len(m), 1)) for m in reading.mention_roles],
    )
    found = {e.name: e.roles for e in decode(reading, 0.5)}
    assert [c.role for c in found["ZebraNet"]] == [Role.INTRODUCES]
    assert [c.role for c in found["BERT"]] == [Role.BUILDS_ON]
    assert found["BERT"][0].confidence == pytest.approx(0.21 / 0.25, abs=0.01)
