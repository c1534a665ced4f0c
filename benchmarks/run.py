"""Speed and memory of the whole flow, measured in one run.

`make bench`, or python benchmarks/run.py [FILE...].
Without files it takes the listings in seeds/ of PAPERGRAPH_SHARED (default: shared/ beside the checkout),
else the bundled example. Prints a table, and with --json FILE writes the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "papergraph"]


def default_files() -> list[str]:
    """The real listings beside the checkout, or the bundled example."""
    shared = Path(os.environ.get("PAPERGRAPH_SHARED", ROOT.parent / "shared"))
    seeds = sorted((shared / "seeds").glob("*.txt"))
    return [str(p) for p in seeds] or [str(ROOT / "examples" / "lineage.txt")]


def timed(arguments: Sequence[str]) -> tuple[float, float, str]:
    """Seconds, peak memory in MB, and stdout of a papergraph command in a process of its own."""
    program = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)\n"
        "sys.stdout.buffer.write(done.stdout)\n"
        "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *COMMAND, *arguments], capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - started
    return seconds, int(done.stderr.split()[-1]) / 1024, done.stdout


def median_of(runs: int, arguments: Sequence[str]) -> float:
    """The median seconds of several runs of a command."""
    return statistics.median(timed(arguments)[0] for _ in range(runs))


def get(url: str) -> bytes:
    """What the service answers at an address."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


@contextmanager
def served(graph: str) -> Iterator[str]:
    """The address of an explorer over the graph, in a process of its own."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--graph", graph, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, "the service printed no address"
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)


def service(graph: str) -> tuple[float, float, float]:
    """Seconds until the service answers; median and 95th percentile of a neighbourhood's JSON in ms."""
    started = time.perf_counter()
    with served(graph) as address:
        get(address + "/healthz")
        ready = time.perf_counter() - started
        listing = json.loads(get(address + "/index.json"))["listings"][0]["id"]
        papers = json.loads(get(f"{address}/listings/{listing}.json"))["papers"][:60]
        urls = [f"{address}/graph.json?{urllib.parse.urlencode({'centre': p['id']})}" for p in papers]
        get(urls[0])  # the first picture imports pyvis
        times = []
        for url in urls:
            begun = time.perf_counter()
            get(url)
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        return ready, statistics.median(times), times[int(len(times) * 0.95)]


def main() -> None:
    """Builds a graph in a scratch folder, measures, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    files = options.files or default_files()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        graph = str(Path(folder) / "g")
        figures["full build, s"], figures["full build, peak MB"], summary = timed(
            ["build", *files, "--out", graph]
        )
        figures["unchanged rebuild, s"] = median_of(3, ["build", *files, "--out", graph])
        figures["papergraph --help, s"] = median_of(5, ["--help"])
        ready, median, high = service(graph)
        figures["service ready, s"] = ready
        figures["neighbourhood, median ms"] = median
        figures["neighbourhood, 95th percentile ms"] = high
    print(summary)
    print(
        f"{len(os.sched_getaffinity(0))} cores; this driver itself used "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_utime:.1f} s"
    )
    for name, value in figures.items():
        print(f"{name:36} {value:10.2f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
