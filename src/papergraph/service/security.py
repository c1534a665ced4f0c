"""What every answer and every request must pass: strict headers, known hosts, same origin on what writes.

DNS rebinding lets a foreign page reach a service on loopback under its own host name, so the Host header must
be localhost, an IP address, or a name that the settings allow.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Response, request

from papergraph.errors import PapergraphError
from papergraph.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class ForbiddenError(PapergraphError):
    """A request from a host or page that the service does not answer to."""

    code = "forbidden"
    status = 403


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a bind address is reachable from this machine only."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def install(app: Flask, settings: Settings) -> None:
    """Adds the checks and headers to an app."""
    names = {"localhost"} | {h.strip().lower() for h in settings.allowed_host.split(",") if h.strip()}

    def check() -> None:
        try:
            host = (urlsplit(f"//{request.host}").hostname or "").lower()
        except ValueError:
            host = ""
        if host not in names and not _is_address(host):
            raise ForbiddenError(
                f"this service does not answer to the host name {host!r}",
                "start it with --allowed-host NAME to open it under that name",
            )
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != request.host):
            raise ForbiddenError(
                "this request comes from another page",
                "send it from the explorer itself",
            )

    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "public, max-age=3600"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    app.before_request(check)
    app.after_request(add_headers)
