// The picture: vis-network draws what the server laid out. The address holds the whole state; a step asks the server for the page of the
// new address and takes its parts over, so that a copied link, a step and a step back all give the same picture.
import { drawLabels, drawnEdge, drawnNode, frame } from "./graph-draw.js";
import { panel } from "./graph-panel.js";
import { filters, table } from "./graph-table.js";
import { takeAway } from "./graph-take.js";

const picture = document.getElementById("picture"), root = document.querySelector(".graph");
root.classList.add("scripted"); // every change is drawn at once, so the form needs no button
let figure = null, nodeOf = new Map(), edgeOf = new Map(), chosen = null, hovered = null;
const read = (from) => {
  figure = JSON.parse(from.getElementById("figure").textContent);
  nodeOf = new Map(figure.nodes.map((n) => [n.id, n]));
  edgeOf = new Map(figure.edges.map((e) => [e.id, e]));
};
read(document);

const nodes = new vis.DataSet(), edges = new vis.DataSet();
const rows = table(document.getElementById("rows"));
const filter = filters(root, rows, () => { paint(); remember(); });
const says = panel(document.getElementById("panel"));
const boxOf = (id) => [...document.querySelectorAll("#rows input.tick")].find((b) => b.value === id);
const ticked = () => new Set([...document.querySelectorAll("#rows input.tick:checked")].map((b) => b.value));
// vis-network takes most of a step's time to put in things that it has already.
const differs = (held, wanted) => !held || Object.keys(wanted).some((k) => JSON.stringify(held[k]) !== JSON.stringify(wanted[k]));
const paint = () => {
  const seen = filter.seen(figure), marked = ticked();
  const wantedNodes = figure.nodes.map((n) => ({ ...drawnNode({ ...n, ticked: marked.has(n.id) }), hidden: !seen.nodes.has(n.id) }));
  const wantedEdges = figure.edges.map((e) => ({ ...drawnEdge(e), hidden: !seen.edges.has(e.id) }));
  edges.remove(edges.getIds().filter((id) => !edgeOf.has(id)));
  nodes.remove(nodes.getIds().filter((id) => !nodeOf.has(id)));
  nodes.update(wantedNodes.filter((n) => differs(nodes.get(n.id), n)));
  edges.update(wantedEdges.filter((e) => differs(edges.get(e.id), e)));
  rows.show(seen.nodes);
};
paint();
const network = new vis.Network(picture, { nodes, edges }, figure.options);
picture.querySelector(".vis-network").tabIndex = -1;
// All of it fills the picture, at whatever size, until the reader moves or zooms it.
let whole = true;
const fit = () => { whole = true; network.moveTo(frame(figure.nodes, picture)); };
const zoom = (by) => { whole = false; network.moveTo({ scale: network.getScale() * by }); };
fit();
network.on("resize", () => { if (whole) requestAnimationFrame(fit); });
network.on("zoom", () => { whole = false; });
network.on("afterDrawing", (ctx) => drawLabels(ctx, network, figure.nodes.filter((n) => !nodes.get(n.id)?.hidden), chosen, hovered));
// Marks of time, for benchmarks/browser.py.
network.once("afterDrawing", () => { picture.dataset.ready = "true"; performance.mark("picture-drawn"); });

// --- the address ---------------------------------------------------------------------------------------
const params = () => new URLSearchParams(location.search);
const remember = () => {
  const p = filter.write(params());
  history.replaceState(history.state, "", `${location.pathname}?${p}`);
  syncForm(p);
};
const syncForm = (p) => {
  const own = new Set(["depth", "max", "concepts", "kind"]);
  document.getElementById("state").replaceChildren(...[...p].filter(([k]) => !own.has(k)).map(([name, value]) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    return input;
  }));
};
let asked = 0;
const load = async (anew) => {
  const mine = ++asked;
  root.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    if (!answer.ok || !page.getElementById("figure")) return location.reload();
    read(page);
    for (const id of ["heading", "legend", "notes", "take"]) {
      document.getElementById(id)?.replaceChildren(...page.getElementById(id).childNodes);
    }
    const marked = ticked();
    document.querySelector("#rows tbody").replaceChildren(...page.querySelector("#rows tbody").children);
    marked.forEach((id) => { const box = boxOf(id); if (box) box.checked = true; });
    document.dispatchEvent(new Event("rows"));
    document.querySelector("#view").querySelectorAll("select, [type=checkbox]").forEach((field) => {
      const now = page.querySelector(`#view [name="${field.name}"]${field.type === "checkbox" ? `[value="${field.value}"]` : ""}`);
      if (field.type === "checkbox") field.checked = now.hasAttribute("checked");
      else field.value = now.querySelector("[selected]")?.value ?? now.querySelector("option").value;
    });
    document.title = page.title;
    syncForm(params());
    rows.read();
    filter.read(params());
    paint();
    if (anew) fit();
    if (chosen && nodeOf.has(chosen)) choose(chosen); else release();
    network.once("afterDrawing", () => performance.mark("step-drawn"));
    network.redraw();
  } finally {
    if (mine === asked) root.removeAttribute("aria-busy");
  }
};
const step = (change, anew = false) => {
  performance.mark("step-asked");
  const p = params();
  change(p);
  history.pushState({ ours: true }, "", `${location.pathname}?${p}`);
  return load(anew);
};
addEventListener("popstate", () => load(false));

// --- choosing, and what can be done to what is chosen ------------------------------------------------------
const buttons = Object.fromEntries([...document.querySelectorAll("[data-do]")].map((b) => [b.dataset.do, b]));
const allow = () => {
  const n = nodeOf.get(chosen);
  ["expand", "recentre", "hide"].forEach((b) => { buttons[b].disabled = !n; });
  buttons.unpin.disabled = !n?.pinned;
  buttons.tick.disabled = !n || Boolean(n.type);
};
const release = () => { chosen = null; network.unselectAll(); rows.mark(null); allow(); };
const choose = (id, focus) => {
  chosen = id;
  const n = nodeOf.get(id);
  network.selectNodes([id]);
  rows.mark(id, focus);
  allow();
  says.node(n, figure.edges.filter((e) => (e.from === id || e.to === id) && !edges.get(e.id).hidden), nodeOf);
  rows.reveal();
};
const chooseEdge = (id) => {
  const e = edgeOf.get(id);
  release();
  network.selectEdges([id]);
  says.edge(e, nodeOf.get(e.from), nodeOf.get(e.to));
};
const without = (p, name, keep) => { const left = p.getAll(name).filter(keep); p.delete(name); left.forEach((v) => p.append(name, v)); };
const pinOf = (text) => text.split(",").slice(2).join(",");
const DO = {
  back: () => { if (history.state?.ours) history.back(); },
  expand: () => step((p) => { without(p, "expand", (v) => v !== chosen); p.append("expand", chosen); }),
  recentre: () => {
    const n = nodeOf.get(chosen);
    return step((p) => {
      ["centre", "concept", "expand", "hide", "pin"].forEach((name) => p.delete(name));
      p.append(n.type ? "concept" : "centre", n.id);
      if (p.get("depth") === "0") p.delete("depth");
    }, true);
  },
  hide: () => { const gone = chosen, next = rows.beside(gone); return step((p) => p.append("hide", gone)).then(() => { if (next) choose(next, true); }); },
  tick: () => boxOf(chosen)?.click(),
  unpin: () => step((p) => without(p, "pin", (v) => pinOf(v) !== chosen)),
  fit,
  in: () => zoom(1.3),
  out: () => zoom(1 / 1.3),
};
const KEYS = { Enter: "expand", c: "recentre", h: "hide", Delete: "hide", Backspace: "back", p: "unpin", f: "fit", " ": "tick" };
Object.entries(buttons).forEach(([name, b]) => b.addEventListener("click", () => DO[name]()));
rows.onChoose(choose);
rows.onKey((key, id) => {
  const what = KEYS[key];
  if (!what) return false;
  if (chosen !== id) choose(id, true);
  if (!buttons[what].disabled) Promise.resolve(DO[what]()).then(() => rows.focus());
  return true;
});

document.addEventListener("change", (event) => { if (event.target.matches("#rows input.tick")) paint(); });
network.on("click", ({ nodes: [n], edges: [e], event: { srcEvent } }) => {
  if (n) { choose(n); if (srcEvent.ctrlKey || srcEvent.metaKey) DO.tick(); } else if (e) chooseEdge(e); else release();
});
network.on("doubleClick", ({ nodes: [n] }) => { if (n) { choose(n); DO.expand(); } });
network.on("hoverNode", ({ node }) => { hovered = node; picture.title = nodeOf.get(node).name; network.redraw(); });
network.on("blurNode", () => { hovered = null; picture.title = ""; network.redraw(); });
network.on("dragEnd", ({ nodes: [id] }) => {
  whole = false;
  if (!id) return;
  const { x, y } = network.getPosition(id), n = nodeOf.get(id);
  Object.assign(n, { x: Math.round(x), y: Math.round(y), pinned: true });
  const p = params();
  without(p, "pin", (v) => pinOf(v) !== id);
  p.append("pin", `${n.x},${n.y},${id}`);
  history.pushState({ ours: true }, "", `${location.pathname}?${p}`);
  syncForm(p);
  nodes.update({ id, x: n.x, y: n.y });
  choose(id);
});

document.getElementById("view").addEventListener("change", (event) => event.target.form.requestSubmit());
document.getElementById("view").addEventListener("submit", (event) => {
  event.preventDefault();
  const p = new URLSearchParams(new FormData(event.target));
  history.pushState({ ours: true }, "", `${location.pathname}?${p}`);
  load(true);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
takeAway(root, () => ({ nodes: figure.nodes.filter((n) => !nodes.get(n.id).hidden), edges: figure.edges.filter((e) => !edges.get(e.id).hidden) }));
