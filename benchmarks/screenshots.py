"""Screenshots of every page in light, dark and at phone width, into out/screenshots (not in git).

`make screenshots`, or python benchmarks/screenshots.py [--graph DIR] [--out DIR]; without a graph the bundled
example is built first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright
from run import COMMAND, ROOT, served

sys.path.insert(0, str(ROOT / "tests"))

from support import CHROMIUM_HINT, chromium_args, find_chromium

VIEWS = {"light": ("light", 1280, 900), "dark": ("dark", 1280, 900), "phone": ("light", 390, 844)}


def pages(base: str) -> dict[str, str]:
    """The pages to look at: name to path, for the graph that the service shows."""

    def read(path: str) -> dict[str, object]:
        with urllib.request.urlopen(base + path, timeout=30) as answer:
            return dict(json.load(answer))

    stats = read("/index.json")["stats"]
    assert isinstance(stats, dict)
    model = (stats["top"]["Model"] or stats["top"]["Method"])[0]
    name = urllib.parse.quote(model["name"])
    papers = read(f"/connected.json?name={name}")["hits"]
    assert isinstance(papers, list)
    paper = urllib.parse.quote(papers[0]["id"])
    return {
        "home": "/",
        "search": f"/search?q={name}",
        "paper": f"/papers/{paper}",
        "concept": f"/concepts/{urllib.parse.quote(model['id'])}",
        "connected": f"/connected?name={name}",
        "graph-paper": f"/graph?centre={paper}",
        "graph-concept": f"/graph?concept={urllib.parse.quote(model['id'])}",
        "graph-concepts": f"/graph?centre={paper}&concepts=1",
        "lineage": f"/lineage?paper={paper}",
        "map": "/map",
        "map-cluster": "/map?cluster=1",
        "cypher": "/cypher",
        "api": "/api",
        "not-found": "/papers/none",
    }


def main() -> None:
    """Starts the service on the graph and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graph")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "screenshots")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        graph = options.graph or str(Path(folder) / "g")
        if not options.graph:
            subprocess.run([*COMMAND, "demo", "--no-serve", "--out", graph], check=True)
        with served(graph) as address:
            shoot(address, options.out)


def shoot(base: str, out: Path) -> None:
    """One picture a page and view; prints what the console of a page says."""
    path = find_chromium()
    if path is None:
        sys.exit(CHROMIUM_HINT)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=chromium_args())
        for view, (scheme, width, height) in VIEWS.items():
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
            page = context.new_page()
            page.on("console", lambda message: print("console:", message.text))
            for name, path in pages(base).items():
                page.goto(base + path)
                if page.locator("#picture").count():
                    page.wait_for_selector("#picture[data-ready]")
                page.screenshot(path=out / f"{name}-{view}.png", full_page="graph" not in name)
                print(out / f"{name}-{view}.png")
        browser.close()


if __name__ == "__main__":
    main()
