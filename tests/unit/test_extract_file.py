"""Entities from a file instead of the network."""

import json
from pathlib import Path

import numpy as np
import pytest

from papergraph.errors import InputError
from papergraph.extract import Extraction, FileExtractor, facts
from papergraph.model import EntityType, Role, Span

TITLE = "OtterNet: Pruning BERT"
ABSTRACT = "We prune BERT with movement pruning. OtterNet is small."


class Plain:
    """An extractor that finds nothing."""

    embedder = ""
    version = "plain"

    def extract(self, title: str, abstract: str) -> Extraction:
        none = np.zeros((0, 5), np.float32)
        return Extraction(
            (), facts.kind(title, abstract, ()), facts.gist(abstract, none, ()), (), ("u",), "plain"
        )


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def test_takes_entities_by_folded_title(tmp_path: Path) -> None:
    bert = {
        "name": "BERT",
        "aliases": ["Bert-Base"],
        "type": "Model",
        "role": "builds_on",
        "roles": ["uses", "builds_on"],
        "confidence": 0.7,
        "evidence": "We prune BERT",
    }
    otter = {"name": "OtterNet", "type": "Model", "role": "introduces"}
    file = write(tmp_path / "e.jsonl", {"title": "otternet pruning bert", "entities": [bert, otter]})
    found = FileExtractor(file, Plain()).extract(TITLE, ABSTRACT)
    assert [e.name for e in found.entities] == ["OtterNet", "BERT"]
    first, second = found.entities
    assert first.confidence == 1 and first.spans == (Span("title", 0, 8), Span("abstract", 37, 45))
    assert first.roles[0].evidence[0].text == TITLE
    assert second.aliases == () and second.type is EntityType.MODEL
    assert [r.role for r in second.roles] == [Role.BUILDS_ON, Role.USES]
    assert second.roles[0].evidence[0].at == Span("abstract", 0, 13)
    assert found.short == "OtterNet" and found.urls == ("u",)


def test_a_paper_that_the_file_lacks_and_a_name_that_the_paper_lacks(tmp_path: Path) -> None:
    file = write(
        tmp_path / "e.jsonl", {"title": TITLE, "entities": [{"name": "T5", "type": "Model", "role": "uses"}]}
    )
    extractor = FileExtractor(file, Plain())
    assert extractor.extract(TITLE, ABSTRACT).entities == ()
    assert extractor.extract("Another", ABSTRACT).entities == ()


def test_a_name_is_not_found_inside_a_word_or_inside_another_name(tmp_path: Path) -> None:
    rows = [{"name": n, "aliases": [a], "type": "Model", "role": "uses"} for n, a in [("BERT", "BERT large")]]
    file = write(tmp_path / "e.jsonl", {"title": "T", "entities": rows})
    abstract = "RoBERTa and BERT large, unlike BERTs."
    (entity,) = FileExtractor(file, Plain()).extract("T", abstract).entities
    assert [abstract[s.start : s.end] for s in entity.spans] == ["BERT large"]


def test_the_version_follows_the_file(tmp_path: Path) -> None:
    a = FileExtractor(write(tmp_path / "a", {"title": "x", "entities": []}), Plain())
    b = FileExtractor(write(tmp_path / "b", {"title": "y", "entities": []}), Plain())
    assert a.version != b.version


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "no title"),
        ('{"title": "x"}', "no list of entities"),
        ('{"title": "x", "entities": [{"type": "Model"}]}', "without a name"),
        (
            '{"title": "x", "entities": [{"name": "a", "type": "Thing", "role": "uses"}]}',
            "type of 'a' is 'Thing'",
        ),
        (
            '{"title": "x", "entities": [{"name": "a", "type": "Model", "role": "likes"}]}',
            "role of 'a' is 'likes'",
        ),
        (
            '{"title": "x", "entities": [{"name": "a", "type": "Model", "role": "uses", "aliases": "b"}]}',
            "aliases",
        ),
        (
            '{"title": "x", "entities": [{"name": "a", "type": "Model", "role": "uses", "confidence": 2}]}',
            "confidence",
        ),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"title": "good", "entities": []}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        FileExtractor(path, Plain())
    assert error.value.message.startswith(f"{path}:3: ") and reason in error.value.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.jsonl"):
        FileExtractor(tmp_path / "no.jsonl", Plain())
    (tmp_path / "latin").write_bytes(b'{"title": "\xe9"}')
    with pytest.raises(InputError, match="not UTF-8 at byte 11"):
        FileExtractor(tmp_path / "latin", Plain())
