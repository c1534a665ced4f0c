"""Names to concepts: what merges, what stays apart, and that neither order nor growth changes it."""

from collections.abc import Sequence
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.model import Concept, Entity, EntityType, Evidence, Origin, Paper, Role, RoleClaim, Span
from papergraph.origins import OriginRow
from papergraph.registry import Registry
from papergraph.resolve import Resolution, resolve
from papergraph.resolve.lexicon import Lexicon

METHOD, MODEL, BENCHMARK, TASK = EntityType.METHOD, EntityType.MODEL, EntityType.BENCHMARK, EntityType.TASK
NO_TABLE = Lexicon.of([])
LORA_PAPER = Origin("LoRA: Low-Rank Adaptation of Large Language Models", 2021, "2106.09685")
QLORA_PAPER = Origin("QLoRA: Efficient Finetuning of Quantized LLMs", 2023, "2305.14314")
COT_PAPER = Origin(
    "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models", 2022, "2201.11903"
)
LORA = OriginRow(
    "LoRA",
    ("Low-Rank Adaptation",),
    METHOD,
    "",
    LORA_PAPER,
)
QLORA = OriginRow("QLoRA", (), METHOD, "LoRA", QLORA_PAPER)
COT = OriginRow(
    "Chain-of-Thought prompting",
    ("CoT", "chain of thought"),
    METHOD,
    "",
    COT_PAPER,
)
TABLE = Lexicon.of([LORA, QLORA, COT])


def spans(paper: Paper, *surfaces: str) -> tuple[Span, ...]:
    out = []
    for surface in surfaces:
        for field, text in (("title", paper.title), ("abstract", paper.abstract)):
            start = text.find(surface)
            if start >= 0:
                out.append(Span(field, start, start + len(surface)))
    return tuple(out)


class World:
    """Papers and what extraction found in them, written down in a test in one line each."""

    def __init__(self, table: Lexicon = NO_TABLE) -> None:
        self.papers: list[Paper] = []
        self.entities: dict[str, tuple[Entity, ...]] = {}
        self.table = table
        self._number = count(1)

    def add(self, title: str, abstract: str, *found: Entity, **fields: object) -> Paper:
        paper = Paper(f"p{next(self._number):02}", title, abstract, **fields)  # type: ignore[arg-type]
        self.papers.append(paper)
        self.entities[paper.id] = tuple(
            Entity(e.name, e.aliases, e.type, e.confidence, e.roles, spans(paper, e.name, *e.aliases))
            for e in found
        )
        return paper

    def resolve(self, registry: Registry | None = None, order: Sequence[int] | None = None) -> Resolution:
        papers = [self.papers[i] for i in order] if order else self.papers
        return resolve(papers, self.entities, registry or Registry(), self.table)


def named(
    name: str, kind: EntityType = METHOD, role: Role = Role.USES, *aliases: str, confidence: float = 0.9
) -> Entity:
    return Entity(name, aliases, kind, confidence, (RoleClaim(role, confidence, ()),), ())


def concept_of(result: Resolution, paper: Paper, name: str) -> Concept:
    ids = {e.concept for e in result.paper_concepts if e.paper == paper.id and e.name == name}
    assert len(ids) == 1, (name, ids)
    return next(c for c in result.concepts if c.id in ids)


def same(a: tuple[str, EntityType], b: tuple[str, EntityType], table: Lexicon = NO_TABLE) -> bool:
    """Whether two papers that name a and b name one concept."""
    world = World(table)
    one = world.add("First study", f"We look at {a[0]} here.", named(*a))
    two = world.add("Second study", f"This work is about {b[0]} again.", named(*b))
    result = world.resolve()
    return concept_of(result, one, a[0]).id == concept_of(result, two, b[0]).id


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("chain-of-thought", METHOD), ("Chain of Thought", METHOD)),
        (("chain-of-thought", METHOD), ("chain-of-thought prompting", METHOD)),
        (("chain-of-thought", METHOD), ("chain-of-thought reasoning", METHOD)),
        (("chain-of-thoughts", METHOD), ("chain-of-thought prompting", METHOD)),
        (("GPT-4", MODEL), ("GPT4", MODEL)),
        (("GPT-4", MODEL), ("GPT 4", MODEL)),
        (("LLaMA", MODEL), ("Llama", MODEL)),
        (("LLaMA-2-7B", MODEL), ("Llama 2 7B", MODEL)),
        (("Llama 3 (70B)", MODEL), ("Llama-3-70B", MODEL)),
        (("diffusion model", MODEL), ("diffusion models", MODEL)),
        (("GAN", MODEL), ("GANs", MODEL)),
        (("mixture of experts", METHOD), ("Mixture-of-Experts", METHOD)),
        (("SQuAD", BENCHMARK), ("SQuAD dataset", BENCHMARK)),
        (("SuperGLUE", BENCHMARK), ("SuperGLUE benchmark", BENCHMARK)),
        (("CLIP", MODEL), ("CLIP model", MODEL)),
        (("LoRA", METHOD), ("fine-tuning with LoRA", METHOD)),
        (("o1", MODEL), ("OpenAI o1", MODEL)),
        (("quantization", METHOD), ("quantisation", METHOD)),
        (("quantization", METHOD), ("quantized", METHOD)),
        (("instruction tuning", METHOD), ("instruction fine-tuning", METHOD)),
        (("continual pre-training", METHOD), ("continued pretraining", METHOD)),
        (("knowledge distillation", METHOD), ("distilling knowledge", METHOD)),
        (("topic modelling", TASK), ("topic modeling", TASK)),
        (("instruction tuning", METHOD), ("instruction tuning", TASK)),
        (("$\\textit{SKNet}$", MODEL), ("SKNet", MODEL)),
    ],
)  # fmt: skip
def test_variants_of_writing_are_one_concept(a: tuple[str, EntityType], b: tuple[str, EntityType]) -> None:
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("GPT-3", MODEL), ("GPT-3.5", MODEL)),
        (("GPT-3.5", MODEL), ("GPT-4", MODEL)),
        (("GPT-4", MODEL), ("GPT-4o", MODEL)),
        (("LLaMA-7B", MODEL), ("LLaMA-13B", MODEL)),
        (("LLaMA", MODEL), ("LLaMA-7B", MODEL)),
        (("Llama 2", MODEL), ("Llama 3", MODEL)),
        (("Llama 3", MODEL), ("Llama 3.1", MODEL)),
        (("BERT", MODEL), ("BERT-base", MODEL)),
        (("BERT", MODEL), ("DistilBERT", MODEL)),
        (("LoRA", METHOD), ("QLoRA", METHOD)),
        (("CoT", METHOD), ("Zero-shot-CoT", METHOD)),
        (("chain-of-thought", METHOD), ("tree-of-thought", METHOD)),
        (("STaR", METHOD), ("rStar", METHOD)),
        (("CaLM", METHOD), ("CLMs", MODEL)),
        (("image-to-text generation", TASK), ("text-to-image generation", TASK)),
        (("question answering", TASK), ("question answering models", MODEL)),
        (("CIFAR-10", BENCHMARK), ("CIFAR-100", BENCHMARK)),
        (("ImageNet", BENCHMARK), ("ImageNet-21k", BENCHMARK)),
        (("machine translation", TASK), ("neural machine translation", TASK)),
        (("supervised learning", METHOD), ("self-supervised learning", METHOD)),
        (("Flan Collection", BENCHMARK), ("FLAN", MODEL)),
    ],
)  # fmt: skip
def test_versions_sizes_and_named_variants_stay_apart(
    a: tuple[str, EntityType], b: tuple[str, EntityType]
) -> None:
    assert not same(a, b)


def test_an_acronym_joins_its_long_form_where_papers_define_it() -> None:
    world = World()
    a = world.add("On routing", "Low-cost expert mixing (LEM) routes tokens.", named("LEM"))
    b = world.add("More routing", "We scale low-cost expert mixing.", named("low-cost expert mixing"))
    c = world.add("Yet more", "LEM is slow.", named("LEM"))
    result = world.resolve()
    ids = {concept_of(result, p, n).id for p, n in ((a, "LEM"), (b, "low-cost expert mixing"), (c, "LEM"))}
    assert len(ids) == 1


def test_a_definition_that_extraction_missed_is_found_in_the_text() -> None:
    world = World()
    a = world.add("Speech", "Pitch Aware Tuning (PAT) helps voices.", named("Pitch Aware Tuning"))
    b = world.add("Voices", "We compare with PAT.", named("PAT", METHOD, Role.COMPARES_WITH))
    result = world.resolve()
    assert concept_of(result, a, "Pitch Aware Tuning").id == concept_of(result, b, "PAT").id


def test_a_papers_own_definition_of_an_acronym_wins_in_that_paper() -> None:
    world = World(TABLE)
    usual = world.add(
        "Steps", "Chain-of-thought (CoT) helps.", named("chain-of-thought", METHOD, Role.USES, "CoT")
    )
    bare = world.add("More steps", "We use CoT on sums.", named("CoT"))
    text = "We keep a Cache of Thought (CoT) of old answers. CoT saves calls."
    own = world.add("Reuse of answers", text, named("CoT", METHOD, Role.INTRODUCES))
    result = world.resolve()
    assert concept_of(result, usual, "chain-of-thought").id == concept_of(result, bare, "CoT").id
    assert concept_of(result, own, "CoT").id != concept_of(result, bare, "CoT").id
    assert [e.paper for e in result.paper_concepts if e.concept == concept_of(result, own, "CoT").id] == [
        own.id
    ]


def test_an_acronym_on_which_papers_disagree_joins_nothing() -> None:
    world = World()
    a = world.add("Signals", "Phase map coding (PMC) is old.", named("phase map coding"))
    b = world.add("Planning", "Partial move choice (PMC) is new.", named("partial move choice"))
    c = world.add("Other", "We ran PMC.", named("PMC"))
    result = world.resolve()
    names = ((a, "phase map coding"), (b, "partial move choice"), (c, "PMC"))
    assert len({concept_of(result, p, n).id for p, n in names}) == 3


def test_a_generic_alias_glues_nothing() -> None:
    world = World()
    a = world.add("One", "Our model FooNet and the LLM.", named("FooNet", MODEL, Role.INTRODUCES, "LLM"))
    b = world.add("Two", "Our model BarNet and the LLM.", named("BarNet", MODEL, Role.INTRODUCES, "LLM"))
    result = world.resolve()
    assert concept_of(result, a, "FooNet").id != concept_of(result, b, "BarNet").id


def test_an_alias_that_is_another_papers_name_glues_nothing() -> None:
    world = World()
    a = world.add("One", "GateNet, or Router.", named("GateNet", MODEL, Role.INTRODUCES, "Router"))
    b = world.add("Two", "Router is a tool.", named("Router"))
    result = world.resolve()
    assert concept_of(result, a, "GateNet").id != concept_of(result, b, "Router").id


def test_an_alias_with_another_number_glues_nothing() -> None:
    world = World()
    world.add("One", "Zeta 2, from the Zeta family.", named("Zeta 2", MODEL, Role.USES, "Zeta"))
    b = world.add("Two", "Zeta 3, from the Zeta family.", named("Zeta 3", MODEL, Role.USES, "Zeta"))
    result = world.resolve()
    assert {c.name for c in result.concepts} == {"Zeta 2", "Zeta 3"}
    assert concept_of(result, b, "Zeta 3").name == "Zeta 3"


def test_types_are_settled_by_the_majority() -> None:
    world = World()
    for kind in (METHOD, MODEL, METHOD):
        world.add(f"About {kind}", "We use WarpNet.", named("WarpNet", kind))
    (concept,) = world.resolve().concepts
    assert (concept.type, concept.paper_count) == (METHOD, 3)
    assert [e.type for e in world.resolve().paper_concepts] == [METHOD, MODEL, METHOD]


def test_a_data_set_and_a_common_word_that_share_letters_stay_apart() -> None:
    world = World()
    a = world.add("Hard sums", "Scores on MATH rise.", named("MATH", BENCHMARK, Role.EVALUATES_ON))
    b = world.add("Sums", "Small models do math badly.", named("math", TASK, Role.MENTIONS))
    result = world.resolve()
    assert concept_of(result, a, "MATH").id != concept_of(result, b, "math").id


def test_two_systems_that_two_papers_introduce_under_one_name_stay_apart() -> None:
    world = World()
    a = world.add(
        "TinyBox: A phone model", "We present TinyBox.", named("TinyBox", MODEL, Role.INTRODUCES), year=2021
    )
    b = world.add(
        "TinyBox: Tools for chips",
        "We present TinyBox.",
        named("TinyBox", METHOD, Role.INTRODUCES),
        year=2023,
    )
    c = world.add("A test", "We ran TinyBox.", named("TinyBox", MODEL), year=2024)
    result = world.resolve()
    assert concept_of(result, a, "TinyBox").id == concept_of(result, c, "TinyBox").id
    assert concept_of(result, a, "TinyBox").id != concept_of(result, b, "TinyBox").id


def test_two_papers_that_surely_coin_one_name_mean_two_things() -> None:
    world = World()
    coined = [
        world.add(f"Study {i}", "We present NaCL.", named("NaCL", METHOD, Role.INTRODUCES, confidence=sure))
        for i, sure in enumerate((0.97, 0.96, 0.8))
    ]
    word = [
        world.add(f"More {i}", "A loose coupling.", named("loose coupling", METHOD, Role.INTRODUCES))
        for i in range(2)
    ]
    result = world.resolve()
    ids = [concept_of(result, paper, "NaCL").id for paper in coined]
    assert ids[0] != ids[1] and ids[2] == ids[0]
    assert len({concept_of(result, paper, "loose coupling").id for paper in word}) == 1


def test_a_name_that_the_tables_know_from_elsewhere_is_a_papers_own_where_it_coins_it() -> None:
    world = World(TABLE)
    first = world.add(
        LORA_PAPER.title.replace("Models", "Model"), "LoRA.", named("LoRA", METHOD, Role.INTRODUCES)
    )
    other = world.add("LORA: A Radio Network", "LORA.", named("LORA", METHOD, Role.INTRODUCES))
    user = world.add("A test", "We ran LoRA.", named("LoRA"))
    result = world.resolve()
    assert concept_of(result, first, "LoRA").id == concept_of(result, user, "LoRA").id
    assert concept_of(result, other, "LORA").id != concept_of(result, user, "LoRA").id
    assert concept_of(result, other, "LORA").origin is None


def test_the_canonical_name_is_the_tables_or_the_most_frequent_and_aliases_are_all_others() -> None:
    world = World(TABLE)
    world.add("One", "low-rank adaptation", named("low-rank adaptation"))
    world.add("Two", "Graph Weaving", named("Graph Weaving"))
    world.add("Three", "graph weaving", named("graph weaving"))
    world.add("Four", "graph weaving", named("graph weaving"))
    by_name = {c.name: c for c in world.resolve().concepts}
    assert set(by_name) == {"LoRA", "graph weaving"}
    assert set(by_name["LoRA"].aliases) == {"low-rank adaptation", "Low-Rank Adaptation"}
    assert by_name["graph weaving"].aliases == ("Graph Weaving",)


def test_one_edge_per_role_with_the_highest_confidence_and_all_evidence() -> None:
    world = World()
    paper = world.add("Trees", "We extend RootNet. RootNet models are slow.")
    one, two = (Evidence(paper.abstract[a:b], Span("abstract", a, b)) for a, b in ((0, 18), (19, 43)))
    roles = RoleClaim(Role.BUILDS_ON, 0.7, (one,)), RoleClaim(Role.COMPARES_WITH, 0.4, (two,))
    further = RoleClaim(Role.BUILDS_ON, 0.8, (two,)), RoleClaim(Role.MENTIONS, 0.8, (two,))
    world.entities[paper.id] = (
        Entity("RootNet", (), MODEL, 0.9, roles, (Span("abstract", 10, 17),)),
        Entity("RootNet models", (), MODEL, 0.8, further, (Span("abstract", 19, 33),)),
    )
    edges = world.resolve().paper_concepts
    assert [(e.role, e.confidence) for e in edges] == [(Role.BUILDS_ON, 0.8), (Role.COMPARES_WITH, 0.4)]
    assert edges[0].evidence == (one, two)
    assert edges[0].spans == (Span("abstract", 10, 17), Span("abstract", 19, 33))


# Origins


def test_an_origin_that_no_listing_holds_becomes_an_unlisted_paper_where_it_is_rested_on() -> None:
    world = World(TABLE)
    world.add("Cheap tuning", "We extend LoRA.", named("LoRA", METHOD, Role.BUILDS_ON))
    world.add("Steps", "CoT exists.", named("CoT", METHOD, Role.MENTIONS))
    result = world.resolve()
    lora, cot = sorted(result.concepts, key=lambda c: c.name, reverse=True)
    (origin,) = result.origin_papers
    assert (lora.origin, lora.origin_paper) == (LORA_PAPER, origin.id)
    assert (cot.origin, cot.origin_paper) == (COT_PAPER, None)
    assert (origin.title, origin.year, origin.arxiv_id) == (LORA_PAPER.title, 2021, "2106.09685")
    assert not origin.listed


@pytest.mark.parametrize(
    ("title", "names", "label"),
    [
        ("Steps Are All You Need", {"GPT-9": MODEL, "stepping": METHOD}, "GPT-9"),
        ("Stepping Makes Models Better", {"GPT-9": MODEL, "stepping": METHOD}, "stepping"),
        ("Steps Are All You Need", {"stepping": METHOD, "StepBench": BENCHMARK}, "stepping"),
        ("PAT: Models That Walk", {"StepBench": BENCHMARK}, "PAT"),
        (
            "Models That Walk, and Others That Prefer to Fly",
            {"x" * 29: METHOD},
            "Models That Walk, and Others",
        ),
    ],
)
def test_the_label_of_an_origin_is_what_it_is_known_for(
    title: str, names: dict[str, EntityType], label: str
) -> None:
    rows = [OriginRow(n, (), kind, "", Origin(title, 2019, None)) for n, kind in names.items()]
    w = World(Lexicon.of(rows))
    found = [named(n, kind, Role.BUILDS_ON) for n, kind in names.items()]
    w.add("A", ", ".join(names), *found)
    w.add("B", "stepping", *[f for f in found if f.name == "stepping"])
    (origin,) = w.resolve().origin_papers
    assert (origin.short, len(origin.short) <= 28) == (label, True)


@pytest.mark.parametrize("fields", [{}, {"arxiv_id": "2106.09685"}])
def test_a_listed_paper_is_the_origin_by_title_or_arxiv_id(fields: dict[str, object]) -> None:
    world = World(TABLE)
    title = "LoRA - a new title" if fields else "LORA: Low-rank adaptation of large language models"
    source = world.add(title, "We propose LoRA.", named("LoRA", METHOD, Role.INTRODUCES), **fields)
    world.add("Cheap tuning", "We extend LoRA.", named("LoRA", METHOD, Role.BUILDS_ON))
    result = world.resolve()
    assert result.origin_papers == []
    assert [c.origin_paper for c in result.concepts] == [source.id]


def test_a_family_that_no_paper_names_joins_its_variants() -> None:
    world = World(TABLE)
    world.add("Cheap", "QLoRA is used.", named("QLoRA"))
    result = world.resolve()
    assert {c.name: c.paper_count for c in result.concepts} == {"LoRA": 0, "QLoRA": 1}
    (variant,) = result.variants
    assert variant.evidence == ("known: QLoRA is a variant of LoRA",)


def test_a_well_known_concept_that_extraction_found_nowhere_is_found_in_the_text() -> None:
    world = World(TABLE)
    paper = world.add("Cheap", "All weights are tuned by QLoRA.", named("weights"))
    result = world.resolve()
    found = concept_of(result, paper, "QLoRA")
    assert (found.name, found.paper_count, found.origin) == ("QLoRA", 1, QLORA_PAPER)
    (edge,) = [e for e in result.paper_concepts if e.concept == found.id]
    assert (edge.role, edge.evidence[0].text) == (Role.USES, "All weights are tuned by QLoRA.")
    assert [p.id for p in result.origin_papers] == [found.origin_paper]


def test_a_thing_of_another_type_does_not_take_the_tables_row() -> None:
    world = World(TABLE)
    paper = world.add("Radio", "LoRA is a set of signals.", named("LoRA", BENCHMARK))
    result = world.resolve()
    assert concept_of(result, paper, "LoRA").origin is None
    assert len({c.id for c in result.concepts}) == len(result.concepts)


def test_papers_that_are_not_listed_name_nothing() -> None:
    world = World()
    world.add("Cited", "We use ZedNet.", named("ZedNet"), listed=False)
    assert world.resolve().concepts == []


def test_no_papers_give_an_empty_resolution() -> None:
    assert World().resolve() == Resolution([], [], [], [])


# Order and growth

_NAMES = (
    "CoT|chain-of-thought|Chain of Thought|GPT-4|GPT4|GPT-3.5|LoRA|LoRAs|low-rank adaptation|MATH|math|QLoRA|"
    "BERT|DistilBERT|RAG|retrieval-augmented generation|Cache of Thought|LLM"
)
_SURFACES = _NAMES.split("|")
_DEFINITIONS = (
    "Cache of Thought (CoT) is new.",
    "Chain of thought (CoT) is old.",
    "Retrieval-augmented generation (RAG) helps.",
)
_entity = st.builds(
    lambda name, alias, kind, role, confidence: named(name, kind, role, *alias, confidence=confidence),
    st.sampled_from(_SURFACES),
    st.lists(st.sampled_from(_SURFACES), max_size=2),
    st.sampled_from(list(EntityType)),
    st.sampled_from(list(Role)),
    st.sampled_from([0.5, 0.7, 0.9]),
)
_sentence = st.sampled_from([*(f"We use {s}." for s in _SURFACES), *_DEFINITIONS])
_text = st.lists(_sentence, max_size=4).map(" ".join)
_papers = st.lists(st.tuples(_text, st.lists(_entity, max_size=4)), min_size=1, max_size=8)


def build(papers: list[tuple[str, list[Entity]]]) -> World:
    world = World(TABLE)
    for text, found in papers:
        world.add(f"{found[0].name}: a study" if found else "A study", text, *found)
    return world


@settings(max_examples=60, deadline=None)
@given(_papers, st.randoms(use_true_random=False))
def test_the_order_of_the_papers_changes_nothing(
    papers: list[tuple[str, list[Entity]]], random: Random
) -> None:
    world = build(papers)
    order = list(range(len(papers)))
    random.shuffle(order)
    assert world.resolve() == world.resolve(order=order)


@settings(max_examples=60, deadline=None)
@given(_papers)
def test_every_edge_has_its_ends_and_its_place(papers: list[tuple[str, list[Entity]]]) -> None:
    result = build(papers).resolve()
    ids = [c.id for c in result.concepts]
    assert ids == sorted(set(ids))
    keys = [(e.paper, e.concept, e.role) for e in result.paper_concepts]
    assert len(keys) == len(set(keys))
    assert {e.concept for e in result.paper_concepts} <= set(ids)
    assert {i for v in result.variants for i in (v.source, v.target)} <= set(ids)
    assert not {(v.source, v.target) for v in result.variants} & {
        (v.target, v.source) for v in result.variants
    }


@settings(max_examples=60, deadline=None)
@given(_papers)
def test_a_rebuild_keeps_the_ids(papers: list[tuple[str, list[Entity]]]) -> None:
    world = build(papers)
    registry = Registry()
    before = world.resolve(registry)
    assert world.resolve(Registry.from_json(registry.to_json())) == before


def test_ids_stay_when_papers_are_added_that_change_the_canonical_name() -> None:
    world = World()
    first = world.add("One", "We use GPT4.", named("GPT4", MODEL))
    registry = Registry()
    before = concept_of(world.resolve(registry), first, "GPT4")
    for i in range(3):
        world.add(f"More {i}", "We use GPT-4.", named("GPT-4", MODEL))
    after = concept_of(world.resolve(Registry.from_json(registry.to_json())), first, "GPT4")
    assert (before.name, after.name) == ("GPT4", "GPT-4")
    assert before.id == after.id
    assert before.type.lower() not in before.id
