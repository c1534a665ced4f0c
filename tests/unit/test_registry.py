"""Ids of papers and concepts: once and for ever."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.registry import Evidence, Registry

ABSTRACT = "Kites need strings, as everybody knows who ever flew one near the coast, says the old man there."


def test_ids_of_papers() -> None:
    registry = Registry()
    assert registry.paper_id("A", doi="10.1000/1") == "doi:10.1000/1"
    assert registry.paper_id("B", doi="10.1000/2", arxiv_id="2005.00001") == "arxiv:2005.00001"
    kites = registry.paper_id("Sparse Kites: Flying with Fewer Strings")
    assert kites.startswith("sparse-kites-flying-with-fewer-strings-")
    assert registry.paper_id("sparse kites -- flying with fewer strings") == kites
    assert Registry().paper_id("Sparse Kites: Flying with Fewer Strings") == kites
    assert registry.paper_id("模型").startswith("模型-")
    assert registry.paper_id("?!").startswith("paper-")
    with pytest.raises(ValueError, match="title"):
        registry.paper_id(" ")


def test_finding_papers() -> None:
    registry = Registry()
    kites = registry.paper_id("Sparse Kites", doi="10.1000/1", arxiv_id="2005.00001")
    assert registry.find(title="SPARSE kites") == kites
    assert registry.find(doi="10.1000/1") == registry.find(arxiv_id="2005.00001") == kites
    assert registry.find(title="Other") is None
    assert registry.find(title="") is None
    assert registry.find() is None


def test_looking_up_never_unites_papers() -> None:
    registry = Registry()
    one, two = registry.paper_id("Sparse Kites"), registry.paper_id("", arxiv_id="2005.00001")
    assert registry.paper_id("Sparse Kites", arxiv_id="2005.00001") == two
    assert registry.paper_id("Sparse Kites") == one
    assert registry.redirects == {}
    assert registry.paper_id("Sparse Kites", arxiv_id="2005.00001", unite=True) == one
    assert registry.redirects == {two: one}
    assert registry.find(arxiv_id="2005.00001") == one


def test_ids_of_other_papers_are_conflicts() -> None:
    registry = Registry()
    kites = registry.paper_id("Sparse Kites", doi="10.1000/1", abstract=ABSTRACT)
    assert registry.conflict("Reading by Lamp", doi="10.1000/1") == [("doi:10.1000/1", kites)]
    assert registry.conflict("Reading by Lamp", doi="10.1000/1", abstract=ABSTRACT) == []
    assert registry.conflict("Sparse Kites, Extended", doi="10.1000/1") == []
    assert registry.conflict("Reading by Lamp", doi="10.1000/2") == []
    assert registry.paper_id("Reading by Lamp", doi="10.1000/1") == kites
    assert registry.find(title="Reading by Lamp") is None


def test_evidence() -> None:
    def of(*authors: str, year: int | None = None, abstract: str = "") -> Evidence:
        return Evidence.of(authors, year, abstract)

    assert of("Ada Byron").contradicts(of("Alan Turing"))
    assert not of("Ada Byron").contradicts(of("A. Byron", "Alan Turing"))
    assert not of("Anonymous").contradicts(of("Alan Turing"))
    assert of("Kurt Gödel").agrees(of("K. GODEL"))
    assert of(year=2018).contradicts(of(year=2021))
    assert not of(year=2018).contradicts(of(year=2020))
    assert of(abstract=ABSTRACT).near(of(abstract=ABSTRACT.upper()))
    assert of(abstract="研究小型语言模型").near(of(abstract="研究小型语言模型。"))
    assert of(abstract=ABSTRACT).contradicts(
        of(abstract="Reading by lamp remains common among younger students.")
    )


def test_ids_of_concepts() -> None:
    registry = Registry()
    assert registry.concept_id("Chain-of-Thought", ["chainofthought", "cot"]) == "chain-of-thought"
    assert registry.concept_id("CoT", ["cot"]) == "chain-of-thought"
    assert registry.concept_id("Cache of Thought", ["cacheofthought"]) == "cache-of-thought"
    assert registry.concept_id("C++", ["c++"]) == "c-plus-plus"
    assert registry.concept_id("BERT", ["bert"]) == "bert"
    assert registry.concept_id("bert", ["bert@lower"]) == "bert-2"
    assert registry.concept_id("Bert", ["bert@title"]) == "bert-3"
    assert registry.concept_id("?", ["?"]).startswith("concept-")


def test_a_concept_keeps_its_id_under_a_new_name_and_is_not_given_to_another() -> None:
    before = Registry()
    before.concept_id("CoT", ["cot", "chainofthought"])
    registry = Registry.from_json(before.to_json())
    assert registry.concept_id("Chain of Thought", ["chainofthought"]) == "cot"
    assert registry.concept_id("Cache of Thought", ["cacheofthought", "cot"]) == "cache-of-thought"
    again = Registry.from_json(registry.to_json())
    assert again.concept_id("Cache of Thought", ["cacheofthought", "cot"]) == "cache-of-thought"
    assert again.concept_id("Chain of Thought", ["chainofthought"]) == "cot"


def test_the_json_form_is_sorted_and_gives_the_same_registry() -> None:
    registry = Registry()
    registry.paper_id("Sparse Kites", authors=["B", "A"], year=2020, abstract=ABSTRACT)
    registry.paper_id("Reading by Lamp", doi="10.1000/1", unite=True)
    registry.paper_id("A Lamp", doi="10.1000/1", unite=True)
    registry.concept_id("B", ["b"])
    registry.concept_id("A", ["a"])
    text = registry.to_json()
    data = json.loads(text)
    assert list(data["concepts"]) == ["a", "b"]
    assert list(data["titles"]) == sorted(data["titles"])
    assert Registry.from_json(text).to_json() == text


@given(st.lists(st.text(max_size=5), max_size=9), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_concepts_without_a_common_key_have_ids_of_their_own_for_ever(
    names: list[str], chance: random.Random
) -> None:
    concepts = [(name, [f"{i}a", f"{i}b"]) for i, name in enumerate(names)]
    registry = Registry()
    ids = {keys[0]: registry.concept_id(name, keys) for name, keys in concepts}
    assert len(set(ids.values())) == len(names)
    assert all(ids.values())
    again = Registry.from_json(registry.to_json())
    chance.shuffle(concepts)
    assert {keys[0]: again.concept_id("New " + name, keys[::-1]) for name, keys in concepts} == ids
