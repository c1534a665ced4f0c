"""VARIANT_OF: versions, sizes and named variants, read off the names or the table of origins."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from papergraph.model import Concept, EntityType, Variant
from papergraph.registry import Registry
from papergraph.resolve.keys import HEADS, generic, key, proper
from papergraph.resolve.lexicon import Lexicon
from papergraph.resolve.senses import compatible
from papergraph.text import readable

_SIZE = re.compile(
    r"[\s_-]*\(?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[BMK](?:[\s-]?param\w*)?\)?$",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"[\s_-]+(?:base|large|small|tiny|mini|medium|toy|nano|micro|huge|XX?L|turbo|pro|plus|ultra|flash|lite|light|"
    r"hard|easy|dev|instruct|chat|preview|uncased|cased|test|distill|distilled|multilingual)$|(?<=\d)(?:o|V|\(V\))$|"
    r"(?<=\d)[\s-]*(?:mini|turbo)$|\+\+?$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"[\s_-]*(?:'|’|v|version\s*)?\d+(?:\.\d+)*(?:/v?\d+(?:\.\d+)*)?$", re.IGNORECASE)
_MINOR = re.compile(r"(?<=\d)\.\d+$")
_JOINT = re.compile(r"[\s_-]+")


def families(
    concepts: Sequence[Concept], taken: Container[str], lexicon: Lexicon, registry: Registry
) -> list[Concept]:
    """Concepts of the tables that no listed paper names, but of which it names variants (LLaMA for LLaMA-7B).

    They have no papers of their own, and join their variants in the picture and in questions. `taken` are the
    keys of the concepts that papers name.
    """
    absent = [
        Concept(f"?{i}", row.name, row.aliases, row.type, 0, row.origin)
        for i, row in enumerate(lexicon.rows)
        if key(row.name) not in taken and row.type is not EntityType.TASK
    ]
    parents: dict[str, list[str]] = {}
    for edge in derive([*concepts, *absent], lexicon):
        parents.setdefault(edge.source, []).append(edge.target)
    todo, needed = [p for c in concepts for p in parents.get(c.id, ())], set()
    while todo:
        node = todo.pop()
        if node.startswith("?") and node not in needed:
            needed.add(node)
            todo += parents.get(node, ())
    return [replace(c, id=registry.concept_id(c.name, [key(c.name)])) for c in absent if c.id in needed]


def derive(concepts: Sequence[Concept], lexicon: Lexicon) -> list[Variant]:
    """The edges among these concepts, sorted: each to the nearest parents only, never a cycle."""
    by_key: dict[str, Concept] = {}
    for concept in sorted(concepts, key=lambda c: (-c.paper_count, c.id)):
        for surface in (concept.name, *concept.aliases):
            by_key.setdefault(key(surface), concept)
    reasons: dict[tuple[str, str], str] = {}
    parents: dict[str, set[str]] = {}
    for concept in sorted(concepts, key=lambda c: c.id):
        for parent, reason in _parents(concept, by_key, lexicon):
            if parent.id != concept.id and not _reaches(parent.id, concept.id, parents):
                parents.setdefault(concept.id, set()).add(parent.id)
                reasons.setdefault((concept.id, parent.id), reason)
    return [
        Variant(s, t, (reason,)) for (s, t), reason in sorted(reasons.items()) if not _implied(s, t, parents)
    ]


def _implied(source: str, target: str, parents: Mapping[str, set[str]]) -> bool:
    """Whether another parent of the source leads to the target: LLaMA-3.1 is a LLaMA because LLaMA-3 is."""
    return any(other != target and _reaches(other, target, parents) for other in parents[source])


def _reaches(start: str, goal: str, parents: Mapping[str, set[str]]) -> bool:
    todo, seen = [start], set()
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            todo += parents.get(node, ())
    return False


def _parents(concept: Concept, by_key: Mapping[str, Concept], lexicon: Lexicon) -> list[tuple[Concept, str]]:
    out: list[tuple[Concept, str]] = []
    row = lexicon.by_key.get(key(concept.name))
    if row and row.variant_of:
        parent = by_key.get(key(row.variant_of))
        if parent:
            out.append((parent, f"known: {row.name} is a variant of {row.variant_of}"))
    name = readable(concept.name)
    out += [*_shorter(name, by_key), *_longer_start(name, by_key)]
    for surface in dict.fromkeys((name, *map(readable, concept.aliases))):
        out += _longer_end(surface, by_key)
    best: dict[str, tuple[Concept, str]] = {}
    for parent, reason in out:
        if compatible(parent.type, concept.type):
            best.setdefault(parent.id, (parent, reason))
    return list(best.values())


def _lookup(by_key: Mapping[str, Concept], name: str) -> Concept | None:
    k = key(name)
    return None if generic(k) else by_key.get(k)


def _shorter(name: str, by_key: Mapping[str, Concept]) -> list[tuple[Concept, str]]:
    """A size, an edition, a version taken from the end, one after the other, until the rest is a concept."""
    if not any(c.isupper() or c.isdigit() for c in name):
        return []
    rest = name
    taken: list[str] = []
    for _ in range(5):
        for pattern, what in (
            (_SIZE, "size"),
            (_EDITION, "edition"),
            (_MINOR, "version"),
            (_VERSION, "version"),
        ):
            match = pattern.search(rest)
            if match and match.start() > 1:
                taken.insert(0, f"{what} {name[match.start() :].strip(' -_()')}")
                rest = rest[: match.start()].rstrip(" -_(")
                break
        else:
            return []
        parent = _lookup(by_key, rest)
        if parent:
            return [(parent, f"name: “{name}” is “{rest}” with {taken[0]}")]
    return []


def _longer_end(name: str, by_key: Mapping[str, Concept]) -> list[tuple[Concept, str]]:
    """The longest end of the name that is a concept: "Zero-shot-CoT", "text retrieval", "DistilBERT"."""
    for start in (m.end() for m in _JOINT.finditer(name)):
        rest = name[start:]
        parent = _lookup(by_key, rest)
        if parent and _may_head(rest, parent) and not re.match(r"data(?:set)?\b", name, re.IGNORECASE):
            return [(parent, f"name: “{name}” ends in “{rest}”")]
    for start in range(1, len(name) - 2):
        rest, before = name[start:], name[start - 1]
        if rest[0].isupper() and before.isalpha() and sum(c.isupper() for c in rest) > 1:
            parent = _lookup(by_key, rest)
            if (
                parent
                and rest in _writings(parent)
                and (before.islower() or _short_prefix(name[:start], rest, parent))
            ):
                return [(parent, f"name: “{name}” ends in “{rest}”")]
    return []


def _may_head(rest: str, parent: Concept) -> bool:
    """Whether "X rest" is a kind of rest: that is no kind of work, nor a word that one paper alone uses."""
    if rest[0].isdigit() or key(rest) in HEADS:
        return False
    if proper(rest):
        return True
    same = [s for s in (parent.name, *parent.aliases) if key(s) == key(rest)]
    return not all(map(proper, same)) and (bool(_JOINT.search(rest)) or parent.paper_count > 1)


def _writings(concept: Concept) -> set[str]:
    return {readable(s).removesuffix("s") for s in (concept.name, *concept.aliases)}


def _short_prefix(prefix: str, rest: str, parent: Concept) -> bool:
    """Whether a capital or two before a name make a variant (QLoRA, DRAG), and no other word (BART, ART)."""
    return len(prefix) <= 2 and (any(c.islower() for c in rest) or parent.paper_count > 1)


def _longer_start(name: str, by_key: Mapping[str, Concept]) -> list[tuple[Concept, str]]:
    """The longest start of the name that is a concept written like a name: "EVA-CLIP-18B", "LoRA+"."""
    for match in reversed(list(_JOINT.finditer(name))):
        rest, tail = name[: match.start()], name[match.end() :]
        if not proper(rest) or re.match(r"(?:based|guided|driven|style|like|enhanced|augmented)\b", tail):
            continue
        parent = _lookup(by_key, rest)
        if parent and (parent.type is not EntityType.METHOD or (match[0] == "-" and proper(tail))):
            return [(parent, f"name: “{name}” begins with “{rest}”")]
    glued = re.match(r"(\w*[a-z]\w*[A-Z]\w*?)[A-Z+]{1,2}$", name)
    parent = _lookup(by_key, glued[1]) if glued and sum(c.isupper() for c in glued[1]) > 1 else None
    if glued and parent and glued[1] in _writings(parent):
        return [(parent, f"name: “{name}” begins with “{glued[1]}”")]
    return []
