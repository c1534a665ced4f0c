"""A small graph of example papers: every kind of edge, nulls, hostile strings, other scripts."""

import random
from pathlib import Path

import numpy as np

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
from papergraph.registry import Registry
from papergraph.tables import Generation, locked, writing

HOSTILE = (
    "<script>alert('x')</script> & <img src=x onerror=alert(1)>",
    "'; MATCH (n) DETACH DELETE n; // \"quoted\" \\' back\\slash \\u0027",
    "`backtick` $param {{depth}} ${jndi:ldap://x} %s {0}",
    "知识图谱的语言模型",
    "متن فارسی \u202eright to left\u202c",
    "Emoji 🧪 and line\u2028separator, tab\tand\nnewline, $\\textit{LaTeX}$ S$^3$",
    "İstanbul ẞtraße ﬁ ligature",
)
CONCEPTS = (
    ("BERT", "Model", ("Bidirectional Encoder Representations from Transformers",)),
    ("Transformer", "Model", ("Transformers",)),
    ("RoBERTa", "Model", ()),
    ("DistilBERT", "Model", ()),
    ("TinyBERT", "Model", ()),
    ("T5", "Model", ()),
    ("GPT-3", "Model", ()),
    ("LoRA", "Method", ("low-rank adaptation",)),
    ("QLoRA", "Method", ()),
    ("chain-of-thought prompting", "Method", ("chain-of-thought", "CoT")),
    ("self-consistency", "Method", ()),
    ("STaR", "Method", ("Self-Taught Reasoner",)),
    ("knowledge distillation", "Method", ("distillation",)),
    ("retrieval-augmented generation", "Method", ("RAG",)),
    ("DPR", "Method", ("dense passage retrieval",)),
    ("GLUE", "Benchmark", ()),
    ("SQuAD", "Benchmark", ("Stanford Question Answering Dataset",)),
    ("GSM8K", "Benchmark", ()),
    ("MMLU", "Benchmark", ()),
    ("question answering", "Task", ("QA",)),
    ("text classification", "Task", ()),
    ("machine translation", "Task", ()),
    ("图神经网络", "Method", ("GNN",)),
    ("C++ <generation>", "Task", ("'quoted' \"task\"",)),
)
FREQUENT = ("bert", "glue", "gsm8k", "knowledge-distillation", "lora", "question-answering")
TITLES = (
    "Attention Is All You Need",
    "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
    "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter",
    "TinyBERT: Distilling BERT for Natural Language Understanding",
    "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer",
    "Language Models are Few-Shot Learners",
    "LoRA: Low-Rank Adaptation of Large Language Models",
    "QLoRA: Efficient Finetuning of Quantized LLMs",
    "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models",
    "Self-Consistency Improves Chain of Thought Reasoning in Language Models",
    "STaR: Bootstrapping Reasoning With Reasoning",
    "Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks",
    "Dense Passage Retrieval for Open-Domain Question Answering",
)


def _evidence(paper: Paper, draw: random.Random) -> tuple[Evidence, ...]:
    out = []
    for _ in range(draw.randint(0, 2)):
        end = draw.randint(1, len(paper.abstract)) if paper.abstract else 0
        if end:
            out.append(Evidence(paper.abstract[:end], Span("abstract", 0, end)))
    return tuple(out)


def _view_scores(draw: random.Random) -> tuple[float | None, float | None]:
    """Scores of problem and approach, of which some are not known."""
    problem, approach = (round(draw.random(), 4) if draw.random() < 0.9 else None for _ in range(2))
    return problem, approach


def example_graph(seed: int = 1, papers: int = 44) -> Graph:
    """`papers` papers (a seventh not listed), the concepts above, two listings; equal seeds, equal graphs."""
    draw = random.Random(seed)
    titles = [*TITLES, *HOSTILE]
    titles += [f"An example study of topic {i}" for i in range(len(titles), papers)]
    made = []
    for i, title in enumerate(titles[:papers]):
        made.append(
            Paper(
                id=f"paper-{i:03d}" if i % 5 else f"10.1000/xyz-{i:03d}",
                title=title,
                abstract=""
                if i % 11 == 10
                else f"We study topic {i} with care. {HOSTILE[i % len(HOSTILE)]}. It works.",
                short=f"Topic {i}",
                kind=None if i % 6 == 5 else list(PaperKind)[i % len(PaperKind)],
                gist=Evidence("We study", Span("abstract", 0, 8)) if i % 3 == 0 and i % 11 != 10 else None,
                claims=(Evidence("We study", Span("abstract", 0, 8)),) if i % 2 == 0 and i % 11 != 10 else (),
                urls=("https://example.org/a?b=1&c='d'",) if i % 5 == 0 else (),
                year=None if i % 4 == 3 else 2015 + i % 10,
                date=f"{2015 + i % 10}-03" if i % 8 == 0 else None,
                authors=("Author One", 'Author "Two" O\'Three') if i % 2 else (),
                venue="Example Conf." if i % 3 else None,
                doi=f"10.1000/xyz-{i:03d}" if i % 5 == 0 else None,
                arxiv_id=f"2{i:03d}.00001" if i % 7 == 1 else None,
                references=("A title; with, signs",) if i % 9 == 0 else (),
                listed=i % 7 != 6,
                sources=(f"a.txt:{i + 1}",) if i % 7 != 6 else (),
            )
        )
    graph = Graph(papers=sorted(made, key=lambda p: p.id))
    keys = [name.casefold().replace(" ", "-").replace("<", "").replace(">", "") for name, _, _ in CONCEPTS]
    listed = [p for p in graph.papers if p.listed]
    seen: dict[str, set[str]] = {key: set() for key in keys}
    for paper in listed:
        frequent = draw.sample(FREQUENT, draw.randint(0, 4))
        for key in sorted({*frequent, *draw.sample(keys, draw.randint(0, 5))}):
            name, kind, _ = CONCEPTS[keys.index(key)]
            for role in draw.sample(list(Role), draw.randint(1, 2)):
                seen[key].add(paper.id)
                graph.paper_concepts.append(
                    PaperConcept(
                        paper.id,
                        key,
                        role,
                        name,
                        EntityType(kind),
                        round(draw.random(), 4),
                        _evidence(paper, draw),
                        (Span("title", 0, 3),),
                    )
                )
    for key, (name, kind, aliases) in zip(keys, CONCEPTS, strict=True):
        origin = Origin(f"The paper of {name}", 2018, None) if len(name) < 6 else None
        graph.concepts.append(
            Concept(
                key,
                name,
                aliases,
                EntityType(kind),
                len(seen[key]),
                origin,
                graph.papers[3].id if key == "bert" else None,
            )
        )
    linked = [p for p in graph.papers if not p.id.endswith("3")]  # the others stand alone
    pairs = [(a, b) for a in linked for b in linked if a.id != b.id]

    def some(count: int) -> list[tuple[Paper, Paper]]:
        return draw.sample(pairs, min(count, len(pairs)))

    by_title = {p.title: p for p in graph.papers}
    students = [(by_title[TITLES[i]], by_title[TITLES[1]]) for i in (2, 3, 4)]  # what builds on BERT
    for a, b in students + [pair for pair in some(60) if pair not in students]:
        graph.builds_on.append(
            BuildsOn(
                a.id,
                b.id,
                draw.choice(list(Basis)),
                round(draw.random(), 4),
                tuple(sorted(draw.sample(keys, draw.randint(0, 2)))),
                _evidence(a, draw),
                f"names {b.short} as its base",
            )
        )
    neighbours: dict[str, int] = {}
    for a, b in sorted(some(80), key=lambda pair: pair[0].id):
        rank = neighbours[a.id] = neighbours.get(a.id, 0) + 1
        score = round(0.95 - 0.05 * rank, 4)
        graph.similar.append(
            Similar(
                a.id,
                b.id,
                score,
                rank,
                draw.random() < 0.5,
                tuple(keys[: draw.randint(0, 2)]),
                *_view_scores(draw),
            )
        )
    ranks: dict[str, int] = {}
    for a, b in sorted(some(60), key=lambda pair: (pair[0].id, pair[1].id)):
        rank = ranks[a.id] = ranks.get(a.id, 0) + 1
        problem, approach = _view_scores(draw)
        graph.alike.append(
            Alike(
                a.id,
                b.id,
                problem,
                approach,
                rank if problem is not None else None,
                rank if approach is not None and draw.random() < 0.7 else None,
            )
        )
    graph.cites = [Cites(a.id, b.id) for a, b in some(20)]
    for variant, base in (
        ("roberta", "bert"),
        ("distilbert", "bert"),
        ("tinybert", "bert"),
        ("qlora", "lora"),
    ):
        graph.variants.append(Variant(variant, base, (f"{variant} names {base}",)))
    graph.listings = [
        Listing("lineage", "lineage", "lineage.txt", "2025-01-01T00:00:00Z"),
        Listing("later", "later 'listing'", "later.jsonl", "2025-06-01T00:00:00Z"),
    ]
    for i, paper in enumerate(listed):
        graph.lists.append(
            Lists(
                "lineage" if i % 3 else "later",
                paper.id,
                i + 1,
                f"lineage.txt:{2 * i + 1}",
            )
        )
        if i % 10 == 1:
            graph.lists.append(Lists("later", paper.id, i + 101, f"later.jsonl:{i + 101}"))
    graph.concepts.sort(key=lambda c: c.id)
    graph.paper_concepts.sort(key=lambda e: (e.paper, e.concept, e.role.rank))
    graph.builds_on.sort(key=lambda e: (e.source, e.target))
    graph.similar.sort(key=lambda e: (e.source, e.rank))
    graph.cites.sort(key=lambda e: (e.source, e.target))
    graph.variants.sort(key=lambda e: (e.source, e.target))
    graph.lists.sort(key=lambda e: (e.listing, e.rank, e.paper))
    return graph


def example_vectors(graph: Graph, dim: int = 8) -> np.ndarray:
    """Unit rows for the listed papers."""
    rows = np.random.default_rng(1).normal(size=(sum(p.listed for p in graph.papers), dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def write_graph(directory: Path, graph: Graph, *, store: bool = True) -> Generation:
    """Writes `graph` as the next generation of a graph folder, with its embedded store unless told."""
    from papergraph.store.embedded import build_store

    with locked(directory), writing(directory) as writer:
        writer.write(graph, example_vectors(graph), Registry(), {}, [])
        if store:
            build_store(writer.path)
        return writer.finish({"embedder": "example-8"})
