"""How long people wait: the server's answers by kind of page, and the picture in Chromium.

`make bench`, or python benchmarks/browser.py [--graph DIR] [--json FILE]; without a graph the listings in
seeds/ of PAPERGRAPH_SHARED (default: shared/ beside the checkout) are built first, else the bundled example.
Each answer is asked for once before it is timed, as for the second visitor; every kind of page by several
papers or concepts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from run import COMMAND, default_files

OF_EACH = 15  # papers or concepts by which a kind of page is asked for
RUNS = 5  # of the picture
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
SETTLE = 1500  # ms after the picture is drawn, in which nothing may move
WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => shifts.push([e.startTime, e.value])))
  .observe({ type: "layout-shift", buffered: true });"""


def get(url: str) -> bytes:
    """What the service answers at an address."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def read(base: str, path: str) -> dict[str, Any]:
    """A JSON answer."""
    return dict(json.loads(get(base + path)))


def query(path: str, **parts: object) -> str:
    """An address with its query string."""
    return f"{path}?{urllib.parse.urlencode(parts, doseq=True)}"


def addresses(base: str) -> dict[str, list[str]]:
    """By kind of page, the addresses that are timed: papers all over a listing, the best known concepts."""
    start = read(base, "/index.json")
    listing = start["listings"][0]["id"]
    papers = [p["id"] for p in read(base, f"/listings/{urllib.parse.quote(listing)}.json")["papers"]]
    papers = papers[:: max(1, len(papers) // OF_EACH)][:OF_EACH]
    concepts = [c for rows in start["stats"]["top"].values() for c in rows[:5]][:OF_EACH]
    pairs = list(pairwise(concepts))
    quote = urllib.parse.quote
    return {
        "start": ["/"],
        "search": [query("/search", q=c["name"], quick=1) for c in concepts],
        "paper": [f"/papers/{quote(p)}" for p in papers],
        "concept": [f"/concepts/{quote(c['id'])}" for c in concepts],
        "connected": [query("/connected", name=c["name"]) for c in concepts],
        "graph of a paper": [query("/graph", centre=p) for p in papers],
        "graph of a paper, 2 steps": [query("/graph", centre=p, depth=2) for p in papers],
        "graph of a concept": [query("/graph", concept=c["id"]) for c in concepts],
        "lineage": [query("/lineage", paper=p) for p in papers],
        "map": ["/map"],
        "listing": [f"/listings/{quote(listing)}"],
        "near, same problem": [query("/near", paper=p, view="problem") for p in papers],
        "compare": [query("/compare", paper=papers[i : i + 6]) for i in range(len(papers) - 5)],
        "benchmarks": [query("/benchmarks", concept=c["id"]) for c in concepts],
        "route": [query("/route", concept=c["id"]) for c in concepts],
        "between": [query("/between", a_concept=a["id"], b_concept=b["id"]) for a, b in pairs],
        "claims": [query("/claims", name=c["name"]) for c in concepts],
        "path": [query("/path", a=a, b=b) for a, b in pairwise(papers)],
        "collections": ["/collections"],
        "cypher": ["/cypher"],
    }


def server_times(base: str) -> dict[str, tuple[float, float]]:
    """By kind of page, the median and the longest of its addresses, in ms."""
    found = {}
    for kind, paths in addresses(base).items():
        times = []
        for path in paths:
            get(base + path)
            started = time.perf_counter()
            get(base + path)
            times.append((time.perf_counter() - started) * 1000)
        found[kind] = statistics.median(times), max(times)
    return found


def largest_picture(base: str) -> str:
    """The address of the concept's neighbourhood that has most nodes, at most 150."""
    concepts = [c["id"] for rows in read(base, "/index.json")["stats"]["top"].values() for c in rows[:3]]
    paths = [query("/graph", concept=c, max=150) for c in concepts]
    return max(paths, key=lambda p: len(read(base, p.replace("/graph?", "/graph.json?"))["nodes"]))


def picture(page: Page, address: str) -> dict[str, float]:
    """One visit to a picture: ms until it is drawn and until a node is opened in place, and how far things
    moved after it was drawn (the sum of layout shifts, https://web.dev/articles/cls).
    """
    page.goto(address)
    page.locator("#picture[data-ready]").wait_for()
    drawn = page.evaluate("performance.getEntriesByName('picture-drawn')[0].startTime")
    page.wait_for_timeout(SETTLE)
    shifts = page.evaluate("window.shifts")
    nodes = page.locator("#rows tr[data-node]").count()
    page.locator("#rows tr[data-node]").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("performance.getEntriesByName('step-drawn').length")
    opened = page.evaluate("performance.measure('step', 'step-asked', 'step-drawn').duration")
    return {
        "nodes": nodes,
        "first picture, ms": drawn,
        "open in place, ms": opened,
        "layout shift after drawing": sum(value for at, value in shifts if at > drawn),
    }


def in_browser(base: str) -> dict[str, float]:
    """The medians of several visits, each of a browser without a cache."""
    address = base + largest_picture(base)
    visits = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for _ in range(RUNS + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            context.add_init_script(WATCH_SHIFTS)
            visits.append(picture(context.new_page(), address))
            context.close()
        browser.close()
    return {key: statistics.median(v[key] for v in visits[1:]) for key in visits[0]}


def main() -> None:
    """Serves a graph, measures, prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graph")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = options.graph or str(Path(folder) / "g")
        if not options.graph:
            subprocess.run(
                [*COMMAND, "build", *default_files(), "--out", graph], check=True, stdout=sys.stderr
            )
        process = subprocess.Popen(
            [*COMMAND, "serve", "--graph", graph, "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None, "the service printed no address"
            base = found[0].rstrip("/")
            times, seen = server_times(base), in_browser(base)
        finally:
            process.terminate()
            process.wait(20)
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'page':28} {'median ms':>10} {'longest':>10}")
    for kind, (median, longest) in times.items():
        print(f"{kind:28} {median:10.1f} {longest:10.1f}")
    print(f"{'all kinds, median':28} {statistics.median(m for m, _ in times.values()):10.1f}")
    for name, value in seen.items():
        print(f"{name:28} {value:10.3f}")
    if options.json:
        options.json.write_text(json.dumps({"server": times, "browser": seen}, indent=1) + "\n")


if __name__ == "__main__":
    main()
