// The table in step with the picture: one choice, one order, one set of filters.
export const table = (element) => {
  const body = element.querySelector("tbody");
  let rows = [], onChoose = () => {}, onKey = () => false;
  const read = () => { rows = [...body.querySelectorAll("tr[data-node]")]; };
  read();
  const visible = () => rows.filter((r) => !r.hidden);
  const mark = (id, focus) => {
    const chosen = rows.find((r) => r.dataset.node === id);
    rows.forEach((r) => { r.setAttribute("aria-selected", String(r === chosen)); r.tabIndex = -1; });
    const stop = chosen && !chosen.hidden ? chosen : visible()[0];
    if (stop) stop.tabIndex = 0;
    if (chosen && focus) chosen.focus();
  };
  body.addEventListener("click", (e) => {
    const row = e.target.closest("tr[data-node]");
    if (row && !e.target.closest("a")) onChoose(row.dataset.node, true);
  });
  body.addEventListener("keydown", (e) => {
    const row = e.target;
    if (!row.matches("tr[data-node]") || e.ctrlKey || e.metaKey || e.altKey) return;
    const seen = visible(), i = seen.indexOf(row), next = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: seen.length - 1 }[e.key];
    if (seen[next]) { e.preventDefault(); onChoose(seen[next].dataset.node, true); }
    else if (onKey(e.key, row.dataset.node)) e.preventDefault();
  });
  const compare = (key) => (a, b) => {
    const x = a.dataset[key], y = b.dataset[key];
    return ["year", "degree"].includes(key) ? Number(x || 0) - Number(y || 0) : x.localeCompare(y);
  };
  return {
    read, mark,
    all: () => rows,
    show: (ids) => { rows.forEach((r) => { r.hidden = !ids.has(r.dataset.node); }); },
    beside: (id) => { const seen = visible(), i = seen.findIndex((r) => r.dataset.node === id); return (seen[i + 1] || seen[i - 1])?.dataset.node; },
    // Brings the chosen row into view where the table scrolls in itself, and leaves the page where it is.
    reveal: () => {
      const row = body.querySelector("[aria-selected=true]"), box = element.parentElement;
      if (!row || row.hidden || box.scrollHeight <= box.clientHeight) return;
      const { top, bottom } = row.getBoundingClientRect(), frame = box.getBoundingClientRect(), head = element.tHead.offsetHeight;
      if (top < frame.top + head) box.scrollTop -= frame.top + head - top; else if (bottom > frame.bottom) box.scrollTop += bottom - frame.bottom;
    },
    focus: () => body.querySelector("[aria-selected=true]")?.focus(),
    onChoose: (f) => { onChoose = f; },
    onKey: (f) => { onKey = f; },
    // sort: "", "title" or "-title"; "" is the order that the server gave, nearest first
    sort: (by) => {
      const key = by.replace("-", ""), down = by.startsWith("-");
      element.querySelectorAll("th[data-key]").forEach((th) => {
        if (th.dataset.key === key) th.setAttribute("aria-sort", down ? "descending" : "ascending"); else th.removeAttribute("aria-sort");
      });
      const order = key ? [...rows].sort((a, b) => (down ? -1 : 1) * compare(key)(a, b)) : rows;
      body.append(...order);
      if (key) rows = order;
    },
  };
};

// Legend, sliders and the filters of the table. An edge shows if its kind is ticked, it is strong enough and both ends show; a node shows
// if its kind is ticked, it passes the filters and an edge of the kinds ticked touches it; centres always show.
export const filters = (root, rows, changed) => {
  const field = (id) => document.getElementById(id);
  const TEXTS = ["find", "only", "role", "listing", "since"];
  const state = { off: new Set(), without: new Set(), sure: 0, near: 0, find: "", only: "", role: "", listing: "", since: "", sort: "", table: "" };
  // Abstracts come when a filter first asks for words, and anew where the picture holds other papers.
  let texts = new Map(), asked = "";
  const fetchTexts = async () => {
    const box = field("find"), from = `${box.dataset.abstracts}${location.search}`;
    if (!state.find || rows.all().every((r) => texts.has(r.dataset.node)) || asked === from) return;
    asked = from;
    try {
      const answer = await fetch(from);
      if (!answer.ok) return;
      const { abstracts } = await answer.json();
      rows.all().forEach((r) => texts.set(r.dataset.node, (abstracts[r.dataset.node] || "").toLocaleLowerCase()));
      changed();
    } catch { /* titles are filtered all the same */ }
  };
  const read = (p) => {
    state.off = new Set(p.getAll("off"));
    for (const name of ["sure", "near"]) state[name] = Math.min(1, Math.max(0, Number(p.get(name)) || 0));
    state.without = new Set(p.getAll("without"));
    for (const name of [...TEXTS, "sort", "table"]) state[name] = p.get(name) || "";
    place();
    root.querySelectorAll("[data-off]").forEach((box) => { box.checked = !state.off.has(box.dataset.off); });
    for (const name of ["sure", "near", ...TEXTS]) field(name).value = state[name];
    showColumns();
    fetchTexts();
    rows.sort(state.sort);
    outputs();
  };
  // Where the table stands on a wide screen: beside the picture, or below it.
  const place = () => { root.classList.toggle("apart", state.table === "below"); field("beside").checked = state.table !== "below"; };
  const showColumns = () => root.querySelectorAll("[data-column]").forEach((box) => {
    box.checked = !state.without.has(box.dataset.column);
    document.getElementById("rows").classList.toggle(`no-${box.dataset.column}`, !box.checked);
  });
  const outputs = () => ["sure", "near"].forEach((name) => { field(name).nextElementSibling.value = state[name].toFixed(2); });
  const write = (p) => {
    Object.entries(state).forEach(([name, v]) => {
      p.delete(name);
      if (v instanceof Set) v.forEach((one) => p.append(name, one)); else if (v) p.set(name, v);
    });
    return p;
  };
  const seen = (figure) => {
    const strong = (e) => !state.off.has(e.kind) && e.weight >= (e.kind === "similar" ? state.near : ["stated", "inferred", "corrected"].includes(e.kind) ? state.sure : 0);
    const kept = figure.edges.filter(strong), touched = new Set(kept.flatMap((e) => [e.from, e.to]));
    const had = new Set(figure.edges.flatMap((e) => [e.from, e.to])), words = state.find.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rowOf = new Map(rows.all().map((r) => [r.dataset.node, r.dataset]));
    const passes = (n) => {
      if (n.centre) return true;
      const row = rowOf.get(n.id);
      if (state.off.has(n.kind) || (had.has(n.id) && !touched.has(n.id))) return false;
      if (state.only && n.kind !== state.only) return false;
      if (state.since && !(Number(row.year) >= Number(state.since))) return false;
      if (state.role && !row.roles.split(" ").includes(state.role)) return false;
      if (state.listing && !row.listings.split(" ").includes(state.listing)) return false;
      const text = `${row.title.toLocaleLowerCase()} ${texts.get(n.id) || ""}`;
      return words.every((w) => text.includes(w));
    };
    const shown = new Set(figure.nodes.filter(passes).map((n) => n.id));
    field("count").value = shown.size === figure.nodes.length ? "" : `showing ${shown.size} of ${figure.nodes.length} drawn`;
    return { nodes: shown, edges: new Set(kept.filter((e) => shown.has(e.from) && shown.has(e.to)).map((e) => e.id)) };
  };
  field("beside").addEventListener("change", (e) => { state.table = e.target.checked ? "" : "below"; place(); changed(); });
  root.addEventListener("change", (e) => {
    const column = e.target.dataset.column;
    if (column) {
      if (e.target.checked) state.without.delete(column); else state.without.add(column);
      showColumns();
      return changed();
    }
    const kind = e.target.dataset.off;
    if (!kind) return;
    if (e.target.checked) state.off.delete(kind); else state.off.add(kind);
    changed();
  });
  ["sure", "near"].forEach((name) => field(name).addEventListener("input", (e) => { state[name] = Number(e.target.value); outputs(); changed(); }));
  TEXTS.forEach((name) => field(name).addEventListener("input", (e) => { state[name] = e.target.value.trim(); changed(); if (name === "find") fetchTexts(); }));
  document.querySelectorAll("#rows th[data-key] button").forEach((b) => b.addEventListener("click", () => {
    const key = b.parentElement.dataset.key;
    state.sort = state.sort === key ? `-${key}` : key;
    rows.sort(state.sort);
    changed();
  }));
  read(new URLSearchParams(location.search));
  return { read, write, seen };
};
