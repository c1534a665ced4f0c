"""Keys of names: surfaces that are variants of writing get the same key or the same stem.

A *key* is papergraph.text.fold_name after rules that never join two things: plural acronyms, British
spelling. A *stem* is looser (inflection, "fine-tuning X" order) and joins keys only where types agree. What
tells versions apart are the numbers of a name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from papergraph.text import fold_name, readable

_GENERIC_WORDS = """
    ai agent algorithm annotation application approach architecture baseline benchmark classifier corpus
    data dataset decoder deep encoder encoderdecoder evaluation experiment feature finetuned finetuning
    foundationmodel framework generativemodel inference instruction knowledge label languagemodel
    largelanguagemodel layer learning llm lm lms lvlm machinelearning method metric mllm
    model module multimodalmodel network neuralnet neuralnetwork nlp nn ours ourmethod ourmodel
    parameter pipeline plm pretrained pretrainedlanguagemodel pretrainedmodel pretraining prompt prompting
    reasoning representation sample score slm smalllanguagemodel sota stateoftheart strategy student
    studentmodel system task teacher teachermodel technique test text token tool training
    transformerbasedmodel tuning visionlanguagemodel vlm
"""
GENERIC = frozenset(_GENERIC_WORDS.split())  # left out by the annotation guide: no reason to join two names

_HEAD_WORDS = """
    adaptation analysis classification compression computing detection decoding embedding estimation
    extraction generation identification learning loss modeling optimization parsing planning prediction
    processing reasoning recognition regression retrieval sampling search segmentation selection synthesis
    tagging tracking training tuning understanding
"""
HEADS = frozenset(_HEAD_WORDS.split())  # kinds of work: alone no parent of "text classification" and the like

_TAIL = re.compile(
    r"[\s-]+(?:prompting|prompts?|reasoning|data ?sets?|corpus|corpora|benchmarks?|models?|frameworks?|"
    r"methods?|methodology|approach(?:es)?|algorithms?|techniques?|architectures?|networks?|toolkits?|librar(?:y|ies)|"
    r"optimi[sz]ers?|tokeni[sz]ers?|strateg(?:y|ies)|paradigms?|procedures?|mechanisms?|famil(?:y|ies)|series|"
    r"leaderboards?|challenges?|tasks?|metrics?|suites?|layers?|modules?|encoders?|backbones?|loss(?:es)?|"
    r"objectives?|technology|LL?Ms?)$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:vanilla|standard|original|plain|traditional|conventional|pre-?trained|fine-?tuned|open-source|"
    r"large-scale|state-of-the-art|(?:fine-?tun|train|prompt|adapt|distill?|prun)\w*(?:[\s-]+(?:with|using|via|by|on))|"
    r"(?:OpenAI|Google|Meta|Microsoft|DeepMind|Anthropic|Alibaba|NVIDIA|Apple|Facebook|Stanford)(?:['’]s)?(?=\s))"
    r"[\s-]+)+(?=\S)",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\s*[(\[]([^()\[\]]{1,60})[)\]]")
_BRITISH = (
    (re.compile(r"is(?=ation)"), "iz"),
    (re.compile(r"(?<=[ae]l)l(?=ing\b|ed\b)"), ""),
    (re.compile(r"(?<=al)is(?=ed\b|ing\b|e\b)"), "iz"),
    (re.compile(r"(behavi|col|lab|neighb)our"), r"\1or"),
)


def parts(surface: str) -> list[str]:
    """A surface and what its parentheses hold: "tree search (TS) method" -> ["tree search method", "TS"].

    Articles and parentheses around it go. What continues a name stays: "Llama 3 (70B)", "GPT-4(V)", "(IA)3".
    """
    text = re.sub(r"^(?:the|an?)\s+(?=\S)", "", readable(surface).strip(), flags=re.IGNORECASE)
    if re.fullmatch(r"\([^()]+\)", text):
        text = text[1:-1].strip()
    inner = _PARENTHESIS.search(text)
    if (
        not inner
        or inner.start() == 0
        or not inner[0][0].isspace()
        or not re.match(r"[A-Za-z][\w-]+$", inner[1])
    ):
        return [text]
    return [(text[: inner.start()] + text[inner.end() :]).strip(), inner[1]]


@lru_cache(maxsize=65536)
def key(surface: str) -> str:
    """The key of a surface; "" where nothing is left."""
    text = readable(surface)
    if re.fullmatch(r"\S*[A-Z]s", text) and sum(c.isupper() for c in text) > 1:
        text = text[:-1]
    folded = fold_name(text)
    if folded.isascii():
        for pattern, american in _BRITISH:
            folded = pattern.sub(american, folded)
    return folded


def numbers(surface: str) -> tuple[str, ...]:
    """The numbers of a name, in order: "LLaMA-2-7B" -> ("2", "7"). They tell versions and sizes apart."""
    return tuple(re.findall(r"\d+(?:\.\d+)*", readable(surface)))


@lru_cache(maxsize=65536)
def proper(surface: str) -> bool:
    """Whether it is written like a name: a digit, or a capital that is not the first letter of a word."""
    return bool(re.search(r"\d|(?<=[^\W_])[A-Z]|^[A-Z]$|[+$]", readable(surface)))


@lru_cache(maxsize=65536)
def tail_stripped(surface: str) -> str | None:
    """The name without generic words at its ends ("SQuAD dataset"), None where nothing changes."""
    text = readable(surface).strip()
    out = _TAIL.sub("", _LEAD.sub("", text))
    return out if out != text and len(out) > 1 else None


_ENDINGS = re.compile(
    r"(?:i[sz]ations?|i[sz](?:ed?|ing)|at(?:ions?|ing|ed?)|ment|(?:ual|uous)(?:ly)?|ued|al(?:ly)?|"
    r"ions?|ings?|ed|ly|s)$"
)


@lru_cache(maxsize=65536)
def stem_word(word: str) -> str:
    """A word without inflection, from 6 letters on: "quantized" and "quantization" -> "quant"."""
    if len(word) < 6:
        return word.removesuffix("s") if len(word) > 4 and not word.endswith("ss") else word
    out = _ENDINGS.sub("", word)
    if len(out) < 4 or not re.search(r"[aeiouy]", out):
        return word
    return out[:-1] if out[-1] == out[-2] and out[-1] not in "lsz" else out.removesuffix("e")


@lru_cache(maxsize=65536)
def stem(surface: str) -> str:
    """A loose key of a descriptive name; for one that is written like a proper name, its key.

    "continually pre-training" and "continued pre-training", "instruction fine-tuning" and
    "instruction-tuning", "distilling knowledge" and "knowledge distillation" agree.
    """
    text = readable(surface)
    if proper(text) and not text.istitle():
        return key(surface)
    return reading(text)


@lru_cache(maxsize=65536)
def reading(phrase: str) -> str:
    """The stem of a phrase, however it is written: what a long form reads like."""
    words = re.findall(r"[^\W_]+", readable(phrase).casefold())
    if len(words) == 2 and words[0].endswith("ing") and words[1] not in ("to", "model", "models"):
        words.reverse()
    folded = "".join(stem_word(w) for w in words if w not in ("a", "an", "the"))
    return re.sub(r"(?<=.)finetun", "tun", folded)


def generic(name_key: str) -> bool:
    """Whether the key says no more than "model" or "LLM", or is a single letter or a bare number."""
    return name_key in GENERIC or len(name_key) < 2 or name_key.isdigit()
