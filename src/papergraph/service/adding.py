"""Adding listings for readers: who may, and the one listing that is being added, in a process of its own."""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol, TypedDict

from papergraph import questions
from papergraph.errors import PapergraphError
from papergraph.service.handle import StoreHandle
from papergraph.service.security import is_loopback
from papergraph.settings import Settings
from papergraph.text import one_line

log = logging.getLogger("papergraph.service")
_LONGEST_NAME = 120  # bytes of a file's name
STAGES = {
    "reading": "reading the file",
    "extracting": "finding methods, models, benchmarks and tasks",
    "embedding": "placing the papers by their meaning",
    "linking": "finding what builds on what, and what is near",
    "writing": "writing the new graph",
}


class AddOffError(PapergraphError):
    """A listing is to be added where readers may not."""

    code = "upload_off"
    status = 403


class WrongTokenError(PapergraphError):
    """A listing is to be added by somebody who does not know the token."""

    code = "wrong_token"
    status = 403


class BusyError(PapergraphError):
    """A listing is to be added while another is."""

    code = "busy"
    status = 409


class Piece(TypedDict):
    """Something of the file that was not taken, or a warning."""

    file: str
    line: int | None
    reason: str
    text: str


class Pieces(TypedDict):
    """How many there are, and the first of them."""

    count: int
    first: list[Piece]


class Added(TypedDict):
    """What became of a file. `listing` is the id of the new listing; null where the graph held it already."""

    listing: str | None
    entries: int
    new_papers: int
    papers: int
    seconds: float
    rejected: Pieces
    warnings: Pieces


class Problem(TypedDict):
    """An error in words."""

    code: str
    message: str
    hint: str


@dataclass(slots=True)
class Job:
    """A listing that is, or was, being added."""

    file: str
    state: Literal["running", "done", "failed"] = "running"
    stage: str = "reading"
    done: int = 0
    total: int = 1
    summary: Added | None = None
    error: Problem | None = None


class Received(Protocol):
    """A file that came with a form."""

    def save(self, dst: str | os.PathLike[str] | IO[bytes], buffer_size: int = ..., /) -> None:
        """Writes it to a path."""


def clean_name(name: str) -> str:
    """A file's name as a reader's browser tells it, which may be anything, as the name of a file."""
    plain = one_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c if c.isalnum() or c in " ._-()+,'" else "_" for c in plain).strip(" .-")
    path = Path(kept or "listing.txt")
    stem = path.stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
    return stem + path.suffix[:12]


class Adder:
    """Adds listings to the graph of one service, one at a time.

    `off` says in words why readers cannot, or is empty; `token` is what they must know, or empty.
    """

    def __init__(self, location: str, settings: Settings, handle: StoreHandle) -> None:
        self.limit = settings.upload_bytes
        self.off = ""
        if not settings.allow_upload:
            self.off = "it was started without --allow-upload"
        elif "://" in location:
            self.off = "it reads a Neo4j; `papergraph add` and `papergraph load` bring a listing there"
        self.token = settings.upload_token
        if not self.off and not self.token and not is_loopback(settings.host):
            self.token = secrets.token_urlsafe(18)
        self._graph = str(Path(location).absolute())
        self._threads = settings.threads
        self._handle = handle
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def job(self) -> Job | None:
        """The last listing, or the one that is being added."""
        return self._job

    def check_open(self) -> None:
        """Raises AddOffError or BusyError where no listing can be added now."""
        if self.off:
            raise AddOffError(f"listings cannot be added here: {self.off}", "see `papergraph serve --help`")
        job = self._job
        if job is not None and job.state == "running":
            raise BusyError(
                f"{job.file} is being added: {STAGES.get(job.stage, job.stage)}",
                "wait until it is done, then send yours again; the page at /add says how far it is",
            )

    def check_token(self, given: str) -> None:
        """Raises WrongTokenError unless `given` is the token; takes equally long whatever it is."""
        known = self.token.encode("utf-8", "replace")
        if known and not hmac.compare_digest(given.encode("utf-8", "replace"), known):
            raise WrongTokenError(
                "this is not the token that adding a listing needs",
                "whoever started the service knows it: PAPERGRAPH_UPLOAD_TOKEN, or printed at its start",
            )

    def start(self, file: Received, name: str, input_format: str) -> None:
        """Adds a file in the background. Raises AddOffError, or BusyError where another is being added."""
        with self._lock:
            self.check_open()
            job = Job(clean_name(name))
            folder = Path(tempfile.mkdtemp(prefix="papergraph-"))
            try:
                file.save(folder / "received")
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._job = job
        arguments = (job, folder, input_format)
        threading.Thread(target=self._run, args=arguments, daemon=True, name="add-listing").start()

    def _run(self, job: Job, folder: Path, input_format: str) -> None:
        try:
            self._work(job, folder, input_format)
            if job.error is None:
                self._handle.look()
                questions.catalogue(self._handle.get())  # before the first reader asks for it
        except PapergraphError as error:
            job.error = Problem(code=error.code, message=error.message, hint=error.hint)
        except Exception:
            log.exception("adding %s", job.file)
            job.error = Problem(code="unexpected", message="something went wrong on our side", hint="")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            job.state = "failed" if job.error else "done"
            log.info("adding %s: %s", job.file, job.error["message"] if job.error else "done")

    def _work(self, job: Job, folder: Path, input_format: str) -> None:
        """Runs the process and notes what it tells."""
        request = {
            "file": str(folder / "received"),
            "name": job.file,
            "graph": self._graph,
            "format": input_format,
            "threads": self._threads,
        }
        with (folder / ".stderr").open("wb") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "papergraph.service.add_worker", json.dumps(request)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )
        with self._process as process:
            assert process.stdout is not None
            for line in process.stdout:
                told = json.loads(line)
                if "stage" in told:
                    job.stage, job.done, job.total = told["stage"], told["done"], told["total"]
                else:
                    job.summary, job.error = told.get("summary"), told.get("error")
        if job.summary is None and job.error is None:
            log.error("adding %s: %s", job.file, (folder / ".stderr").read_text(errors="replace")[-2000:])
            raise PapergraphError(
                f"the process that added it ended too early (code {process.returncode})",
                "the log of the service says more; the graph is as it was",
            )

    def close(self) -> None:
        """Stops what is being added; the graph stays as it was."""
        if self._process is not None:
            self._process.kill()
