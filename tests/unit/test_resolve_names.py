"""Keys of names, definitions of short forms, and the tables of well-known names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergraph import origins
from papergraph.errors import InputError
from papergraph.model import EntityType, Origin
from papergraph.origins import OriginRow
from papergraph.resolve.acronyms import abbreviates, definitions
from papergraph.resolve.keys import generic, key, parts, proper, stem, tail_stripped
from papergraph.resolve.lexicon import Lexicon


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use low-rank adaptation (LoRA) here.", [("LoRA", "low-rank adaptation")]),
        ("We use LoRA (low-rank adaptation) here.", [("LoRA", "low-rank adaptation")]),
        ("Convolutional neural networks (CNNs) win.", [("CNNs", "Convolutional neural networks")]),
        ("an end. Graph attention network (GAT, 2018) follows", [("GAT", "Graph attention network")]),
        ("the 'shrink and fine-tune' (SFT) recipe", [("SFT", "shrink and fine-tune")]),
        ("part-of-speech (POS) tagging", [("POS", "part-of-speech")]),
        ("We saw gains (see Table 3) and (b) more (2021).", []),
        ("Paris (FR) is big", []),
        ("transformers (GPT-4)", []),
        ("the MMLU benchmark (MMLU)", []),
        ("mixture-of-experts models (MoEs)", [("MoEs", "mixture-of-experts")]),
    ],
)  # fmt: skip
def test_definitions_of_short_forms(text: str, found: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == found


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for_definitions(text: str) -> None:
    for short, long in definitions(text):
        assert short in text
        assert long in text


def test_a_short_form_stands_for_the_whole_of_its_long_form() -> None:
    assert abbreviates("RAG", "retrieval-augmented generation")
    assert not abbreviates("RAG", "the retrieval-augmented generation")
    assert not abbreviates("GPT-4", "GPT-4 Turbo")
    assert not abbreviates("Gemma", "Gemma 2")


@pytest.mark.parametrize(
    ("surface", "split"),
    [
        ("chain-of-thought (CoT) prompting", ["chain-of-thought prompting", "CoT"]),
        ("Low-Rank Adaptation (LoRA)", ["Low-Rank Adaptation", "LoRA"]),
        ("Llama 3 (70B)", ["Llama 3 (70B)"]),
        ("GPT-4(V)", ["GPT-4(V)"]),
        ("(IA)3", ["(IA)3"]),
        ("(SFT)", ["SFT"]),
        ("the Transformer", ["Transformer"]),
    ],
)
def test_what_parentheses_hold_is_a_name_of_its_own(surface: str, split: list[str]) -> None:
    assert parts(surface) == split


@pytest.mark.parametrize(
    ("surface", "rest"),
    [
        ("the LoRA method", "the LoRA"),
        ("SQuAD dataset", "SQuAD"),
        ("OpenAI's o1", "o1"),
        ("vanilla Transformer", "Transformer"),
        ("fine-tuning with LoRA", "LoRA"),
        ("LoRA", None),
        ("model", None),
    ],
)
def test_generic_words_at_the_ends(surface: str, rest: str | None) -> None:
    assert tail_stripped(surface) == rest


def test_keys_keep_what_tells_things_apart() -> None:
    names = [
        "GPT-3",
        "GPT-3.5",
        "GPT-4",
        "C",
        "C++",
        "ResUNet",
        "ResUNet++",
        "wav2vec",
        "wav2vec 2.0",
        "注意力",
        "模型",
    ]
    assert len({key(n) for n in names}) == len(names)
    assert key("labelling") == key("labeling")
    assert key("tokenisation") == key("tokenization")
    assert key("supervised") == "supervised"


def test_stems_do_not_touch_names_of_their_own() -> None:
    assert stem("Deformable DETR") == key("Deformable DETR")
    assert stem("text-to-image") != stem("image-to-text")


def test_generic_words_are_known() -> None:
    assert all(generic(key(w)) for w in ("LLMs", "language models", "our method", "baselines", "a", "2023"))
    assert not any(generic(key(w)) for w in ("BERT", "attention", "quantization"))


@pytest.mark.parametrize(
    ("surface", "answer"),
    [("LoRA", True), ("BERT", True), ("T5", True), ("Adam", False), ("beam search", False)],
)
def test_what_is_written_like_a_name(surface: str, answer: bool) -> None:
    assert proper(surface) is answer


def row(name: str, *aliases: str) -> OriginRow:
    return OriginRow(name, aliases, EntityType.METHOD, "", None)


def test_an_alias_that_two_rows_claim_belongs_to_neither() -> None:
    lexicon = Lexicon.of(
        [row("spiking neural network", "SNN"), row("siamese neural network", "SNN"), row("SGD", "LLM")]
    )
    assert "snn" not in lexicon.by_key
    assert "llm" not in lexicon.by_key  # generic
    assert lexicon.by_key[key("Spiking Neural Networks")].name == "spiking neural network"


def test_a_name_goes_before_an_alias_of_another_row() -> None:
    lexicon = Lexicon.of([row("Switch Transformer", "Switch"), row("Switch")])
    assert lexicon.by_key["switch"].name == "Switch"


def test_the_table_of_terms_is_sound() -> None:
    rows = origins.terms()
    assert len({key(r.name) for r in rows}) == len(rows)
    claimed = [k for r in rows for k in {key(a) for a in (r.name, *r.aliases)}]
    assert len(claimed) == len(set(claimed)), sorted(k for k in claimed if claimed.count(k) > 1)
    assert all(r.origin is None for r in rows)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,type\nBERT,Model\n", r"origins.csv:1: the columns must be name,aliases"),
        (
            "name,aliases,type,variant_of,title,year,arxiv_id\nBERT,,Thing,,A title,2018,\n",
            r"origins.csv:2: 'Thing'",
        ),
        (
            "name,aliases,type,variant_of,title,year,arxiv_id\nBERT,,Model,,A title,soon,\n",
            r"origins.csv:2: .*'soon'",
        ),
        (
            "name,aliases,type,variant_of,title,year,arxiv_id\nBERT,,Model\n",
            r"origins.csv:2: another number of cells",
        ),
    ],
)
def test_a_table_that_is_not_sound_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "origins.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        origins.read(path)


def test_a_row_of_the_table_of_origins(tmp_path: Path) -> None:
    path = tmp_path / "origins.csv"
    row = "QLoRA,Quantized LoRA| QLORA,Method,LoRA,A title,2023,2305.14314"
    path.write_text(f"name,aliases,type,variant_of,title,year,arxiv_id\n{row}\n", encoding="utf-8")
    (found,) = origins.read(path)
    assert found == OriginRow(
        "QLoRA", ("Quantized LoRA", "QLORA"), EntityType.METHOD, "LoRA", Origin("A title", 2023, "2305.14314")
    )
