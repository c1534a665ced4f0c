"""Kind, gist, claims, label and addresses of a paper."""

import numpy as np
import pytest

from papergraph.extract import facts
from papergraph.model import Entity, EntityType, Evidence, Role, RoleClaim, Span

NONE = np.zeros((0, 5), np.float32)


def made(name: str, kind: EntityType, title: str, role: Role = Role.INTRODUCES) -> Entity:
    start = title.find(name)
    span = Span("title", start, start + len(name)) if start >= 0 else Span("abstract", 0, len(name))
    return Entity(name, (), kind, 0.9, (RoleClaim(role, 0.9, (Evidence(name, span),)),), (span,))


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Code: https://github.com/a/b.", ("https://github.com/a/b",)),
        ("Code (https://github.com/a/b_c).", ("https://github.com/a/b_c",)),
        ("at https: //github.com/a/b, and http ://x.org/c;", ("https://github.com/a/b", "http://x.org/c")),
        ("at https://github.com/ a/b.", ("https://github.com/a/b",)),
        (r"at \url{https://x.org/a\_b}", ("https://x.org/a_b",)),
        (r"at \href{https://github.com/a/b}{https://github.com/a/b}.", ("https://github.com/a/b",)),
        ("see github.com/a/b and www.x.org.", ("https://github.com/a/b", "https://www.x.org")),
        ("https://en.org/wiki/A_(b) twice https://en.org/wiki/A_(b)", ("https://en.org/wiki/A_(b)",)),
        ("no address: https:// and http", ()),
        ("at https://github.com/foo/ bar.", ("https://github.com/foo/bar",)),
        ("(https://github.com/foo/ bar-kit). We", ("https://github.com/foo/bar-kit",)),
        ("https://github.com/foo/ BarNet contains", ("https://github.com/foo/BarNet",)),
        ("at https://gitlab.com/foo/ bar.git", ("https://gitlab.com/foo/bar.git",)),
        ("at https://github.com/ foo/ bar_kit has", ("https://github.com/foo/bar_kit",)),
        ("at https: //github.com/foo/ bar.", ("https://github.com/foo/bar",)),
        ("at https://github.com/foo/ bar kit.", ("https://github.com/foo",)),
        ("at https://github.com/foo/ and state-of-the-art results", ("https://github.com/foo",)),
        ("at https://github.com/foo/. We hope", ("https://github.com/foo",)),
        ("at https://github.com/ We hope", ()),
        ("at https://github.com/foo/bar/ now", ("https://github.com/foo/bar/",)),
    ],
)
def test_addresses_are_mended(text: str, urls: tuple[str, ...]) -> None:
    assert facts.addresses(text) == urls


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("OtterNet: Pruning for Ponds", "OtterNet"),
        ("$\\textit{OtterKD}$: Distilling Ponds", "OtterKD"),
        ("On the Ecology of Very Large Language Models in the Wild", "Ecology of Very Large"),
        ("Short title", "Short title"),
        ("Pneumonoultramicroscopicsilicovolcanoconiosis", "Pneumonoultramicroscopicsili"),
    ],
)
def test_a_label_without_entities(title: str, label: str) -> None:
    assert facts.short(title, ()) == label


def test_the_label_is_the_system_that_the_paper_introduces() -> None:
    title = "Pruning by Beavers with DamNet"
    entities = [made("DamNet", EntityType.MODEL, title), made("Beaver-Bench", EntityType.BENCHMARK, title)]
    assert facts.short(title, entities) == "DamNet"


@pytest.mark.parametrize(
    ("title", "abstract", "entities", "kind"),
    [
        ("A Survey of Ponds", "We review ponds.", [], "survey"),
        ("Position: Ponds Matter", "We argue that ponds matter.", [], "position"),
        ("Pond-3 Technical Report", "We present Pond-3.", [("Pond-3", EntityType.MODEL)], "report"),
        ("PondBench: a Test", "We present PondBench.", [("PondBench", EntityType.BENCHMARK)], "resource"),
        ("PondNet for Ponds", "We propose PondNet.", [("PondNet", EntityType.MODEL)], "system"),
        ("Do Models Understand Ponds?", "We study how models see ponds.", [], "analysis"),
    ],
)  # fmt: skip
def test_kind(title: str, abstract: str, entities: list[tuple[str, EntityType]], kind: str) -> None:
    assert facts.kind(title, abstract, [made(n, t, title) for n, t in entities]) == kind


def test_gist_and_claims_are_sentences_of_the_abstract() -> None:
    abstract = (
        "Ponds are small. We propose DamNet, a model of ponds. It improves accuracy by 4.2%. It is fun."
    )
    gist = facts.gist(abstract, NONE, ())
    assert gist is not None and gist.text == "We propose DamNet, a model of ponds."
    roles = np.zeros((4, 5), np.float32)
    roles[2, 3] = 0.9
    (claim,) = facts.claims(abstract, roles)
    assert claim.text == "It improves accuracy by 4.2%."
    assert abstract[claim.at.start : claim.at.end] == claim.text
    assert facts.gist("", NONE, ()) is None and facts.claims("", NONE) == ()
