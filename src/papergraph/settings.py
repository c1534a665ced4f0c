"""The one table of settings.

Order of precedence: option, environment PAPERGRAPH_*, papergraph.toml, default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from papergraph.errors import UsageError

ENV_PREFIX = "PAPERGRAPH_"
CONFIG_FILE = "papergraph.toml"


def _setting(
    default: Any,
    unit: str,
    text: str,
    *,
    low: float | None = None,
    high: float | None = None,
    build: bool = False,
    secret: bool = False,
) -> Any:
    return field(
        default=default,
        metadata={
            "unit": unit, "help": text, "low": low, "high": high, "build": build, "secret": secret,
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is a setting; its metadata says unit, help, limits, and whether it shapes a build."""

    embedder: str = _setting(
        "shared",
        "name",
        "shared (the extractor's encoder), minilm, sentence-transformers:NAME_OR_PATH, "
        "or vectors:FILE.npy (ids in FILE.ids)",
        build=True,
    )
    entity_min_confidence: float = _setting(
        0.4,
        "probability",
        "Names less surely an entity than this are left out (the role of one kept may be less sure)",
        low=0,
        high=1,
        build=True,
    )
    similar_k: int = _setting(
        10,
        "papers",
        "Most SIMILAR_TO edges that leave a paper",
        low=0,
        high=100,
        build=True,
    )
    similar_floor: float = _setting(
        0.4,
        "score",
        "SIMILAR_TO edges below this score are not drawn",
        low=0,
        high=1,
        build=True,
    )
    builds_on_min_confidence: float = _setting(
        0.5,
        "probability",
        "BUILDS_ON edges below this confidence are not drawn",
        low=0,
        high=1,
        build=True,
    )
    threads: int = _setting(2, "threads", "Threads for models", low=1, high=256)
    host: str = _setting("127.0.0.1", "address", "Address that the service listens on")
    port: int = _setting(8642, "port", "Port that the service listens on", low=0, high=65535)
    allowed_host: str = _setting("", "names", "Further host names that the service answers to, by comma")
    allow_cypher: bool = _setting(False, "yes/no", "Open the Cypher page although not bound to loopback")
    allow_corrections: bool = _setting(
        False, "yes/no", "Let readers correct the graph in the page although not bound to loopback"
    )
    read_only: bool = _setting(False, "yes/no", "No corrections in the page")
    state: str = _setting(
        "",
        "path",
        "File of collections, read marks and notes; state.sqlite in the graph's folder if not given",
    )
    no_state: bool = _setting(False, "yes/no", "No collections, read marks and notes")
    allow_upload: bool = _setting(False, "yes/no", "Let readers add listings in the page")
    upload_bytes: int = _setting(
        20_000_000, "bytes", "Size limit of a listing that is added in the page", low=1000, high=1 << 30
    )
    upload_token: str = _setting(
        "", "token", "What a reader must know to add a listing; made at start if needed", secret=True
    )
    max_nodes: int = _setting(150, "nodes", "Most nodes in a neighbourhood picture", low=1, high=500)
    query_timeout: float = _setting(5.0, "seconds", "Time limit of a user's own query", low=0.1, high=300)
    query_rows: int = _setting(1000, "rows", "Row limit of a user's own query", low=1, high=100_000)
    query_bytes: int = _setting(
        5_000_000,
        "bytes",
        "Size limit of the answer to a user's own query",
        low=1000,
        high=1_000_000_000,
    )
    store_timeout: float = _setting(5.0, "seconds", "Wait for Neo4j to answer", low=0.1, high=300)


def _parse(name: str, kind: str, value: Any, where: str) -> Any:
    try:
        if kind == "bool":
            if isinstance(value, bool):
                return value
            word = str(value).strip().lower()
            if word in ("1", "true", "yes", "on"):
                return True
            if word in ("0", "false", "no", "off"):
                return False
            raise ValueError
        return {"int": int, "float": float, "str": str}[kind](value)
    except (ValueError, TypeError):
        wanted = {
            "bool": "yes or no",
            "int": "a whole number",
            "float": "a number",
            "str": "text",
        }[kind]
        raise UsageError(f"{where}: {name} is {value!r}, but must be {wanted}") from None


def load_settings(
    options: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """The settings in force. Options whose value is None count as not given.

    Raises UsageError on an unknown key in papergraph.toml, a wrong type, or a value out of range.
    """
    environ = os.environ if environ is None else environ
    path = (directory or Path.cwd()) / CONFIG_FILE
    config: dict[str, Any] = {}
    if path.is_file():
        try:
            config = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: not valid TOML: {error}") from None
    table = {f.name: f for f in fields(Settings)}
    for key in config:
        if key not in table:
            raise UsageError(f"{path}: unknown setting {key!r}", "`papergraph settings` lists them")
    values: dict[str, Any] = {}
    for name, f in table.items():
        env = ENV_PREFIX + name.upper()
        if options and options.get(name) is not None:
            raw, where = options[name], "--" + name.replace("_", "-")
        elif env in environ:
            raw, where = environ[env], f"environment {env}"
        elif name in config:
            raw, where = config[name], str(path)
        else:
            continue
        value = _parse(name, str(f.type), raw, where)
        low, high = f.metadata["low"], f.metadata["high"]
        if not (low is None or low <= value) or not (high is None or value <= high):
            raise UsageError(
                f"{where}: {name} is {value}, but must be between {low} and {high} ({f.metadata['unit']})"
            )
        values[name] = value
    return Settings(**values)


def build_settings(settings: Settings) -> dict[str, Any]:
    """The settings that shape a build's result, as recorded in its manifest."""
    return {f.name: getattr(settings, f.name) for f in fields(Settings) if f.metadata["build"]}
