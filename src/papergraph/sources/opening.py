"""From a path to lines of text: gzip, encodings, and what is not text at all."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from papergraph.errors import InputError
from papergraph.model import Rejected

MAX_BYTES = 1 << 30  # of a file, unpacked
MAX_LINE = 1_000_000  # bytes
_CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\x0b\x0c\x1b")
_MAGIC = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (perhaps .xlsx or .docx)",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
}
_UTF16 = {b"\xff\xfe": "UTF-16LE", b"\xfe\xff": "UTF-16BE"}
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype|html|head|body|\?xml|[a-z][\w:-]*[ >])",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Text:
    """A file as lines. `lines[i]` is line i + 1 without its end, or "" where it was rejected."""

    name: str
    lines: list[str]
    rejected: list[Rejected] = field(default_factory=list)
    digest: str = ""  # SHA-256 of the file's bytes as they are, packed or not

    def reject(self, line: int | None, reason: str, text: str = "") -> None:
        self.rejected.append(rejection(self.name, line, reason, text))


def rejection(file: str, line: int | None, reason: str, text: str = "") -> Rejected:
    """A Rejected with the beginning of the text."""
    return Rejected(file, line, reason, text[:200])


def open_text(path: str, name: str | None = None) -> Text:
    """Read a file ("-": standard input; gzip is recognised by its content) as UTF-8 lines.

    A line longer than MAX_LINE bytes, not UTF-8, or with NUL bytes is rejected and the rest kept. Raises
    InputError where the file is missing, a folder, unreadable, empty, too large, binary, markup, or in
    another encoding.
    """
    name = name or ("stdin" if path == "-" else Path(path).name)
    raw = _read(path)
    digest = hashlib.sha256(raw).hexdigest()
    data = _unpack(raw, path)
    del raw
    _refuse_what_is_not_text(data, path)
    body = data.removeprefix(_BOM)
    start = len(data) - len(body)
    if b"\n" not in body and b"\r" in body:
        body = body.replace(b"\r", b"\n")
    return _decode(body, start, path, Text(name, [], digest=digest))


def _read(path: str) -> bytes:
    if path == "-":
        return _capped(sys.stdin.buffer, "standard input", "is larger than")
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError(
                f"{path}: is a folder, not a file",
                f"name the files in it: {path.rstrip('/')}/*.txt",
            )
        with file.open("rb") as stream:
            return _capped(stream, path, "is larger than")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "check the path; `-` reads standard input") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from None


def _capped(stream: BinaryIO | io.BufferedReader, path: str, says: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: {says} {MAX_BYTES >> 20} MiB", "split it into smaller files")
    return data


def _unpack(data: bytes, path: str) -> bytes:
    """Gunzip, where it is gzip: every member, at most MAX_BYTES in all."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    out = bytearray()
    rest: bytes = data
    try:
        while rest.startswith(b"\x1f\x8b"):
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                piece = unpacker.decompress(rest, _CHUNK)
                out += piece
                rest = unpacker.unconsumed_tail
                if len(out) > MAX_BYTES:
                    raise InputError(
                        f"{path}: unpacks to more than {MAX_BYTES >> 20} MiB",
                        "unpack it and split it into smaller files",
                    )
                if not piece and not rest and not unpacker.eof:
                    raise InputError(f"{path}: the gzip data end too early", "fetch the file again")
            rest = unpacker.unused_data
    except zlib.error as error:
        raise InputError(f"{path}: damaged gzip data: {error}", "fetch the file again") from None
    return bytes(out)


def _refuse_what_is_not_text(data: bytes, path: str) -> None:
    if not data.removeprefix(_BOM).strip():
        raise InputError(
            f"{path}: is empty",
            "a listing, JSON Lines, CSV, BibTeX or RIS file is expected",
        )
    head = data[:65536]
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise InputError(
                f"{path}: is {what}, not text",
                "export it as JSON Lines, CSV, BibTeX or RIS",
            )
    for mark, encoding in _UTF16.items():
        if head.startswith(mark):
            raise InputError(
                f"{path}: not UTF-8 at byte offset 0: it is {encoding}",
                f"convert it: iconv -f {encoding} -t UTF-8",
            )
    controls = len(head) - len(head.translate(None, _CONTROL))
    if controls > len(head) * 0.01 and controls > 1:
        raise InputError(
            f"{path}: is a binary file, not text",
            "export it as JSON Lines, CSV, BibTeX or RIS",
        )
    if _MARKUP.match(head.removeprefix(_BOM)):
        raise InputError(
            f"{path}: is HTML or XML, not plain text",
            "save the page as text, or export BibTeX or RIS",
        )


def _decode(data: bytes, start: int, path: str, text: Text) -> Text:
    """Fill `text` line by line. `start` is the offset of `data` in the file."""
    offset = start
    filled = bad = 0
    first_bad = ""
    for number, line in enumerate(data.split(b"\n"), 1):
        filled += bool(line.strip())
        value = ""
        if len(line) > MAX_LINE:
            beginning = line[:200].decode("utf-8", "replace")
            text.reject(
                number,
                f"the line is {len(line):,} bytes long; at most {MAX_LINE:,} are read",
                beginning,
            )
        elif b"\0" in line:
            at = offset + line.index(b"\0")
            text.reject(
                number,
                f"NUL byte at byte offset {at}",
                line.decode("utf-8", "replace").replace("\0", "\ufffd"),
            )
        else:
            try:
                value = line.decode("utf-8").removesuffix("\r")
            except UnicodeDecodeError as error:
                bad += 1
                where = f"not UTF-8: byte 0x{line[error.start]:02X} at byte offset {offset + error.start}"
                first_bad = first_bad or f"{where}, line {number}"
                text.reject(number, where, line.decode("utf-8", "replace"))
        text.lines.append(value)
        offset += len(line) + 1
    if bad * 2 > filled:
        raise InputError(f"{path}: {first_bad}", "convert it, for example: iconv -f LATIN1 -t UTF-8")
    return text
