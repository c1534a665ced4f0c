"""Well-known names have the type that is known, and are introduced by their own papers only."""

from dataclasses import replace

import numpy as np
import pytest

from papergraph.assets import data
from papergraph.extract.decode import ROLES, decode
from papergraph.extract.known import meant
from papergraph.extract.tagger import Reading, Tagger
from papergraph.extract.words import Document
from papergraph.model import EntityType, Role
from papergraph.text import fold_name

GLUE = "GLUE: A Multi-Task Benchmark and Analysis Platform for Natural Language Understanding"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(data("models"))


@pytest.mark.parametrize(
    ("title", "abstract", "surface", "known"),
    [
        ("A Study of Encoders", "We pre-train BERT again.", "BERT", True),
        ("A Study of Encoders", "We pre-train ZebraNet.", "ZebraNet", False),
        (GLUE, "We present GLUE.", "GLUE", True),
        # a thing of its own
        ("GLUE: Sticking Parsers Together", "We present GLUE, a parser.", "GLUE", False),
        ("Hateful Memes and Their Targets", "We present the DORA data set.", "DORA", False),  # not DoRA
        ("Adapters Revisited", "We propose DoRA.", "DoRA", True),
        ("Policies", "Proximal Policy Optimization (PPO) is simple.", "Proximal Policy Optimization", True),
        ("Policies", "Proximal Policy Optimization (PPO) is simple.", "PPO", True),
        ("Adapters Revisited", "We propose depth-ordered rank adapters (DoRA).", "DoRA", False),
        ("Adapters Revisited", "We propose Low-Rank Adaptation (LoRA).", "LoRA", True),
    ],
)  # fmt: skip
def test_whether_a_paper_means_the_well_known_thing(
    tagger: Tagger, title: str, abstract: str, surface: str, known: bool
) -> None:
    doc: Document = tagger.read(title, abstract).document
    assert (meant(doc, fold_name(surface), [surface]) is not None) is known


def read(tagger: Tagger, title: str, abstract: str, confidence: float, **roles: float) -> Reading:
    """A reading in which everything is a Task of this confidence and these roles."""
    reading = tagger.read(title, abstract)
    n = len(reading.candidates)
    each = np.array([roles.get(r.value, 0.01) for r in ROLES], np.float32)
    return replace(
        reading,
        confidence=np.full(n, confidence, np.float32),
        types=np.tile(np.array([t is EntityType.TASK for t in EntityType], np.float32), (n, 1)),
        roles=np.tile(each, (n, 1)),
        mention_roles=[np.tile(each, (len(m), 1)) for m in reading.mention_roles],
    )


@pytest.mark.parametrize("title", [GLUE, GLUE.replace("A Multi", "Multi")])
def test_a_well_known_things_own_paper_introduces_it(tagger: Tagger, title: str) -> None:
    reading = read(tagger, title, "We present GLUE. ZebraNet leads.", 0.2, mentions=0.9)
    found = {e.name: e for e in decode(reading, 0.5)}
    assert found["GLUE"].type is EntityType.BENCHMARK
    assert [(c.role, c.confidence) for c in found["GLUE"].roles] == [(Role.INTRODUCES, 1.0)]
    assert "ZebraNet" not in found


def test_the_next_likely_role_takes_its_place(tagger: Tagger) -> None:
    reading = read(
        tagger,
        "ZebraNet: Smaller Encoders",
        "We propose ZebraNet. It is distilled from BERT.",
        1.0,
        introduces=0.75,
        builds_on=0.21,
    )
    found = {e.name: e.roles for e in decode(reading, 0.5)}
    assert [c.role for c in found["ZebraNet"]] == [Role.INTRODUCES]
    assert [c.role for c in found["BERT"]] == [Role.BUILDS_ON]
    assert found["BERT"][0].confidence == pytest.approx(0.21 / 0.25, abs=0.01)
