"""Dockerfile and docker-compose.yml, as far as they can be checked without a Docker engine."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from papergraph.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _parses(arguments):
    parent = click.Context(
        cli, **cli.context_settings
    )  # a command keeps the help option of its first context
    command = cli.get_command(parent, arguments[0])
    with command.make_context(arguments[0], list(arguments[1:]), parent=parent) as context:
        return context.params


def test_ports_are_open_on_loopback_only():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert all(str(port).startswith("127.0.0.1:") for port in ports)
    assert not any(service.get("network_mode") for service in COMPOSE["services"].values())


def test_the_password_is_required_and_never_written_down():
    uses = re.findall(r"(?<!\$)\$\{NEO4J_PASSWORD[^}]*\}", COMPOSE_TEXT)
    assert len(uses) == 2
    assert all(use.startswith("${NEO4J_PASSWORD:?") for use in uses)
    assert COMPOSE["services"]["neo4j"]["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")


def _compose_config(**environment):
    """What the compose client makes of the file; needs no Docker engine."""
    client = shutil.which("docker-compose")
    command = [client] if client else [shutil.which("docker") or "", "compose"]
    tried = command[0] and subprocess.run([*command, "version"], capture_output=True, check=False)
    if not tried or tried.returncode != 0:
        pytest.skip("no compose client: apt-get install docker-compose")
    kept = {k: v for k, v in os.environ.items() if k != "NEO4J_PASSWORD"}
    return subprocess.run(
        [*command, "config"], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def test_the_compose_client_takes_the_file():
    done = _compose_config(NEO4J_PASSWORD="fine-and-long")
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert set(services) == set(COMPOSE["services"])
    assert services["neo4j"]["environment"]["NEO4J_AUTH"] == "neo4j/fine-and-long"


def test_the_compose_client_refuses_to_start_without_a_password():
    done = _compose_config()
    assert done.returncode != 0
    assert "NEO4J_PASSWORD" in done.stderr


def test_what_waits_for_what():
    app, load, neo4j = (COMPOSE["services"][name] for name in ("app", "load", "neo4j"))
    assert "healthcheck" in neo4j
    assert load["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert app["depends_on"]["load"] == {"condition": "service_completed_successfully"}
    assert set(COMPOSE["volumes"]) == {"neo4j", "graph"}


@pytest.mark.parametrize("name", ["load", "app"])
def test_our_containers_cannot_write_their_image_or_gain_rights(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_runs_as_a_user_without_rights():
    final = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert DOCKERFILE.count("\nFROM ") == 2
    users = re.findall(r"^USER (\d+):(\d+)$", final, re.MULTILINE)
    assert users
    assert all(int(user) > 0 and int(group) > 0 for user, group in users)
    assert final.index("USER ") < final.index("ENTRYPOINT ")
    assert "HEALTHCHECK" in final


def test_the_image_is_built_by_what_the_makefile_uses():
    version = re.search(
        r"^UV_VERSION = (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )[1]
    assert f"uv=={version}" in DOCKERFILE


def test_the_build_context_holds_what_the_wheel_needs():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    wanted = {
        *PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"],
        "src",
        "pyproject.toml",
    }
    assert lines[0] == "*"
    assert wanted | {PROJECT["project"]["readme"]} <= {line[1:] for line in lines if line.startswith("!")}


def test_both_service_commands_are_commands_of_papergraph():
    image = json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[1])
    for arguments in (image, COMPOSE["services"]["app"]["command"]):
        parsed = _parses(arguments)
        assert (parsed["host"], parsed["port"]) == ("0.0.0.0", 8642)


def test_the_loading_script_is_made_of_commands_of_papergraph(tmp_path):
    lines = COMPOSE["services"]["load"]["command"][0].splitlines()
    called = [line.split()[1:] for line in lines]
    assert [arguments[0] for arguments in called] == ["build", "load"]
    assert {arguments[0] for arguments in called} <= set(COMMANDS)
    for arguments in called:
        _parses(arguments)
