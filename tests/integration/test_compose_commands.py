"""The commands of docker-compose.yml, run here: loading, and the explorer over a Neo4j with a password."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


@pytest.fixture
def here(neo4j_secured_server, tmp_path, example_listing):
    """How to rewrite what only a container has (host names, folders) to this machine, and the environment."""
    (tmp_path / "listings").mkdir()
    shutil.copy(example_listing, tmp_path / "listings")
    replaced = {
        "bolt://neo4j:7687": neo4j_secured_server.uri,
        "/data/": f"{tmp_path}/data/",
        "/listings/": f"{tmp_path}/listings/",
        "0.0.0.0": "127.0.0.1",
        "8642": "0",
    }
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "NEO4J_USER": neo4j_secured_server.user,
        "NEO4J_PASSWORD": neo4j_secured_server.password,
        "PYTHONUNBUFFERED": "1",
    }

    def rewrite(text):
        for old, new in replaced.items():
            text = text.replace(old, new)
        return text

    return rewrite, environment


def test_load_then_serve(here):
    rewrite, environment = here
    load = SERVICES["load"]
    for _ in range(2):  # every start of the services runs it again
        done = subprocess.run(
            [*load["entrypoint"], rewrite(load["command"][0])],
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    command = ["papergraph", *map(rewrite, SERVICES["app"]["command"])]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as app:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", app.stdout.readline())[0]
            page = _get(address)
        finally:
            app.terminate()
    assert "Attention Is All You Need" in _get_text(page)


def _get(address):
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address + "/search?q=attention", timeout=30) as answer:
                return answer.read()
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _get_text(page):
    return re.sub(r"<[^>]+>", "", page.decode("utf-8"))
