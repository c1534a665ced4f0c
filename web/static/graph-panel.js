// The panel: what is chosen, and why it is there, in words. Everything from papers goes in as text, never as markup.
const el = (tag, text, attributes = {}) => {
  const e = document.createElement(tag);
  if (text) e.textContent = text;
  Object.entries(attributes).forEach(([k, v]) => e.setAttribute(k, v));
  return e;
};
const path = (base, id) => base + id.split("/").map(encodeURIComponent).join("/");
const KIND = { stated: "Builds on, stated in the text", inferred: "Builds on, inferred", corrected: "Builds on, said by a reader", similar: "Similar", cites: "Cites", shares: "Both name a rare concept",
  introduces: "Introduces", builds_on: "Extends", evaluates_on: "Evaluates on", uses: "Uses", compares_with: "Compares with", mentions: "Mentions", variant_of: "Is a variant of" };

export const panel = (box) => {
  let turn = 0;
  const href = (n) => path(n.type ? box.dataset.concepts : box.dataset.papers, n.id);
  const quote = (q, paper) => {
    const b = el("blockquote", "", { class: "small" });
    b.append(el("a", q.text, { class: "muted", href: `${path(box.dataset.papers, paper)}?at=${q.field}:${q.start}-${q.end}#at` }));
    return b;
  };
  const why = (e, other) => {
    const li = el("li");
    li.append(el("div", e.words, { class: "small" }));
    if (other) li.append(el("a", other.name, { href: href(other), class: "small title" }));
    li.append(...e.evidence.map((q) => quote(q, e.paper)));
    return li;
  };
  const list = (items) => { const ul = el("ul", "", { class: "plain rows" }); ul.append(...items); return ul; };

  // An abstract in which the given places are marked; overlapping places are marked once.
  const marked = (text, places) => {
    const p = el("p", "", { class: "small" });
    let at = 0;
    for (const [start, end] of places.sort((a, b) => a[0] - b[0])) {
      if (end <= at) continue;
      p.append(text.slice(at, Math.max(start, at)), el("mark", text.slice(Math.max(start, at), end)));
      at = end;
    }
    p.append(text.slice(at));
    return p;
  };
  const abstractOf = async (id, quotes, mine) => {
    try {
      const answer = await fetch(`${path(box.dataset.papers, id)}.json`);
      if (!answer.ok || mine !== turn) return;
      const p = await answer.json();
      if (mine !== turn || !p.abstract) return;
      const wanted = [...quotes, ...(quotes.length || !p.gist ? [] : [p.gist])].filter((q) => q.field === "abstract");
      box.append(el("h4", "Abstract"), marked(p.abstract, wanted.map((q) => [q.start, q.end])));
    } catch { /* the panel stands without it */ }
  };
  const start = (...parts) => { box.replaceChildren(...parts); box.scrollTop = 0; return ++turn; };
  const link = (n) => el("a", n.name, { href: href(n), class: "title" });

  const node = (n, own, nodeOf) => {
    const h = el("h3"), note = n.pinned ? `${n.note}, pinned` : n.note;
    h.append(link(n));
    const mine = start(h, el("p", note, { class: "muted small" }),
      own.length ? list(own.map((e) => why(e, nodeOf.get(e.from === n.id ? e.to : e.from)))) : el("p", "No edge of those drawn touches it.", { class: "small" }));
    if (!n.type) abstractOf(n.id, own.filter((e) => e.paper === n.id).flatMap((e) => e.evidence), mine);
  };
  const edge = (e, a, b) => {
    const ends = el("p", "", { class: "small" });
    ends.append(link(a), e.arrows ? " → " : " and ", link(b));
    const mine = start(el("h3", KIND[e.kind] || e.kind), ends, list([why(e)]));
    if (e.evidence.length) abstractOf(e.paper, e.evidence, mine);
  };
  return { node, edge };
};
