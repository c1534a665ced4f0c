"""The documented API: every route is in it, answers are as it says, and nothing thrown at it breaks it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from neo4j_server import Server
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from support import tags_of
from synthetic import example_graph, write_graph
from werkzeug.datastructures import ImmutableMultiDict

from papergraph.build import build
from papergraph.service import create_app
from papergraph.service.openapi import document
from papergraph.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GRAPH = example_graph()
PAPER = GRAPH.builds_on[0].source
NAMED = GRAPH.paper_concepts[0].paper
SET = f"paper={PAPER}&paper={NAMED}&titles=BERT%0Anowhere&concept=bert&listing=later"
# What the pages are asked for in the browser and more: each parameter of each page at least once.
ADDRESSES = [
    "/index.json",
    "/search.json?q=BERT&limit=5&quick=1",
    "/search.json?q=knowledge%20distillation",
    *(f"/papers/{p.id}.json" for p in GRAPH.papers[:12]),
    *(f"/concepts/{quote(c.id, safe='')}.json" for c in GRAPH.concepts),
    "/connected.json?name=BERT&name=GLUE&mode=any&role=uses&role=mentions&about=topic",
    "/connected.json",
    *(f"/listings/{x.id}.json" for x in GRAPH.listings),
    "/graph.json",
    f"/graph.json?centre={PAPER}&depth=2&concepts=1&max=30&kind=builds_on&kind=similar&kind=shares&kind=cites",
    f"/graph.json?concept=bert&max=4&expand={NAMED}&hide={PAPER}&pin=1,2,{NAMED}",
    f"/graph.bibtex?centre={PAPER}",
    "/map.json",
    "/map.json?cluster=1",
    "/map.json?cluster=alone",
    "/lineage.json",
    f"/lineage.json?paper={PAPER}&direction=ancestors&depth=5",
    f"/compare.json?{SET}&max=3",
    f"/compare.csv?{SET}",
    f"/benchmarks.json?{SET}&max=10",
    f"/route.json?{SET}&k=2",
    f"/between.json?a_concept=bert&b_concept=glue&a_paper={PAPER}&b_listing=later&b_titles=BERT&max=5",
    "/claims.json?name=BERT",
    "/claims.json",
    f"/work.json?{SET}",
    "/cypher.json",
    "/cypher.json?named=papers-of-concept&p-concept=BERT",
    "/collections.json",
    "/collection/to_read.json?sort=title",
    "/collection/1.json",
    "/healthz",
    "/papergraph.html",
    # What goes wrong.
    "/papers/none.json",
    "/search.json?limit=0",
    "/graph.json?kind=eats",
    "/cypher.json?named=nothing",
]
OURS = {"Sec-Fetch-Site": "same-origin"}  # what writes must come from a page of the service
POSTS: list[tuple[str, dict[str, Any]]] = [
    ("/cypher.json", {"cypher": "MATCH (p:Paper) RETURN p.year AS year, p AS paper LIMIT 5"}),
    ("/cypher.json", {"cypher": "MATCH (p) DELETE p"}),
    ("/keep.json", {"paper": PAPER, "to": "to_read"}),
    ("/keep.json", {"paper": PAPER, "name": "A list"}),
    ("/keep.json", {"paper": PAPER, "do": "note", "note": "a note"}),
    ("/keep.json", {}),
    ("/collections.json", {"name": "Another"}),
    ("/collection/1.json", {"do": "rename", "name": "Renamed"}),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "g"
    write_graph(path, GRAPH)
    return path


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    made = create_app(str(folder), Settings())
    client = made.test_client()
    client.post("/keep", data={"paper": [PAPER, NAMED], "name": "Read first"})
    client.post("/keep", data={"paper": NAMED, "to": "to_read"})
    yield made
    made.config["PAPERGRAPH_STORE"].close()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API over a graph of its own, which what is thrown at it may change and build anew."""
    folder = tmp_path_factory.mktemp("thrown")
    listing = folder / "a.jsonl"
    listing.write_text(
        "\n".join(json.dumps({"title": p.title, "abstract": p.abstract}) for p in GRAPH.papers[:3]),
        encoding="utf-8",
    )
    build([str(listing)], folder / "g", Settings())
    made = create_app(str(folder / "g"), Settings())
    yield schemathesis.openapi.from_wsgi("/openapi.json", made)
    made.config["PAPERGRAPH_STORE"].close()


def test_every_json_twin_is_documented(app: Flask, client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    for rule in app.url_map.iter_rules():
        if rule.rule.endswith(".json") or rule.endpoint == "health":
            held = paths[re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)]
            assert {m.upper() for m in held} == rule.methods - {"HEAD", "OPTIONS"}
            for operation in held.values():
                assert operation["summary"], rule.rule
                assert all(p.get("description") for p in operation["parameters"]), rule.rule
                answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
                assert answer not in ({}, {"type": "object"}), f"{rule.rule} does not declare its answer"


def test_every_route_is_documented_and_in_the_manual(app: Flask, client: FlaskClient) -> None:
    paths = set(client.get("/openapi.json").json["paths"])
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
        page = f"{rule.endpoint}_json" in app.view_functions
        assert path in paths or page or path.startswith("/static/"), f"{path} is documented nowhere"
    manual = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`/.*?) \|", manual, re.MULTILINE)
    assert set(re.findall(r"`(/[^`]+)`", " ".join(rows))) == paths


def test_what_is_read_is_declared(folder: Path) -> None:
    """Every parameter that a view reads of an address or a form is in the documentation, and none beside."""
    read: set[str] = set()

    class Recording(ImmutableMultiDict):  # type: ignore[type-arg]
        def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
            read.add(key)
            return super().get(key, *args, **kwargs)

        def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
            read.add(key)
            return super().getlist(key, *args, **kwargs)

        def __getitem__(self, key: str) -> Any:
            read.add(key)
            return super().__getitem__(key)

    app = create_app(str(folder), Settings())

    class Request(app.request_class):  # type: ignore[name-defined, misc]
        parameter_storage_class = Recording

    app.request_class = Request
    client = app.test_client()
    paths = client.get("/openapi.json").json["paths"]
    known: dict[str, set[str]] = {}
    for path, methods in paths.items():
        names = known.setdefault(re.sub(r"\\\{\w+\\\}", ".+", re.escape(path)), set())
        for o in methods.values():
            names |= {p["name"] for p in o["parameters"] if p["in"] == "query"}
            for content in o.get("requestBody", {}).get("content", {}).values():
                names |= set(content["schema"]["properties"])
    calls: list[tuple[str, str, Any]] = [("GET", a, None) for a in ADDRESSES]
    calls += [("POST", address, data) for address, data in POSTS]
    for method, address, data in calls:
        read.clear()
        client.open(address, method=method, data=data)
        path = address.partition("?")[0]
        declared = [names for pattern, names in known.items() if re.fullmatch(pattern, path)]
        unknown = read - set().union(*declared)
        assert not unknown, f"{path} reads {unknown}, which it does not declare"
    app.config["PAPERGRAPH_STORE"].close()


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def on_both(request: pytest.FixtureRequest, folder: Path, app: Flask) -> Iterator[Flask]:
    """The app over each store."""
    if request.param == "embedded":
        yield app
        return
    from papergraph.store.neo4j_load import load

    server: Server = request.getfixturevalue("neo4j_server")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_USER", server.user)
        patch.setenv("NEO4J_PASSWORD", server.password)
        load(folder, server.uri, server.user, server.password, replace=True)
        made = create_app(server.uri, Settings(store_timeout=120))
        yield made
        made.config["PAPERGRAPH_STORE"].close()


def test_real_answers_are_as_documented(on_both: Flask) -> None:
    api = schemathesis.openapi.from_wsgi("/openapi.json", on_both)
    client = on_both.test_client()
    calls: list[tuple[str, str, Any]] = [("GET", a, None) for a in ADDRESSES]
    calls += [("POST", address, data) for address, data in POSTS]
    tried = {_operation(api, method, address.partition("?")[0]).path for method, address, _ in calls}
    plain = {o.path for o in _operations(api) if o.method.upper() == "GET" and "{" not in o.path}
    calls += [("GET", path, None) for path in sorted(plain - tried)]
    for method, address, data in calls:
        answer = client.open(address, method=method, data=data)
        assert answer.status_code < 500, (address, answer.text)
        _operation(api, method, address.partition("?")[0]).validate_response(answer)
    assert {o.path for o in _operations(api) if o.path.endswith(".json") and "{" in o.path} <= tried


def _operations(api: Any) -> list[Any]:
    return [o.ok() for o in api.get_all_operations()]


def _operation(api: Any, method: str, path: str) -> Any:
    """The operation that a path belongs to: the one with the fewest parts in braces."""
    found = [
        o
        for o in _operations(api)
        if o.method.upper() == method and re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(o.path)), path)
    ]
    return min(found, key=lambda o: o.path.count("{"))


def _documented() -> list[tuple[str, str, GenerationMode]]:
    """Method, path and mode; what takes nothing cannot be given wrong values."""
    with create_app("none", Settings(no_state=True)).test_request_context() as context:
        paths = document(context.app)["paths"]
    return [
        (method, path, mode)
        for path, methods in paths.items()
        for method, o in methods.items()
        for mode in GenerationMode
        if path != "/openapi.json"
        and (
            mode is GenerationMode.POSITIVE
            or "requestBody" in o
            or any(p["in"] == "query" for p in o["parameters"])
        )
    ]


@pytest.mark.parametrize(("method", "path", "mode"), _documented())
def test_nothing_thrown_at_it_breaks_it(api: Any, method: str, path: str, mode: GenerationMode) -> None:
    # A value can be right in form and name nothing; and all that stands in an address is text, so what the
    # generator sends as a list or as null is one. The shapes of values are tested in test_parameters.py.
    @settings(
        max_examples=10,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def throw(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers=OURS, excluded_checks=[positive_data_acceptance, negative_data_rejection]
        )

    throw()


def test_the_page_has_every_address_and_shape(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    text = client.get("/api").text
    ids = {a["id"] for _, a in tags_of(text) if "id" in a}
    assert ids >= set(document["components"]["schemas"])
    assert ids >= {o["operationId"] for m in document["paths"].values() for o in m.values()}
    assert {a["href"][1:] for t, a in tags_of(text) if t == "a" and a["href"].startswith("#")} <= ids
