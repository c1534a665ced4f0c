"""VARIANT_OF: what a name says about its parent."""

import pytest

from papergraph.model import Concept, EntityType, Variant
from papergraph.registry import Registry
from papergraph.resolve.lexicon import Lexicon
from papergraph.resolve.variants import derive, families

METHOD, MODEL, BENCHMARK, TASK = EntityType.METHOD, EntityType.MODEL, EntityType.BENCHMARK, EntityType.TASK
EMPTY = Lexicon.of([])


def concepts(*names: str | tuple[str, EntityType] | tuple[str, EntityType, int]) -> list[Concept]:
    out = []
    for item in names:
        name, kind, papers = (*((item, MODEL) if isinstance(item, str) else item), 1)[:3]
        out.append(Concept(name, name, (), kind, papers))
    return out


def edges(*names: str | tuple[str, EntityType] | tuple[str, EntityType, int]) -> set[tuple[str, str]]:
    return {(v.source, v.target) for v in derive(concepts(*names), EMPTY)}


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("LLaMA-7B", "LLaMA"),
        ("Llama 3 (70B)", "Llama 3"),
        ("GPT-4", "GPT"),
        ("GPT-4o", "GPT-4"),
        ("GPT-4o mini", "GPT-4o"),
        ("Llama 3.1", "Llama 3"),
        ("BERT-base", "BERT"),
        ("BERT_LARGE", "BERT"),
        ("whisper-large-v3", "Whisper"),
        ("Qwen-2.5-72B-Instruct", "Qwen"),
        ("WMT'14", "WMT"),
        ("SQuAD v1.1", "SQuAD"),
        ("DistilBERT", "BERT"),
        ("BioMistral-7B", "Mistral-7B"),
        ("mBERT", "BERT"),
        ("Turkish BERT", "BERT"),
        ("EVA-CLIP", "CLIP"),
        ("FLAN-T5", "T5"),
        ("OPT-IML", "OPT"),
        ("ResUNet++", "ResUNet"),
    ],
)
def test_a_version_a_size_or_a_named_variant_points_to_its_parent(child: str, parent: str) -> None:
    assert (child, parent) in edges(child, parent)


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("QLoRA", "LoRA"),
        ("LoRAM", "LoRA"),
        ("dDPO", "DPO"),
        ("MiniRAG", "RAG"),
        ("Zero-shot-CoT", "CoT"),
        ("KPX-CoT", "KPX"),
    ],
)
def test_variants_of_methods(child: str, parent: str) -> None:
    assert (child, parent) in edges((child, METHOD), (parent, METHOD))


def test_a_narrower_task_points_to_the_wider_one_that_several_papers_name() -> None:
    assert edges(("abstractive summarization", TASK), ("summarization", TASK, 2)) == {
        ("abstractive summarization", "summarization")
    }
    assert edges(("abstractive summarization", TASK), ("summarization", TASK, 1)) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rStar", "STaR"),
        ("BART", "ART"),
        ("text classification", "classification"),
        ("dataset distillation", "distillation"),
        ("CoT-based Synthesizer", "CoT"),
        ("Gemma", "Gem"),
        ("LLaMA-7B", "LLaMA-13B"),
    ],
)
def test_names_that_only_look_alike(one: str, other: str) -> None:
    assert edges((one, METHOD), (other, METHOD, 1 if other == "ART" else 3)) == set()


def test_types_must_go_together() -> None:
    assert edges(("Tiny-ImageNet", MODEL), ("ImageNet", BENCHMARK)) == set()


def test_only_the_nearest_parent_is_kept_and_says_why() -> None:
    found = derive(concepts("LLaMA", "LLaMA-3", "LLaMA-3.1", "LLaMA-3.1-8B"), EMPTY)
    assert found == [
        Variant("LLaMA-3", "LLaMA", ("name: “LLaMA-3” is “LLaMA” with version 3",)),
        Variant("LLaMA-3.1", "LLaMA-3", ("name: “LLaMA-3.1” is “LLaMA-3” with version .1",)),
        Variant("LLaMA-3.1-8B", "LLaMA-3.1", ("name: “LLaMA-3.1-8B” is “LLaMA-3.1” with size 8B",)),
    ]


def test_families_come_from_the_table_only_where_a_variant_is_named() -> None:
    from papergraph.origins import OriginRow

    table = Lexicon.of([OriginRow(n, (), MODEL, "", None) for n in ("LLaMA", "PaLM")])
    assert [c.name for c in families(concepts("LLaMA-7B", "Bloom"), (), table, Registry())] == ["LLaMA"]
