"""Test clients are pages of the service; werkzeug.test.Client is a program that sends no such headers."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.fixture(scope="session", autouse=True)
def _clients_send_what_browsers_send() -> Iterator[None]:
    opened = FlaskClient.open

    def open_as_a_page(self: FlaskClient, *arguments: Any, **named: Any) -> Any:
        self.environ_base.setdefault("HTTP_SEC_FETCH_SITE", "same-origin")
        return opened(self, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlaskClient, "open", open_as_a_page)
        yield
