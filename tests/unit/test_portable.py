"""The one HTML file: what is in it, that hostile texts stay text, and that nothing of it may load or run."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from question_graph import HOSTILE as HOSTILE_TITLE
from question_graph import question_graph
from support import tags_of
from synthetic import HOSTILE, example_graph, write_graph

from papergraph.cli import cli
from papergraph.export import portable as module
from papergraph.export.portable import portable
from papergraph.model import Graph
from papergraph.store import GraphStore, open_store

GRAPH = example_graph()
FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(",
    "XMLHttpRequest", "import(", "</", "<!--",
)  # fmt: skip


def data_of(html: str) -> dict[str, Any]:
    """What the script of the file reads."""
    packed = re.search(r'id="data">([^<]*)<', html)
    assert packed is not None
    return dict(json.loads(zlib.decompress(base64.b64decode(packed[1]))))


def opened(folder: Path, graph: Graph) -> GraphStore:
    write_graph(folder, graph)
    return open_store(str(folder))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portable") / "g"
    write_graph(path, GRAPH)
    return path


@pytest.fixture(scope="module")
def html(directory: Path) -> Iterator[str]:
    store = open_store(str(directory))
    yield portable(store).html
    store.close()


def test_it_holds_every_paper_concept_and_edge(html: str) -> None:
    data = data_of(html)
    assert [p["id"] for p in data["papers"]] == [p.id for p in GRAPH.papers]
    assert [c["id"] for c in data["concepts"]] == [c.id for c in GRAPH.concepts]
    named = {
        (p["id"], data["concepts"][n["concept"]]["id"], n["role"]) for p in data["papers"] for n in p["named"]
    }
    assert named == {(e.paper, e.concept, e.role) for e in GRAPH.paper_concepts}
    ids = [p["id"] for p in data["papers"]]
    assert {(ids[e["from"]], ids[e["to"]]) for e in data["builds_on"]} == {
        (e.source, e.target) for e in GRAPH.builds_on
    }
    near = [
        (p["id"], ids[n["paper"]], n["score"], n["problem"], n["approach"])
        for p in data["papers"]
        for n in p["near"]
    ]
    assert near == [(e.source, e.target, e.score, e.problem, e.approach) for e in GRAPH.similar]
    clustered = [ids[p] for c in data["clusters"] for p in c["papers"]] + [ids[p] for p in data["alone"]]
    assert sorted(clustered) == [p.id for p in GRAPH.papers if p.listed]


def test_quotes_stand_where_they_say_as_javascript_counts(html: str) -> None:
    abstracts = {p.id: p.abstract for p in GRAPH.papers}
    seen = 0
    for paper in data_of(html)["papers"]:
        text = "".join(x if isinstance(x, str) else x[0] for x in paper["abstract"])
        assert text == abstracts[paper["id"]]
        units = text.encode("utf-16-le")
        raw = {e.evidence[0].text for e in GRAPH.paper_concepts if e.paper == paper["id"] and e.evidence}
        for quote in (q for n in paper["named"] for q in n["evidence"][:1]):
            start, end = quote["at"]
            assert units[2 * start : 2 * end].decode("utf-16-le") in raw
            seen += start < end
    assert seen > 20
    assert any(ord(c) > 0xFFFF for a in abstracts.values() for c in a), "no text tells the two counts apart"


def test_same_graph_same_bytes(directory: Path, html: str) -> None:
    store = open_store(str(directory))
    assert portable(store).html == html
    store.close()


def test_its_policy_lets_only_its_own_style_and_script_run(html: str) -> None:
    tags = tags_of(html)
    policy = next(a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http" not in policy
    held = {
        "style": re.findall(r"<style>(.*?)</style>", html, re.DOTALL),
        "script": re.findall(r"<script>(.*?)</script>", html, re.DOTALL),
    }
    for tag, texts in held.items():
        assert len(texts) == 1
        digest = base64.b64encode(hashlib.sha256(texts[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    scripts = [a for t, a in tags if t == "script"]
    assert scripts == [{"type": "text/plain", "id": "data"}, {}]
    for tag, attributes in tags:
        assert tag not in ("img", "iframe", "object", "embed", "base")
        assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
        for name in ("href", "src"):
            assert attributes.get(name, "#").startswith(("#", "data:image/svg+xml;")), (tag, attributes)


@pytest.mark.parametrize("graph", [GRAPH, question_graph()], ids=["example", "questions"])
def test_hostile_texts_are_no_markup(tmp_path: Path, graph: Graph) -> None:
    store = opened(tmp_path / "g", graph)
    text = portable(store).html
    store.close()
    for hostile in (HOSTILE_TITLE, *(h for h in HOSTILE if "<" in h)):
        assert hostile not in text
    tags = [t for t, _ in tags_of(text)]
    assert tags.count("script") == 2
    assert "img" not in tags


def test_scripts_write_no_markup_and_run_no_text() -> None:
    web = module.assets.folder("web") / "static"
    for name in module.SCRIPTS:
        source = (web / name).read_text(encoding="utf-8")
        for word in FORBIDDEN:
            assert word not in source, f"{name} has {word}"


def test_links_lead_to_web_pages_only(tmp_path: Path) -> None:
    first, *rest = GRAPH.papers
    urls = ("javascript:alert(1)", "data:text/html,x", "https://example.org/x")
    store = opened(tmp_path / "g", replace(GRAPH, papers=[replace(first, url=urls[0], urls=urls), *rest]))
    links = [u for p in data_of(portable(store).html)["papers"] for u in p["links"]]
    store.close()
    assert "https://example.org/x" in links
    assert all(u.startswith("https://") for u in links)


def test_abstracts_stay_out_of_a_file_that_would_be_large(
    directory: Path, html: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", len(html.encode()) - 1)
    result = CliRunner().invoke(cli, ["export", "html", str(directory), "-o", str(tmp_path / "g.html")])
    assert result.exit_code == 0
    assert "abstracts were left out" in result.stderr
    data = data_of((tmp_path / "g.html").read_text(encoding="utf-8"))
    assert not any(p["abstract"] for p in data["papers"])
    assert any(p["has_abstract"] for p in data["papers"])
    assert any(n["evidence"] for p in data["papers"] for n in p["named"])
    assert not any("at" in q for p in data["papers"] for n in p["named"] for q in n["evidence"])


def test_the_command_writes_to_standard_output(directory: Path, html: str) -> None:
    result = CliRunner().invoke(cli, ["export", "html", str(directory)])
    assert (result.exit_code, result.stdout) == (0, html)


def test_an_empty_graph_gives_a_file_too(tmp_path: Path) -> None:
    store = opened(tmp_path / "g", Graph())
    assert data_of(portable(store).html)["papers"] == []
    store.close()
