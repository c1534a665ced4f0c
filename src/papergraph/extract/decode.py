"""From what the network says to the entities of a paper: overlaps, double names, roles and their evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from papergraph.extract.candidates import abbreviations, allowed
from papergraph.extract.known import settle
from papergraph.extract.tagger import Reading
from papergraph.extract.words import Document
from papergraph.model import Entity, EntityType, Evidence, Role, RoleClaim, Span
from papergraph.text import fold_name

TYPES, ROLES = list(EntityType), list(Role)
SECOND_ROLE = 0.75  # a mention this sure of another role gives the entity that role too
_TAIL = re.compile(
    r"[\s-]+(?:data\s?sets?|benchmarks?|corpus|corpora|models?|methods?|frameworks?|algorithms?|approach(?:es)?|"
    r"architectures?|networks?|techniques?|tasks?|systems?|strateg(?:y|ies)|challenges?|procedures?|pipelines?)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Chosen:
    """A candidate that stays, with the mentions left to it."""

    number: int
    mentions: list[tuple[int, int]]
    extra: list[tuple[int, int]] = field(default_factory=list)  # alias surfaces without a score of their own


@dataclass(slots=True)
class Names:
    """What a candidate is called, in forms that can be compared, and the forms of other names for it."""

    given: set[tuple[str, str]] = field(default_factory=set)
    stand_for: set[tuple[str, str]] = field(default_factory=set)


def decode(reading: Reading, min_confidence: float) -> tuple[Entity, ...]:
    """Entities of at least this confidence, in order of their first mention."""
    reading = settle(reading)
    doc = reading.document
    chosen = _without_overlaps(reading, min_confidence)
    _join_doubles(reading, chosen)
    _add_long_forms(doc, reading, chosen)
    return tuple(_entity(reading, c) for c in sorted(chosen, key=lambda c: min(c.mentions + c.extra)))


# Words that the annotation guide calls general: never an entity, whatever the network says.
_GENERAL = frozenset(
    fold_name(x)
    for x in """
    language model|large language model|small language model|pretrained language model|LLM|SLM|PLM|LM|MLLM|VLM
    LVLM|MSLM|multimodal large language model|vision language model|foundation model|neural network
    deep neural network|DNN|deep learning|machine learning|artificial intelligence|AI|generative AI|NLP
    natural language processing|dataset|benchmark|baseline|fine-tuning|training|pre-training|prompting
    inference|state of the art|SOTA|accuracy|F1|BLEU|GPU|CPU|TPU|API|OpenAI|Google
    Microsoft|Hugging Face|GitHub
    """.replace("\n", "|").split("|")
)


def _without_overlaps(reading: Reading, min_confidence: float) -> list[Chosen]:
    """The surest candidates first; a word belongs to one entity only. The long form of a chosen acronym is
    its own."""
    doc = reading.document
    long_forms = {fold_name(doc.surface(*m)): m for m in abbreviations(doc).values()}
    confidence = reading.confidence.tolist()
    order = sorted(range(len(confidence)), key=lambda i: (-confidence[i], i))
    taken: set[int] = set()
    out = []
    for i in order:
        if confidence[i] < min_confidence:
            break
        if reading.candidates[i].key in _GENERAL:
            continue
        free = [m for m in reading.candidates[i].mentions if taken.isdisjoint(range(m[0], m[1] + 1))]
        for start, end in free:
            taken.update(range(start, end + 1))
        if free:
            out.append(Chosen(i, free))
            start, end = long_forms.get(reading.candidates[i].key, (0, -1))
            taken.update(range(start, end + 1))
    return out


def _join_doubles(reading: Reading, chosen: list[Chosen]) -> None:
    """Join "X dataset" with X, and an acronym with the name whose initials it is."""
    names = {c.number: _names(reading.document, c) for c in chosen}
    pair = _double(names, chosen)
    while pair:
        first, second = sorted(pair, key=lambda c: (-float(reading.confidence[c.number]), c.number))
        first.extra += second.mentions + second.extra
        chosen.remove(second)
        pair = _double(names, chosen)


def _double(names: dict[int, Names], chosen: list[Chosen]) -> tuple[Chosen, Chosen] | None:
    return next(
        (
            (a, b)
            for a in chosen
            for b in chosen
            if a is not b and not names[a.number].stand_for.isdisjoint(names[b.number].given)
        ),
        None,
    )


def _names(doc: Document, chosen: Chosen) -> Names:
    """`a` and `b` are one where b is a with a general word behind it, its plural, or a is b's initials."""
    names = Names()
    for name in {doc.surface(*m) for m in chosen.mentions}:
        names.given |= {("plural", name), ("initials", initials(name))}
        cut = _TAIL.sub("", name)
        if cut != name:
            names.given.add(("key", fold_name(cut)))
        names.stand_for.add(("key", fold_name(name)))
        if len(name) >= 2 and sum(c.isupper() for c in name) >= 2:
            names.stand_for.add(("plural", name + "s"))
        if len(name) >= 3 and name.isupper() and name.isalpha():
            names.stand_for.add(("initials", name))
    return names


_LETTERS = re.compile(r"[^\W\d_]+")


def initials(name: str) -> str:
    """First letters of the words of a name of several words, in capitals; small joining words are skipped."""
    words = [
        w for w in _LETTERS.findall(name) if w.lower() not in ("of", "for", "the", "and", "with", "in", "a")
    ]
    return "".join(w[0].upper() for w in words) if len(words) > 1 else ""


def _add_long_forms(doc: Document, reading: Reading, chosen: list[Chosen]) -> None:
    """The long form of a defined acronym is an alias, even where the tagger did not see it."""
    defined = abbreviations(doc)
    if not defined:
        return
    taken = {w for c in chosen for s, e in c.mentions + c.extra for w in range(s, e + 1)}
    keys = [{fold_name(doc.surface(*m)) for m in c.mentions} for c in chosen]
    for key, (start, end) in defined.items():
        for c, own in zip(chosen, keys, strict=True):
            if key in own and taken.isdisjoint(range(start, end + 1)) and allowed(doc, start, end):
                c.extra.append((start, end))
                taken.update(range(start, end + 1))


def _entity(reading: Reading, chosen: Chosen) -> Entity:
    doc = reading.document
    i = chosen.number
    surfaces = [doc.surface(*m) for m in sorted(chosen.mentions)]
    name = best_name(surfaces)
    others = sorted({*surfaces, *(doc.surface(*m) for m in chosen.extra)} - {name})
    spans = tuple(sorted((doc.span(*m) for m in chosen.mentions + chosen.extra), key=_order))
    return Entity(
        name=name,
        aliases=tuple(others),
        type=TYPES[int(reading.types[i].argmax())],
        confidence=round(float(reading.confidence[i]), 4),
        roles=_roles(reading, chosen),
        spans=spans,
    )


def _order(span: Span) -> tuple[bool, int, int]:
    return span.field == "abstract", span.start, span.end


def best_name(surfaces: list[str]) -> str:
    """The acronym or system name where there is one, else the most frequent surface, not in title case if
    possible."""
    count = {s: surfaces.count(s) for s in surfaces}
    return min(count, key=lambda s: (not _is_short(s), -count[s], sum(w[:1].isupper() for w in s.split()), s))


def _is_short(s: str) -> bool:
    return " " not in s and sum(c.isupper() for c in s) >= 2


def _roles(reading: Reading, chosen: Chosen) -> tuple[RoleClaim, ...]:
    """The entity's role, and others that single mentions are sure of; each with the sentence that shows it
    best."""
    i = chosen.number
    whole = reading.roles[i]
    index = {m: k for k, m in enumerate(reading.candidates[i].mentions)}
    mentions = [(m, reading.mention_roles[i][index[m]]) for m in chosen.mentions]
    main = int(whole.argmax())
    wanted = {main: float(whole[main])}
    for _, p in mentions:
        best = int(p.argmax())
        if (
            best != main
            and p[best] >= SECOND_ROLE
            and whole[best] >= 0.2
            and ROLES[best] is not Role.MENTIONS
        ):
            wanted[best] = max(wanted.get(best, 0.0), float(whole[best]))
    claims = []
    for r, confidence in wanted.items():
        ranked = sorted(mentions, key=lambda x: (-float(x[1][r]), x[0]))
        claims.append(
            RoleClaim(ROLES[r], round(confidence, 4), (sentence_of(reading.document, ranked[0][0]),))
        )
    return tuple(sorted(claims, key=lambda c: c.role.rank))


def sentence_of(doc: Document, mention: tuple[int, int]) -> Evidence:
    """The sentence, or the title, in which a mention stands."""
    at = doc.sentence_spans[int(doc.sentence[mention[0]])]
    return Evidence(doc.field(at.field)[at.start : at.end], at)
