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

  // What a reader can say against an edge: a form that the server answers with the list of corrections.
  const ROLES = ["introduces", "builds_on", "evaluates_on", "uses", "compares_with", "mentions"];
  const wrong = (e) => {
    const details = el("details", "", { class: "fix" }), isRole = ROLES.includes(e.kind);
    if (!isRole && !["stated", "inferred", "corrected", "similar"].includes(e.kind)) return [];
    details.append(el("summary", "This is wrong"));
    if (box.dataset.correctOff) {
      details.append(el("p", `It cannot be corrected here: ${box.dataset.correctOff}.`, { class: "small muted" }));
      return [details];
    }
    const form = el("form", "", { method: "post", action: box.dataset.correct, class: "line" });
    const field = (name, value) => form.append(el("input", "", { type: "hidden", name, value }));
    const button = (text, kind) => form.append(el("button", text, { class: "quiet small", name: "kind", value: kind }));
    field("paper", e.from);
    if (isRole) {
      field("name", e.to);
      const select = el("select", "", { name: "role", "aria-label": "Role" });
      ROLES.forEach((r) => { const o = el("option", r.replaceAll("_", " "), { value: r }); o.selected = r === e.kind; select.append(o); });
      form.append(select);
      button("Set the role", "role");
      button("It is no entity in this paper", "not-entity");
    } else {
      field("other", e.to);
      field("value", e.kind === "similar" ? "similar" : "builds_on");
      const label = el("label", "Why, if you like ");
      label.append(el("input", "", { type: "text", name: "note", maxlength: "500" }));
      form.append(label);
      button("Drop the edge", "drop-edge");
    }
    details.append(form);
    return [details];
  };

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
    const mine = start(el("h3", KIND[e.kind] || e.kind), ends, list([why(e)]), ...wrong(e));
    if (e.evidence.length) abstractOf(e.paper, e.evidence, mine);
  };
  return { node, edge };
};
