"""One table of settings: precedence, types and limits."""

from dataclasses import fields
from pathlib import Path

import pytest

from papergraph.errors import UsageError
from papergraph.settings import Settings, build_settings, load_settings


def test_option_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    (tmp_path / "papergraph.toml").write_text("similar_k = 3\nport = 1\nmax_nodes = 20\n")
    environ = {"PAPERGRAPH_SIMILAR_K": "4", "PAPERGRAPH_PORT": "2"}
    s = load_settings({"similar_k": 5, "port": None}, environ=environ, directory=tmp_path)
    assert (s.similar_k, s.port, s.max_nodes, s.host) == (5, 2, 20, "127.0.0.1")


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"PAPERGRAPH_PORT": "many"}, "PAPERGRAPH_PORT"),
        ({"PAPERGRAPH_PORT": "70000"}, "between"),
        ({"PAPERGRAPH_ALLOW_CYPHER": "perhaps"}, "yes or no"),
        ({"PAPERGRAPH_SIMILAR_FLOOR": "nan"}, "between"),
    ],
)
def test_a_wrong_value_is_named(environ: dict[str, str], word: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=word):
        load_settings(environ=environ, directory=tmp_path)


def test_an_unknown_key_or_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "papergraph.toml").write_text("colour = 1\n")
    with pytest.raises(UsageError, match="colour"):
        load_settings(environ={}, directory=tmp_path)
    (tmp_path / "papergraph.toml").write_text("= 1\n")
    with pytest.raises(UsageError, match=r"papergraph\.toml"):
        load_settings(environ={}, directory=tmp_path)


def test_every_setting_says_what_it_is() -> None:
    for f in fields(Settings):
        assert f.metadata["help"], f.name
        assert f.metadata["unit"], f.name
        low, high = f.metadata["low"], f.metadata["high"]
        assert low is None or low <= f.default <= high, f.name


def test_only_some_settings_shape_a_build() -> None:
    assert "similar_k" in build_settings(Settings())
    assert "port" not in build_settings(Settings())
