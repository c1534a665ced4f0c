"""What every answer and every request must pass: strict headers, known hosts, same origin on what writes.

DNS rebinding lets a foreign page reach a service on loopback under its own host name, so the Host header must
be localhost, an IP address, or a name that the settings allow.

A request that is not a GET must show that it comes from a page of this service: browsers say so in
Sec-Fetch-Site and Origin, or else in Referer
(https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html). A
program that sends none of them, such as curl, may only ask what changes nothing, at the addresses in READING.
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


READING = frozenset({"/cypher.json"})
LONGEST_QUERY = 16_384  # characters of a query string; a picture with 250 hidden nodes has about 15,000


class AddressTooLongError(PapergraphError):
    """An address whose query string is longer than any of our own pages makes it."""

    code = "uri_too_long"
    status = 414


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


def _is_ours(address: str) -> bool:
    try:
        return urlsplit(address).netloc == request.host
    except ValueError:
        return False


def _from_our_pages() -> bool:
    """Whether the headers say that a page of this service sent the request; the Referer counts only alone."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site or origin:
        return site in ("same-origin", "none", None) and (origin is None or _is_ours(origin))
    referer = request.headers.get("Referer")
    return _is_ours(referer) if referer else request.path in READING


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
        if (length := len(request.query_string)) > LONGEST_QUERY:
            raise AddressTooLongError(
                f"the query string has {length:,} characters, but at most {LONGEST_QUERY:,} are read",
                "ask for less at once",
            )
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _from_our_pages():
            raise ForbiddenError(
                "this request does not come from a page of this service",
                f"send it from the explorer; a program sends the header Origin: {request.host_url[:-1]}",
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
