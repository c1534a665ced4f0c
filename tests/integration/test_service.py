"""The explorer's pages and their JSON twins over a real embedded store, without a browser."""

import csv
import io
import json
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import networkx as nx
import pytest
from flask.testing import FlaskClient
from support import tags_of
from synthetic import HOSTILE, example_graph, write_graph
from werkzeug.test import Client

from papergraph.service import create_app
from papergraph.settings import Settings

GRAPH = example_graph()
LISTED = [p for p in GRAPH.papers if p.listed]
BUILDS = GRAPH.builds_on[0]
NAMING = GRAPH.paper_concepts[0].paper
PAGES = [
    "/",
    "/search",
    "/search?q=BERT",
    "/search?q=zzzzqqq",
    f"/papers/{LISTED[0].id}",
    f"/papers/{NAMING}?at=abstract:0-8",
    "/concepts/bert",
    "/connected",
    "/connected?name=BERT",
    "/connected?name=BERT&name=GLUE&mode=any&role=uses&about=topic",
    "/graph",
    f"/graph?centre={LISTED[0].id}",
    f"/graph?centre={NAMING}&depth=2&concepts=1&max=30",
    "/graph?concept=bert",
    "/lineage",
    "/map",
    "/map?cluster=1",
    "/map?cluster=alone",
    f"/lineage?paper={BUILDS.source}",
    f"/lineage?paper={BUILDS.target}&direction=descendants&depth=10",
    f"/listings/{GRAPH.listings[0].id}",
    "/cypher",
    "/help",
    "/healthz",
]


@pytest.fixture(scope="module")
def graph_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("service") / "g"
    write_graph(folder, GRAPH)
    return folder


@pytest.fixture(scope="module")
def client(graph_folder: Path) -> Iterator[FlaskClient]:
    app = create_app(str(graph_folder), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


@pytest.mark.parametrize("url", PAGES)
def test_every_page_answers(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", [u for u in PAGES if u != "/healthz"])
def test_every_page_has_a_json_twin(client: FlaskClient, url: str) -> None:
    path, _, query = url.partition("?")
    twin = ("/index" if path == "/" else path) + ".json" + (f"?{query}" if query else "")
    answer = client.get(twin)
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    link = re.search(r'href="([^"]+)">This page as JSON', client.get(url).text)
    assert link is not None
    assert link[1].split("?")[0].startswith(twin.split("?")[0].split(".json")[0])


def test_the_link_to_the_twin_keeps_names_that_flask_takes_for_its_own(client: FlaskClient) -> None:
    text = client.get("/search?q=a+b&endpoint=x&_scheme=javascript&_external=1").text
    assert 'href="/search.json?q=a+b&amp;endpoint=x&amp;_scheme=javascript&amp;_external=1">This page' in text


def test_every_route_is_known_to_these_tests(client: FlaskClient) -> None:
    rules = {r.rule for r in client.application.url_map.iter_rules() if not r.rule.startswith("/static")}
    tried = {re.sub(r"<[^>]+>", "", r).rstrip("/").removesuffix(".json") or "/" for r in rules}
    assert tried - {"/index"} <= {
        "/", "/search", "/papers", "/concepts", "/connected", "/graph", "/graph.", "/lineage", "/map",
        "/graph/abstracts", "/listings", "/cypher", "/healthz",
        "/papers/", "/concepts/", "/listings/", "/papergraph.html",
        "/api", "/openapi",
        # of tests/integration/test_work_pages.py:
        "/compare", "/compare.", "/benchmarks", "/route", "/between", "/claims", "/work",
        "/near", "/path", "/help",
        # of tests/integration/test_collections.py:
        "/collections", "/collections/import", "/collections/export",
        "/collection/", "/collection", "/collection/.",
        "/keep", "/ticked",
        # of tests/integration/test_news_page.py:
        "/new",
        # of tests/integration/test_adding.py and test_corrections_pages.py:
        "/add", "/corrections",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/nowhere.json", 404, "not_found"),
        ("/papers/none-such.json", 404, "not_found"),
        ("/concepts/none-such-thing.json", 404, "not_found"),
        ("/listings/none.json", 404, "not_found"),
        ("/graph.json?centre=none-such-paper", 404, "not_found"),
        ("/graph.json?centre=x&max=0", 400, "bad_usage"),
        ("/lineage.json?paper=none-such-paper-at-all", 404, "not_found"),
        ("/map.json?cluster=999", 404, "not_found"),
        ("/lineage.json?direction=up", 400, "bad_usage"),
        ("/search.json?q=a&limit=x", 400, "bad_usage"),
        ("/connected.json?name=BERT&role=eats", 400, "bad_usage"),
        ("/cypher.json?named=none&run=1", 400, "bad_usage"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, url: str, status: int, code: str) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message", "hint"}
    assert answer.json["error"]["code"] == code
    page = client.get(url.replace(".json", ""))
    assert (page.status_code == status) or "cypher" in url
    assert "Traceback" not in page.text


def test_the_abstracts_of_a_picture_are_those_of_its_papers(client: FlaskClient) -> None:
    nodes = client.get(f"/graph.json?centre={NAMING}").json["nodes"]
    found = client.get(f"/graph/abstracts.json?centre={NAMING}").json["abstracts"]
    assert found == {p.id: p.abstract for p in GRAPH.papers if p.id in {n["id"] for n in nodes}}
    assert client.get("/graph/abstracts.json").json == {"abstracts": {}}


def test_rows_of_the_picture_of_a_concept_say_roles_and_listings(client: FlaskClient) -> None:
    answer = client.get("/graph.json?concept=bert").json
    roles = {n["id"]: set(n["roles"]) for n in answer["nodes"]}
    for paper, held in roles.items():
        assert held == {e.role for e in GRAPH.paper_concepts if (e.paper, e.concept) == (paper, "bert")}
    assert set(answer["roles"]) == set().union(*roles.values())
    assert all(set(n["listings"]) <= set(answer["listings"]) for n in answer["nodes"])


def test_a_name_that_is_not_found_leads_to_the_nearest(client: FlaskClient) -> None:
    text = client.get("/connected?name=zzqq&about=text&name=BERT").text
    hrefs = [str(a["href"]) for tag, a in tags_of(text) if tag == "a" and "href" in a]
    instead = [parse_qs(urlsplit(h).query) for h in hrefs if h.startswith("/connected?")]
    assert instead
    assert all(q["name"][1] == "BERT" and q["about"] == ["text"] and q["name"][0] != "zzqq" for q in instead)
    assert "/search?q=zzqq" in hrefs
    assert all(client.get(h).status_code == 200 for h in hrefs if h.startswith("/connected?"))
    missing = client.get("/papers/none-such").text
    papers = [
        a["href"] for tag, a in tags_of(missing) if tag == "a" and str(a.get("href")).startswith("/papers/")
    ]
    assert papers and client.get(str(papers[0])).status_code == 200
    hostile = client.get("/concepts/" + quote("<script>zzqq</script>", safe="")).text
    assert "<script>zzqq" not in hostile


@pytest.mark.parametrize("url", PAGES)
def test_headers_are_strict(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("url", [u for u in PAGES if u != "/healthz"])
def test_pages_hold_no_inline_script_style_or_foreign_address(client: FlaskClient, url: str) -> None:
    for tag, attributes in tags_of(client.get(url).text):
        assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
        if tag == "script":
            assert (
                attributes.get("src", "").startswith("/static/") or attributes["type"] == "application/json"
            )
        if tag in ("link", "img", "script"):
            assert "//" not in (attributes.get("href") or attributes.get("src") or "")


def test_hostile_titles_are_text_everywhere(client: FlaskClient) -> None:
    hostile = next(p for p in LISTED if p.title == HOSTILE[0])
    for url in (
        f"/papers/{hostile.id}",
        f"/graph?centre={hostile.id}",
        f"/search?q={quote(HOSTILE[0])}",
        "/listings/lineage",
    ):
        text = client.get(url).text
        assert "<script>alert" not in text, url
        assert "<img src=x" not in text, url


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8642", "localhost.evil.example", "", "[", "a b"]
)
def test_unknown_hosts_are_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/index.json", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "localhost:8642", "127.0.0.1:80", "[::1]:8642", "192.168.0.7"])
def test_addresses_and_localhost_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_further_hosts_can_be_allowed(graph_folder: Path) -> None:
    app = create_app(str(graph_folder), Settings(allowed_host="papers.example, other.example"))
    assert app.test_client().get("/healthz", headers={"Host": "papers.example"}).status_code == 200


COUNT = {"cypher": "MATCH (p:Paper) RETURN count(p) AS n"}


@pytest.mark.parametrize(
    ("headers", "reads", "writes"),
    [
        ({"Origin": "http://localhost"}, 200, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 200, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200, 303),
        ({"Referer": "http://localhost/papers/x"}, 200, 303),
        ({}, 200, 403),  # a program, such as curl
        ({"Origin": "http://evil.example"}, 403, 403),
        ({"Origin": "null"}, 403, 403),
        ({"Origin": "http://[", "Sec-Fetch-Site": "same-origin"}, 403, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403, 403),
        ({"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"}, 403, 403),
        ({"Referer": "http://evil.example/localhost"}, 403, 403),
    ],
)  # fmt: skip
def test_a_post_must_come_from_our_own_pages_unless_it_only_reads(
    client: FlaskClient, headers: dict[str, str], reads: int, writes: int
) -> None:
    program = Client(client.application)
    assert program.post("/cypher.json", data=COUNT, headers=headers).status_code == reads
    form = {"paper": LISTED[0].id, "to": "read"}
    answer = program.post("/keep", data=form, headers=headers)
    assert answer.status_code == writes, answer.text
    if not headers:
        assert "Origin: http://localhost" in program.post("/keep.json", data=form).json["error"]["hint"]


def test_every_other_address_that_takes_a_post_refuses_programs_without_headers(client: FlaskClient) -> None:
    rules = [r for r in client.application.url_map.iter_rules() if "POST" in (r.methods or ())]
    assert {"/cypher.json", "/keep", "/collections"} <= {r.rule for r in rules}
    for rule in rules:
        url = re.sub(r"<[^>]+>", "1", rule.rule)
        assert (Client(client.application).post(url).status_code == 403) == (url != "/cypher.json"), url


def test_a_query_string_that_no_page_of_ours_makes_is_refused(client: FlaskClient) -> None:
    for path, size, status in (
        ("/search", 16_000, 200),
        ("/search", 30_000, 414),
        ("/index.json", 30_000, 414),
    ):
        answer = client.get(f"{path}?q=a&x={'b' * size}")
        assert answer.status_code == status
        assert ("b" * 1000 in answer.text) == (status == 200)
    assert client.get(f"/index.json?x={'b' * 30_000}").json["error"]["code"] == "uri_too_long"


def test_own_cypher_is_answered_and_bounded(client: FlaskClient) -> None:
    answer = client.post("/cypher.json", data={"cypher": "MATCH (p:Paper) RETURN count(p) AS n"})
    assert answer.json["rows"] == [[len(GRAPH.papers)]]
    given = {
        "cypher": "MATCH (c:Concept) WHERE c.name = $name RETURN c.type",
        "parameters": '{"name": "BERT"}',
    }
    assert client.post("/cypher.json", data=given).json["rows"] == [["Model"]]
    refused = client.post("/cypher.json", data={"cypher": "MATCH (p) DETACH DELETE p"})
    assert refused.status_code == 403
    assert refused.json["error"]["code"] == "query_refused"
    page = client.post("/cypher", data={"cypher": "MATCH (p) DETACH DELETE p"})
    assert page.status_code == 200
    assert "DELETE" in page.text


def test_own_cypher_is_off_where_others_can_reach_the_service(graph_folder: Path) -> None:
    app = create_app(str(graph_folder), Settings(host="0.0.0.0"))
    answer = app.test_client().post("/cypher.json", data={"cypher": "MATCH (p:Paper) RETURN count(p) AS n"})
    assert answer.status_code == 403
    assert answer.json["error"]["code"] == "cypher_off"
    assert "textarea" not in app.test_client().get("/cypher").text
    opened = create_app(str(graph_folder), Settings(host="0.0.0.0", allow_cypher=True))
    assert (
        opened.test_client()
        .post("/cypher.json", data={"cypher": "MATCH (p:Paper) RETURN count(p) AS n"})
        .status_code
        == 200
    )


def test_a_new_generation_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papergraph.service.handle._LOOK_EVERY", 0.0)
    write_graph(tmp_path / "g", GRAPH)
    app = create_app(str(tmp_path / "g"))
    first = app.test_client().get("/index.json").json["stats"]
    write_graph(tmp_path / "g", example_graph(2, papers=30))
    second = app.test_client().get("/index.json").json["stats"]
    assert (first["generation"], second["generation"]) == ("000001", "000002")
    assert second["papers_listed"] < first["papers_listed"]
    app.config["PAPERGRAPH_STORE"].close()


def test_a_store_that_is_down_gives_a_page_in_words_soon() -> None:
    client = create_app("bolt://127.0.0.1:9", Settings(store_timeout=1.0)).test_client()
    started = time.monotonic()
    page, twin = client.get("/"), client.get("/index.json")
    assert page.status_code == twin.status_code == 503
    assert twin.json["error"]["code"] == "store_unavailable"
    assert "127.0.0.1:9" in twin.json["error"]["message"]
    assert "Traceback" not in page.text
    assert time.monotonic() - started < 30, "the pages hung on a store that is down"


def test_a_picture_is_the_same_every_time(client: FlaskClient) -> None:
    url = f"/graph.json?centre={NAMING}&depth=2"
    assert client.get(url).json["figure"] == client.get(url).json["figure"]
    nodes = client.get(url).json["figure"]["nodes"]
    assert all({"id", "label", "shape", "x", "y", "size"} <= set(n) for n in nodes)
    assert all(len(n["label"]) <= 28 for n in nodes)


def test_an_opened_node_brings_its_neighbours_and_moves_nothing(client: FlaskClient) -> None:
    url = "/graph.json?concept=bert&max=4"
    base = client.get(url).json["figure"]["nodes"]
    for node in base:
        opened = client.get(f"{url}&expand={node['id']}").json["figure"]["nodes"]
        assert [(n["id"], n["x"], n["y"]) for n in opened[: len(base)]] == [
            (n["id"], n["x"], n["y"]) for n in base
        ]
    places = [(n["x"], n["y"]) for n in opened]
    assert len(set(places)) == len(places)


def test_hidden_and_pinned_nodes_are_so_in_the_figure(client: FlaskClient) -> None:
    nodes = client.get("/graph.json?concept=bert").json["figure"]["nodes"]
    gone, moved = nodes[1]["id"], nodes[0]["id"]
    data = client.get(f"/graph.json?concept=bert&hide={gone}&pin=5,-7.5,{moved}").json
    assert gone not in {n["id"] for n in data["nodes"]}
    assert all(gone not in (e["from"], e["to"]) for e in data["figure"]["edges"])
    pinned = next(n for n in data["figure"]["nodes"] if n["id"] == moved)
    assert (pinned["x"], pinned["y"], pinned["pinned"]) == (5, -7.5, True)
    assert any("1 node hidden by you" in note for note in data["notes"])


@pytest.mark.parametrize(
    "query", ["pin=1,2", "pin=a,b,c", "pin=inf,0,x", "pin=nan,0,x", "kind=eats", "depth=9"]
)
def test_a_view_that_cannot_be_is_bad_usage(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/graph.json?concept=bert&{query}")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_usage")


def test_a_cap_is_said_in_words(client: FlaskClient) -> None:
    data = client.get(f"/graph.json?centre={NAMING}&depth=2&max=5").json
    assert len(data["nodes"]) <= 5
    assert any(note.startswith("showing 5 of") for note in data["notes"])


def test_a_lineage_is_drawn_from_left_to_right(client: FlaskClient) -> None:
    data = client.get(f"/lineage.json?paper={BUILDS.source}").json
    x = {b["id"]: b["x"] for b in data["drawing"]["boxes"]}
    ancestors, descendants = ([p["id"] for p in s["papers"]] for s in data["sides"])
    assert BUILDS.target in ancestors
    assert all(x[a] < x[BUILDS.source] for a in ancestors)
    assert all(x[d] > x[BUILDS.source] for d in descendants if d not in ancestors)
    corners = [(b["x"], b["y"]) for b in data["drawing"]["boxes"]]
    assert len(set(corners)) == len(corners)
    assert {(c["source"], c["target"]) for c in data["drawing"]["curves"]} >= {(BUILDS.source, BUILDS.target)}


def test_the_map_holds_every_listed_paper_once_and_is_the_same_every_time(
    client: FlaskClient, graph_folder: Path
) -> None:
    data = client.get("/map.json").json
    keys = [str(c["number"]) for c in data["clusters"]] + ["alone"]
    papers = [p["id"] for k in keys for p in client.get(f"/map.json?cluster={k}").json["chosen"]["papers"]]
    assert sorted(papers) == sorted(p.id for p in LISTED)
    assert sorted(d["id"] for d in data["drawing"]["dots"]) == sorted(papers)
    again = create_app(str(graph_folder), Settings())
    assert again.test_client().get("/map.json").json == data
    again.config["PAPERGRAPH_STORE"].close()


def test_the_map_says_how_many_of_its_lone_papers_are_those_of_the_start_page(client: FlaskClient) -> None:
    data, stats = client.get("/map.json").json, client.get("/index.json").json["stats"]
    joined = {e.source for e in GRAPH.similar} | {e.target for e in GRAPH.similar}
    assert data["unlike"] == stats["without_neighbour"] == sum(p.id not in joined for p in LISTED)
    assert data["alone"] > data["unlike"] > 0
    words = " ".join(client.get("/map").text.split())
    assert f"{data['alone']} papers</a> are in none." in words
    assert f"{data['unlike']} of them ha" in words
    start = " ".join(client.get("/").text.split())
    assert f"{stats['without_neighbour']} paper" in start
    assert "no similar paper here" in start


def test_names_of_clusters_do_not_lie_on_each_other(client: FlaskClient) -> None:
    discs = client.get("/map.json").json["drawing"]["discs"]
    for i, a in enumerate(discs):
        for b in discs[i + 1 :]:
            assert math.hypot(a["x"] - b["x"], a["y"] - b["y"]) >= a["radius"] + b["radius"]


def test_what_a_picture_shows_is_taken_away(client: FlaskClient) -> None:
    query = f"centre={NAMING}&depth=2&max=20&concepts=1"
    data = client.get(f"/graph.json?{query}").json
    papers = {n["id"] for n in data["nodes"] if not n["type"]}
    graphml = client.get(f"/graph.graphml?{query}")
    assert "attachment" in graphml.headers["Content-Disposition"]
    held = nx.parse_graphml(graphml.text, force_multigraph=True)
    assert {n for n in held if n.startswith("paper:")} == {f"paper:{p}" for p in papers}
    assert client.get(f"/graph.bibtex?{query}").text.count("\n}") == len(papers)
    assert client.get(f"/graph.ris?{query}").text.count("TY  - ") == len(papers)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/graph.csv?{query}").text)))
    assert len(rows) == len(data["nodes"])
    asked = {"cypher": data["cypher"]["text"], "parameters": json.dumps(data["cypher"]["parameters"])}
    answer = client.post("/cypher.json", data=asked).json
    drawn = {
        (e["source"], e["target"]) for e in data["edges"] if e["kind"] in ("stated", "inferred", "similar")
    }
    at = [answer["columns"].index(c) for c in ("paper_id", "other_id")]
    assert drawn <= {(r[at[0]], r[at[1]]) for r in answer["rows"]}
    assert client.get("/graph.csv").status_code == 400
    assert client.get("/graph.exe?concept=bert").status_code == 404
