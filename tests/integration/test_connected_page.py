"""The page of connected papers: every count that it shows is the number of papers behind the link."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from synthetic import example_graph, write_graph

from papergraph.service import create_app
from papergraph.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("connected") / "g"
    write_graph(folder, example_graph())
    app = create_app(str(folder), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


@pytest.mark.parametrize("names", [["BERT"], ["GLUE"], ["BERT", "knowledge distillation"]])
def test_a_narrower_question_has_as_many_hits_as_its_chip_says(client: FlaskClient, names: list[str]) -> None:
    def ask(**asked: object) -> list[dict[str, object]]:
        hits: list[dict[str, object]] = client.get(f"/connected.json?{urlencode(asked, doseq=True)}").json[
            "hits"
        ]
        return hits

    answer = client.get(f"/connected.json?{urlencode({'name': names}, doseq=True)}").json
    assert sum(answer["by_match"].values()) == len(answer["hits"])
    for role, count in answer["by_role"].items():
        assert len(ask(name=names, role=role)) == count
    narrower = [(c["name"], c["together"]) for rows in answer["narrower"].values() for c in rows]
    assert narrower or len(names) > 1
    for name, count in narrower:
        assert len(ask(name=[*names, name])) == count < len(answer["hits"])


def test_chips_lead_on_and_back(client: FlaskClient) -> None:
    text = client.get("/connected?name=BERT&name=GLUE").text
    assert 'aria-label="Leave out GLUE"' in text and 'href="/connected?name=BERT&amp;mode=all"' in text
    assert 'aria-label="Any role"' in client.get("/connected?name=BERT&role=uses").text
