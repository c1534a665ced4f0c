"""A real Neo4j without Docker: Maven brings the jars, tests/neo4j/TestServer.java starts them on loopback.

Everything downloaded stays in .cache/ of the checkout. The class path of a version is asked from Maven once
and kept in .cache/neo4j/.
"""

import fcntl
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INSTALL_HINT = "a Neo4j for the tests needs a JDK and Maven: apt-get install default-jdk-headless maven"

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
SOURCE = ROOT / "tests" / "neo4j"
START_SECONDS = 180


@dataclass(frozen=True)
class Release:
    """A Neo4j version and the oldest Java that runs it."""

    version: str
    java: int


STABLE = Release("5.26.30", 17)  # the long-term release
NEWEST = Release("2026.08.1", 21)


class Unavailable(Exception):
    """The server cannot run on this machine; the text says what to install."""


@dataclass(frozen=True)
class Server:
    """A running server and the credentials that it takes."""

    uri: str
    user: str
    password: str


def find_jdk(oldest: int) -> Path | None:
    """The home of the oldest JDK (not JRE) from a version on, under JAVA_HOME, PATH or /usr/lib/jvm."""
    javac = shutil.which("javac")
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += [Path(javac).resolve().parent.parent] if javac else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    found = [(version, home) for home in homes if (version := _jdk_version(home)) and version >= oldest]
    return min(found)[1] if found else None


def _jdk_version(home: Path) -> int | None:
    if not (home / "bin" / "javac").exists() or not (home / "release").exists():
        return None
    match = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    return int(match[1]) if match else None


def class_path(version: str) -> str:
    """The jars of a Neo4j version, fetched by Maven into .cache/m2 on first use.

    Raises Unavailable without Maven, or when it cannot fetch.
    """
    folder = CACHE / "neo4j"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"classpath-{version}.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists() and all(Path(jar).exists() for jar in kept.read_text().split(":")):
            return kept.read_text()
        if not shutil.which("mvn"):
            raise Unavailable(INSTALL_HINT)
        command = ["mvn", "-B", "-q", "-f", str(SOURCE / "pom.xml"), f"-Dmaven.repo.local={CACHE / 'm2'}"]
        command += [f"-Dneo4j.version={version}", "dependency:build-classpath", f"-Dmdep.outputFile={kept}"]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            kept.unlink(missing_ok=True)
            raise Unavailable(f"Maven could not fetch Neo4j {version}: {(done.stdout + done.stderr)[-600:]}")
        return kept.read_text()


@contextmanager
def running(release: Release, home: Path, password: str | None = None) -> Iterator[Server]:
    """A server of a release on a free loopback port, its files under home (removed at the end).

    Without a password it takes any credentials. It stops with this process, however that ends.
    Raises Unavailable where the JDK or the jars are missing, RuntimeError when it does not start.
    """
    jdk = find_jdk(release.java)
    if jdk is None:
        raise Unavailable(f"{INSTALL_HINT} (Neo4j {release.version} runs on Java {release.java} or newer)")
    jars = class_path(release.version)
    environment = {k: v for k, v in os.environ.items() if k != "JAVA_TOOL_OPTIONS"} | {"CLASSPATH": jars}
    if password is not None:
        environment["PAPERGRAPH_TEST_SERVER_PASSWORD"] = password
    home.mkdir(parents=True, exist_ok=True)
    log = home / "console.log"
    command = [
        str(jdk / "bin" / "java"),
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        f"-Djava.io.tmpdir={home}",
        f"-Djna.tmpdir={home}",
    ]
    command += [str(SOURCE / "TestServer.java"), str(home)]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
        )
    try:
        port = _wait_until_ready(process, log)
        yield Server(f"bolt://127.0.0.1:{port}", "neo4j", password or "any")
    finally:
        process.kill()
        process.communicate()
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> int:
    assert process.stdout is not None
    end = time.monotonic() + START_SECONDS
    while (left := end - time.monotonic()) > 0:
        if not select.select([process.stdout], [], [], left)[0]:
            break
        line = process.stdout.readline()
        if line.startswith(b"READY "):
            return int(line.split()[1])
        if not line:
            process.wait()
            break
    raise RuntimeError(f"Neo4j did not start: {log.read_text(errors='replace')[-3000:]}")
