"""The app factory: security, one error shape, pages and their .json twins."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    jsonify,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.exceptions import HTTPException

from papergraph import assets, questions
from papergraph.errors import NotFoundError, PapergraphError
from papergraph.service import pages, security
from papergraph.service.adding import Adder
from papergraph.service.handle import StoreHandle
from papergraph.service.keeper import Keeper
from papergraph.settings import Settings

log = logging.getLogger("papergraph.service")


class UnexpectedError(PapergraphError):
    """Something that we did not foresee; its details go to the log only."""

    code = "unexpected"


def wants_json() -> bool:
    """Whether the request is for a .json twin."""
    return request.path.endswith(".json")


def _error_response(error: PapergraphError) -> tuple[Response | str, int]:
    if wants_json():
        return jsonify(error.as_json()), error.status
    asked, instead = "", []
    if isinstance(error, NotFoundError):
        asked, instead = error.asked, _asked_instead(error)
    return render_template("error.html", error=error, asked=asked, instead=instead), error.status


def _asked_instead(error: NotFoundError) -> list[tuple[str, str]]:
    """What may have been meant, each with the address of this page that asks for it."""
    asked, query = error.asked.strip(), request.args.to_dict(flat=False)
    path: Mapping[str, Any] = request.view_args or {}
    if request.method != "GET" or not request.endpoint:
        return []
    if asked not in {str(v).strip() for v in (*path.values(), *(v for held in query.values() for v in held))}:
        return []

    def address(value: str) -> str:
        parts: dict[str, Any] = {k: value if str(v).strip() == asked else v for k, v in path.items()}
        rest = {k: [value if v.strip() == asked else v for v in held] for k, held in query.items()}
        return url_for(str(request.endpoint), **parts) + (f"?{urlencode(rest, doseq=True)}" if rest else "")

    return [(name, address(value)) for value, name in error.nearest]


def _handle_ours(error: PapergraphError) -> tuple[Response | str, int]:
    if error.status >= 500:
        log.warning("%s: %s", error.code, error.message)
    return _error_response(error)


def _handle_http(error: HTTPException) -> tuple[Response | str, int] | Response:
    if error.code is not None and error.code < 400:
        return Response(status=error.code, headers=error.get_headers())
    ours = PapergraphError(error.description or error.name, "the start page is at /")
    ours.code = error.name.lower().replace(" ", "_")
    ours.status = error.code or 500
    return _error_response(ours)


def _handle_unexpected(error: Exception) -> tuple[Response | str, int]:
    log.exception("unexpected error at %s", request.path)
    return _error_response(
        UnexpectedError("something went wrong on our side", "the log of the service says what")
    )


def vis_folder() -> Path:
    """Where pyvis keeps vis-network's JavaScript; found without importing pyvis, which is slow."""
    from importlib.util import find_spec

    spec = find_spec("pyvis")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "templates" / "lib" / "vis-9.1.2"


def create_app(graph: str, settings: Settings | None = None) -> Flask:
    """A Flask app over a graph folder or a Neo4j address. The graph is opened at the first request."""
    settings = settings or Settings()
    web, handle = assets.folder("web"), StoreHandle(graph, settings)
    app = Flask(
        "papergraph",
        root_path=str(web),
        static_folder="static",
        template_folder="templates",
        static_url_path="/static",
    )
    app.config.update(
        MAX_CONTENT_LENGTH=1_000_000,
        TRUSTED_HOSTS=None,
        PAPERGRAPH_SETTINGS=settings,
        PAPERGRAPH_STORE=handle,
        PAPERGRAPH_KEEPER=Keeper(graph, settings),
        PAPERGRAPH_ADDER=Adder(graph, settings, handle),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    security.install(app, settings)

    @app.get("/static/vis/<path:name>")
    def vis(name: str) -> Any:
        return send_from_directory(vis_folder(), name)

    pages.register(app)
    app.register_error_handler(PapergraphError, _handle_ours)
    app.register_error_handler(HTTPException, _handle_http)
    app.register_error_handler(Exception, _handle_unexpected)
    return app


def warm_up(app: Flask) -> None:
    """Reads the catalogue and imports pyvis in a thread of its own, so that no first visitor has to wait."""

    def work() -> None:
        try:
            importlib.import_module("pyvis.network")
            questions.catalogue(app.config["PAPERGRAPH_STORE"].get())
        except PapergraphError as error:
            log.warning("%s: %s", error.code, error.message)

    threading.Thread(target=work, daemon=True, name="warm-up").start()
