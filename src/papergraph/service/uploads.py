"""Files that come with a form: not larger than they may be, which is seen before they are read."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from papergraph.errors import InputError, PapergraphError
from papergraph.service.parameters import Upload
from papergraph.settings import Settings
from papergraph.state_json import MOST_BYTES

FORM_BYTES = 20_000  # of a form beside its file
FILE = Upload(name="file", help="the file")


class TooLargeError(PapergraphError):
    """A file over the limit."""

    code = "too_large"
    status = 413


def most_body(settings: Settings) -> int:
    """Bytes of the largest request that some page reads."""
    added = settings.upload_bytes if settings.allow_upload else 0
    return max(MOST_BYTES, added) + FORM_BYTES


def size_in_words(size: int) -> str:
    """Bytes as a person says them."""
    return f"{size / 1e6:.3g} MB" if size >= 1e6 else f"{size / 1e3:.3g} kB"


def received_file(most: int, hint: str) -> FileStorage:
    """The file `file` of this request's form. Raises TooLargeError over `most` bytes, InputError for none."""
    too_large = TooLargeError(f"the file is larger than {size_in_words(most)}", hint)
    request.max_content_length = most + FORM_BYTES
    try:
        file = FILE.read()
    except RequestEntityTooLarge:
        raise too_large from None
    if file is None:
        raise InputError("no file was chosen", "choose one")
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    if size > most:
        raise too_large
    return file
