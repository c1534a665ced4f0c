"""A small graph with known answers: two lines of work, variants, an origin outside, a lonely paper."""

from papergraph.model import (
    Alike,
    Basis,
    BuildsOn,
    Cites,
    Concept,
    EntityType,
    Evidence,
    Graph,
    Listing,
    Lists,
    Origin,
    Paper,
    PaperConcept,
    PaperKind,
    Role,
    Similar,
    Span,
    Variant,
)
from papergraph.text import sentences

HOSTILE = "</script><img src=x onerror=alert(1)> =cmd|' /C calc'!A0 \u202eevil"
METHOD, MODEL, BENCHMARK = EntityType.METHOD, EntityType.MODEL, EntityType.BENCHMARK

# id: (title, abstract, short, year, listed)
PAPERS = {
    "origin": ("Attention Is All You Need", "", "Transformer", 2017, False),
    "bert": (
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        "We introduce BERT. BERT builds on the Transformer encoder. It is evaluated on GLUE.",
        "BERT",
        2018,
        True,
    ),
    "distil": (
        "DistilBERT, a distilled version of BERT",
        "We distil BERT with knowledge distillation. DistilBERT nearly reaches BERT on GLUE.",
        "DistilBERT",
        2019,
        True,
    ),
    "cot": (
        "Chain-of-Thought Prompting Elicits Reasoning",
        "Chain-of-thought prompting shows worked steps. We test it with GPT-4 on GSM8K.",
        "Chain-of-thought",
        2022,
        True,
    ),
    "teach": (
        "Teaching Small Models to Reason",
        "We distil chain-of-thought from GPT-4 into small models by knowledge distillation. "
        "Results on GSM8K rise.",
        "Teaching small models",
        2023,
        True,
    ),
    "omni": (
        "A Study of Omni Models",
        "We ask GPT-4o to describe pictures. It does well.",
        "Omni models",
        2024,
        True,
    ),
    "lonely": (
        "Soil of Mars",
        "Regolith is weighed on a scale. $S^3$ and naïve ideas stay apart.",
        "Soil of Mars",
        None,
        True,
    ),
    "hostile": (HOSTILE, 'An abstract of <b>markup</b> & "quotes". It names LoRA.', "Markup", 2020, True),
}
CONCEPTS = {
    "transformer": ("Transformer", MODEL, (), "origin"),
    "bert": ("BERT", MODEL, ("Bidirectional Encoder Representations",), None),
    "distilbert": ("DistilBERT", MODEL, (), None),
    "knowledge-distillation": ("knowledge distillation", METHOD, ("distillation", "KD"), None),
    "chain-of-thought": ("chain-of-thought", METHOD, ("CoT", "chain-of-thought prompting"), None),
    "cache-of-thought": ("Cache-of-Thought", METHOD, ("CoT",), None),
    "gpt": ("GPT", MODEL, (), None),
    "gpt-4": ("GPT-4", MODEL, (), None),
    "gpt-4o": ("GPT-4o", MODEL, (), None),
    "glue": ("GLUE", BENCHMARK, (), None),
    "gsm8k": ("GSM8K", BENCHMARK, (), None),
    "lora": ("LoRA", METHOD, ("Low-Rank Adaptation",), None),
}
# paper, concept, role, surface, number of the sentence in the abstract
NAMED = (
    ("bert", "bert", Role.INTRODUCES, "BERT", 0),
    ("bert", "transformer", Role.BUILDS_ON, "Transformer", 1),
    ("bert", "glue", Role.EVALUATES_ON, "GLUE", 2),
    ("distil", "distilbert", Role.INTRODUCES, "DistilBERT", 1),
    ("distil", "bert", Role.BUILDS_ON, "BERT", 0),
    ("distil", "bert", Role.COMPARES_WITH, "BERT", 1),
    ("distil", "knowledge-distillation", Role.USES, "knowledge distillation", 0),
    ("distil", "glue", Role.EVALUATES_ON, "GLUE", 1),
    ("cot", "chain-of-thought", Role.INTRODUCES, "Chain-of-thought prompting", 0),
    ("cot", "gpt-4", Role.USES, "GPT-4", 1),
    ("cot", "gsm8k", Role.EVALUATES_ON, "GSM8K", 1),
    ("teach", "chain-of-thought", Role.BUILDS_ON, "chain-of-thought", 0),
    ("teach", "knowledge-distillation", Role.BUILDS_ON, "knowledge distillation", 0),
    ("teach", "gpt-4", Role.BUILDS_ON, "GPT-4", 0),
    ("teach", "gsm8k", Role.EVALUATES_ON, "GSM8K", 1),
    ("omni", "gpt-4o", Role.USES, "GPT-4o", 0),
    ("hostile", "lora", Role.MENTIONS, "LoRA", 1),
)


def sentence(paper: str, number: int) -> Evidence:
    """A sentence of a paper's abstract as evidence."""
    abstract = PAPERS[paper][1]
    start, end = sentences(abstract)[number]
    return Evidence(abstract[start:end], Span("abstract", start, end))


def _spans(paper: str, surface: str) -> tuple[Span, ...]:
    start = PAPERS[paper][1].index(surface)
    return (Span("abstract", start, start + len(surface)),)


def question_graph() -> Graph:
    """The graph, each list sorted by its key."""
    graph = Graph()
    for i, (id_, (title, abstract, short, year, listed)) in enumerate(PAPERS.items()):
        gist = sentence(id_, 0) if abstract else None
        graph.papers.append(
            Paper(
                id=id_,
                title=title,
                abstract=abstract,
                short=short,
                kind=PaperKind.SYSTEM if listed else None,
                gist=gist,
                claims=(sentence("teach", 1),) if id_ == "teach" else (),
                urls=("https://example.org/code?a=1&b=2",) if id_ == "bert" else (),
                year=year,
                date=f"{year}-10-11" if id_ == "bert" else None,
                authors=("Ada Example", "Bo Sample and Sons") if id_ == "bert" else (),
                venue="Proceedings of Examples" if id_ == "bert" else None,
                doi="10.1000/bert" if id_ == "bert" else None,
                arxiv_id="1706.03762" if id_ == "origin" else None,
                listed=listed,
                sources=(f"list.txt:{2 * i}",) if listed else (),
            )
        )
    count = {c: len({p for p, c2, *_ in NAMED if c2 == c}) for c in CONCEPTS}
    for id_, (name, type_, aliases, origin) in CONCEPTS.items():
        known = Origin("Attention Is All You Need", 2017, "1706.03762") if origin else None
        graph.concepts.append(Concept(id_, name, aliases, type_, count[id_], known, origin))
    for paper, concept, role, surface, number in NAMED:
        type_ = CONCEPTS[concept][1]
        found = (sentence(paper, number),)
        graph.paper_concepts.append(
            PaperConcept(paper, concept, role, surface, type_, 0.9, found, _spans(paper, surface))
        )
    graph.builds_on = [
        BuildsOn(
            "bert", "origin", Basis.STATED, 0.95, ("transformer",),
            (sentence("bert", 1),), "builds on the Transformer",
        ),
        BuildsOn(
            "distil", "bert", Basis.STATED, 0.9, ("bert",),
            (sentence("distil", 0),), "distils BERT",
        ),
        BuildsOn("teach", "cot", Basis.INFERRED, 0.7, ("chain-of-thought",), (), "shares chain-of-thought"),
    ]  # fmt: skip
    graph.similar = [
        Similar("cot", "teach", 0.8, 1, True, ("chain-of-thought", "gsm8k"), 0.7, 0.4),
        Similar("distil", "teach", 0.55, 1, False, ("knowledge-distillation",)),
        Similar("teach", "cot", 0.8, 1, True, ("chain-of-thought", "gsm8k"), 0.7, 0.4),
    ]
    graph.alike = [
        Alike("bert", "distil", 0.3, 0.2, 1, None),
        Alike("cot", "teach", 0.7, 0.4, 1, 1),
        Alike("distil", "teach", 0.05, 0.6, None, 1),
        Alike("teach", "cot", 0.7, 0.4, 1, 2),
        Alike("teach", "distil", 0.05, 0.6, 2, 1),
        Alike("teach", "omni", None, 0.1, None, 3),
    ]
    graph.variants = [
        Variant("distilbert", "bert", ("named so",)),
        Variant("gpt-4", "gpt", ("version",)),
        Variant("gpt-4o", "gpt-4", ("version",)),
    ]
    graph.listings = [Listing("list", "A list", "list.txt", "2025-01-02T03:04:05Z")]
    listed = [p.id for p in graph.papers if p.listed]
    graph.lists = [Lists("list", p, i, f"list.txt:{2 * i}") for i, p in enumerate(listed, 1)]
    graph.cites = [Cites("omni", "cot")]
    for name in ("papers", "concepts"):
        getattr(graph, name).sort(key=lambda x: x.id)
    graph.paper_concepts.sort(key=lambda e: (e.paper, e.concept, e.role.rank))
    graph.lists.sort(key=lambda e: (e.listing, e.rank, e.paper))
    return graph
