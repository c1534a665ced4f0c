// The picture: vis-network draws what the server laid out; legend and sliders filter; panel and table follow the choice.
"use strict";
(() => {
  const figure = JSON.parse(document.getElementById("figure").textContent);
  const picture = document.getElementById("picture"), panel = document.getElementById("panel");
  const rows = [...document.querySelectorAll("#rows tr[data-node]")];
  const rowOf = new Map(rows.map((r) => [r.dataset.node, r]));
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const nodeOf = new Map(figure.nodes.map((n) => [n.id, n])), edgeOf = new Map(figure.edges.map((e) => [e.id, e]));
  const LINE = { stated: { width: 2.6, arrow: true }, inferred: { width: 1.8, arrow: true, dashes: [7, 5] }, cites: { width: 1.4, arrow: true, dashes: [2, 4] },
    similar: { width: 0.8, arrow: false } };

  const drawnNode = (n) => {
    const kind = n.type ? n.type.toLowerCase() : n.outside ? "outside" : "paper", fill = color(kind);
    return { id: n.id, label: n.label, shape: n.shape, size: n.size, x: n.x, y: n.y, borderWidth: n.centre ? 4 : 2,
      shapeProperties: { borderDashes: n.outside ? [4, 3] : false },
      color: { background: n.outside ? color("surface") : fill, border: n.centre ? color("focus") : fill,
        highlight: { background: n.outside ? color("surface") : fill, border: color("focus") } },
      font: { color: color("ink"), size: n.centre ? 17 : 14, strokeWidth: 4, strokeColor: color("surface") } };
  };
  const drawnEdge = (e) => {
    const line = LINE[e.kind] || { width: 0.8, arrow: false };
    return { id: e.id, from: e.from, to: e.to, width: line.width, dashes: line.dashes || false, arrows: line.arrow ? { to: { enabled: true, scaleFactor: 0.7 } } : "",
      color: { color: color(LINE[e.kind] ? e.kind : "task"), opacity: e.kind === "similar" ? 0.35 + 0.55 * e.weight : 0.9, highlight: color("focus") } };
  };
  const nodes = new vis.DataSet(figure.nodes.map(drawnNode)), edges = new vis.DataSet(figure.edges.map(drawnEdge));
  const network = new vis.Network(picture, { nodes, edges }, { ...figure.options, physics: { enabled: false } });
  network.once("afterDrawing", () => { picture.dataset.ready = "true"; });

  // Words for the panel; everything from papers goes in as text, never as markup.
  const el = (tag, text, attributes = {}) => {
    const e = document.createElement(tag);
    if (text) e.textContent = text;
    Object.entries(attributes).forEach(([k, v]) => e.setAttribute(k, v));
    return e;
  };
  const path = (base, id) => base + id.split("/").map(encodeURIComponent).join("/");
  const href = (n) => path(n.type ? panel.dataset.concepts : panel.dataset.papers, n.id);
  const recentre = (n) => { location.href = `${panel.dataset.graph}?${new URLSearchParams({ [n.type ? "concept" : "centre"]: n.id })}`; };
  const quote = (q, paper) => {
    const b = el("blockquote", "", { class: "small" });
    b.append(el("a", q.text, { class: "muted", href: `${path(panel.dataset.papers, paper)}?at=${q.field}:${q.start}-${q.end}#at` }));
    return b;
  };
  const why = (e) => {
    const li = el("li");
    li.append(el("div", e.words, { class: "small" }), ...e.evidence.map((q) => quote(q, e.paper)));
    return li;
  };
  const list = (items) => { const ul = el("ul", "", { class: "plain rows" }); ul.append(...items); return ul; };

  const showNode = async (n) => {
    const h = el("h3"), go = el("button", "Make it the centre", { class: "quiet", type: "button" });
    h.append(el("a", n.title, { href: href(n), class: "title" }));
    go.addEventListener("click", () => recentre(n));
    const own = figure.edges.filter((e) => (e.from === n.id || e.to === n.id) && !edges.get(e.id).hidden);
    const gist = el("p", "", { class: "small" });
    panel.replaceChildren(h, el("p", n.note, { class: "muted small" }), gist, go, list(own.map(why)));
    if (n.type) return;
    try {
      const answer = await fetch(`${href(n)}.json`);
      if (answer.ok) { const p = await answer.json(); gist.textContent = (p.gist && p.gist.text) || p.abstract.slice(0, 300); }
    } catch { /* the panel stands without it */ }
  };
  const showEdge = (e) => {
    const a = nodeOf.get(e.from), b = nodeOf.get(e.to), h = el("h3", { stated: "Builds on, stated in the text", inferred: "Builds on, inferred", similar: "Similar", cites: "Cites" }[e.kind] || e.kind);
    const ends = el("p", "", { class: "small" });
    ends.append(el("a", a.title, { href: href(a) }), e.kind === "similar" ? " and " : " → ", el("a", b.title, { href: href(b) }));
    panel.replaceChildren(h, ends, list([why(e)]));
  };
  const mark = (id) => rows.forEach((r) => { const on = r.dataset.node === id; r.setAttribute("aria-selected", String(on)); r.tabIndex = on ? 0 : -1; });
  const choose = (id, focus) => {
    network.selectNodes([id]);
    mark(id);
    if (focus) rowOf.get(id).focus();
    showNode(nodeOf.get(id));
  };
  network.on("click", ({ nodes: [n], edges: [e] }) => { if (n) choose(n); else if (e) { mark(null); rows[0].tabIndex = 0; showEdge(edgeOf.get(e)); } });
  network.on("doubleClick", ({ nodes: [n] }) => { if (n) recentre(nodeOf.get(n)); });

  rows.forEach((r) => {
    r.addEventListener("click", (e) => { if (!e.target.closest("a")) choose(r.dataset.node, true); });
    r.addEventListener("keydown", (e) => {
      const seen = rows.filter((x) => !x.hidden), i = seen.indexOf(r), next = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: seen.length - 1 }[e.key];
      if (next !== undefined && seen[next]) { e.preventDefault(); choose(seen[next].dataset.node, true); }
      if (e.key === "Enter" && e.target === r) { e.preventDefault(); recentre(nodeOf.get(r.dataset.node)); }
    });
  });

  // Filters: an edge shows if its kind is ticked and it is strong enough; a node that loses all its edges goes, but for centres.
  const ticks = [...document.querySelectorAll("[data-edge]")], limits = ["confidence", "similarity"].map((id) => document.getElementById(id));
  const filter = () => {
    const on = new Set(ticks.filter((t) => t.checked).map((t) => t.dataset.edge)), [sure, near] = limits.map((l) => Number(l.value));
    limits.forEach((l) => { l.nextElementSibling.value = Number(l.value).toFixed(2); });
    const seen = new Set(figure.nodes.filter((n) => n.centre).map((n) => n.id));
    edges.update(figure.edges.map((e) => {
      const shown = on.has(e.kind) && e.weight >= (e.kind === "similar" ? near : ["stated", "inferred"].includes(e.kind) ? sure : 0);
      if (shown) seen.add(e.from).add(e.to);
      return { id: e.id, hidden: !shown };
    }));
    nodes.update(figure.nodes.map((n) => ({ id: n.id, hidden: !seen.has(n.id) })));
    rows.forEach((r) => { r.hidden = !seen.has(r.dataset.node); });
  };
  ticks.forEach((t) => t.addEventListener("change", filter));
  limits.forEach((l) => l.addEventListener("input", filter));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { nodes.update(figure.nodes.map(drawnNode)); edges.update(figure.edges.map(drawnEdge)); filter(); });
})();
