// The pages of the file: each takes the data and gives { title, parts }. Everything from papers goes in as text.
"use strict";
const el = (tag, attributes, ...parts) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) if (v !== null && v !== undefined && v !== false) e.setAttribute(k, v);
  e.append(...parts.flat(Infinity).filter((p) => p !== null && p !== undefined && p !== ""));
  return e;
};
const plural = (n, word) => (n === 1 ? `1 ${word}` : `${n.toLocaleString("en")} ${word}s`);
const address = (page, id, at) => `#/${page}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${at ? `@${at.join("-")}` : ""}`;

const pagesOf = (data, search, map) => {
  const STEP = 100, RESULTS = 60, SHOWN = 1;
  const RELATION = { builds_on: "builds on", built_on_by: "is built on by", cites: "cites", cited_by: "is cited by" };
  const { papers, concepts, words } = data;
  const clusters = [...data.clusters];
  if (data.alone.length) clusters.push({ key: "alone", name: "In no cluster", papers: data.alone });

  // What the pages look up: edges by either end, variants, papers and clusters of each.
  papers.forEach((p) => { p.relations = []; });
  concepts.forEach((c) => { c.variants = []; c.namedBy = []; });
  concepts.forEach((c) => c.bases.forEach((b) => concepts[b].variants.push(c)));
  papers.forEach((p) => p.named.forEach((n) => concepts[n.concept].namedBy.push({ paper: p, ...n })));
  data.builds_on.forEach((e) => {
    papers[e.from].relations.push({ ...e, relation: "builds_on", other: papers[e.to], quoted: papers[e.from] });
    papers[e.to].relations.push({ ...e, relation: "built_on_by", other: papers[e.from], quoted: papers[e.from] });
  });
  data.cites.forEach(([a, b]) => {
    papers[a].relations.push({ relation: "cites", other: papers[b], evidence: [] });
    papers[b].relations.push({ relation: "cited_by", other: papers[a], evidence: [] });
  });
  clusters.forEach((c) => c.papers.forEach((p) => { papers[p].cluster = c; }));
  const paperBy = new Map(papers.map((p) => [p.id, p])), conceptBy = new Map(concepts.map((c) => [c.id, c]));

  const paperLink = (p) => [el("a", { class: "title", href: address("papers", p.id) }, p.title),
    el("span", { class: "tag" }, [p.year, p.kind].filter(Boolean).map((x) => ` · ${x}`), p.listed ? "" : " · not in the listings")];
  const chip = (c, note) => el("a", { class: `chip ${c.type}`, href: address("concepts", c.id) }, el("span", {}, c.name), note ? el("span", { class: "muted" }, note) : "");
  const chips = (items) => el("p", { class: "chips" }, items);
  const rows = (items, tag = "ul") => el(tag, { class: "plain rows" }, items.map((x) => el("li", {}, x)));
  const quote = (q, paper) => el("blockquote", { class: "small" },
    q.at ? el("a", { class: "muted", href: address("papers", paper.id, q.at), title: "Open at this sentence" }, q.text) : q.text);
  const evidence = (quotes, paper) => [quotes.slice(0, SHOWN).map((q) => quote(q, paper)),
    quotes.length > SHOWN ? el("details", {}, el("summary", {}, `${quotes.length - SHOWN} more`), quotes.slice(SHOWN).map((q) => quote(q, paper))) : ""];
  const sure = (value) => el("span", { class: "tag", title: "How sure papergraph is of this" }, ` · ${value.toFixed(2)}`);
  const section = (title, ...parts) => [el("h2", {}, title), parts];
  const empty = (text) => el("p", { class: "empty" }, text);
  const heading = (text) => el("h1", { tabindex: "-1" }, text);

  // A long list, a piece at a time.
  const long = (items, draw, tag = "ul", kind = "plain rows") => {
    const list = el(tag, { class: kind }), more = el("button", { type: "button", class: "quiet more" });
    const show = () => {
      const at = list.children.length;
      list.append(...items.slice(at, at + STEP).map((x) => el("li", {}, draw(x))));
      const left = items.length - list.children.length;
      more.hidden = left <= 0;
      more.textContent = `Show ${Math.min(STEP, left).toLocaleString("en")} more of ${left.toLocaleString("en")}`;
      return list.children[at];
    };
    more.addEventListener("click", () => { const next = show().querySelector("a"); if (next) next.focus(); });
    show();
    return [list, more];
  };

  const abstract = (paper, lit) => {
    const p = el("p", { class: "abstract" });
    let from = 0, first = true;
    for (const piece of paper.abstract) {
      const [text, concept, role] = typeof piece === "string" ? [piece] : piece;
      const [a, b] = lit ? lit.map((x) => Math.min(Math.max(x - from, 0), text.length)) : [0, 0];
      const parts = a < b ? [text.slice(0, a), el("span", { class: "lit", id: first ? "at" : null }, text.slice(a, b)), text.slice(b)] : [text];
      if (a < b) first = false;
      if (concept === undefined) p.append(...parts);
      else {
        const c = concepts[concept];
        p.append(el("a", { class: `entity ${c.type}`, href: address("concepts", c.id), title: `${c.type}, ${words.roles[role]}` }, parts));
      }
      from += text.length;
    }
    return p;
  };
  const textOf = (p, lit) => {
    if (p.abstract.length) return section("Abstract", abstract(p, lit));
    if (p.has_abstract) return empty("The abstract was left out, to keep this file small.");
    return p.listed ? empty("The listing gives no abstract for this paper.") : "";
  };

  const named = (p) => Object.entries(words.roles).map(([role, word]) => {
    const here = p.named.filter((n) => n.role === role);
    return here.length ? [el("h3", { class: "role" }, word), rows(here.map((n) => [
      chip({ ...concepts[n.concept], name: n.name, type: n.type }, concepts[n.concept].count > 1 ? concepts[n.concept].count : ""),
      sure(n.confidence), evidence(n.evidence, p)]))] : "";
  });
  const relations = (p) => {
    // What it builds on before what it cites, then the other way round; stated before inferred.
    const rank = (r) => 4 * r.relation.endsWith("_by") + 2 * r.relation.startsWith("cite") + (r.basis === "inferred");
    const sorted = [...p.relations].sort((a, b) => rank(a) - rank(b) || (b.confidence || 0) - (a.confidence || 0));
    return rows(sorted.map((r) => [
      el("span", { class: "tag" }, RELATION[r.relation], r.basis ? ` · ${r.basis === "corrected" ? "said by a reader" : r.basis}` : "", r.confidence === undefined ? "" : ` · ${r.confidence.toFixed(2)}`), el("br"),
      paperLink(r.other), r.reason ? el("div", { class: "small" }, `${r.reason[0].toUpperCase()}${r.reason.slice(1)}.`) : "", evidence(r.evidence, r.quoted)]));
  };
  const view = (words, score) => (score === null ? "" : ` · ${words} ${score.toFixed(2)}`);
  const near = (p) => rows(p.near.map((n) => [paperLink(papers[n.paper]),
    el("span", { class: "tag" }, ` · ${n.score.toFixed(2)}${n.mutual ? " · mutual" : ""}${view("same problem", n.problem)}${view("same approach", n.approach)}`),
    el("div", { class: "small muted" }, n.shared.length ? `Both name ${n.shared.slice(0, 5).map((c) => concepts[c].name).join(", ")}` : "Close in their words")]), "ol");

  const paper = (id, at) => {
    const p = paperBy.get(id);
    if (!p) return missing();
    const who = p.authors.slice(0, 8).join(", ") + (p.authors.length > 8 ? ` and ${p.authors.length - 8} more` : "");
    const about = [p.kind ? p.kind[0].toUpperCase() + p.kind.slice(1) : "Paper", p.date || p.year, p.venue, who,
      p.listed ? "" : "not in the listings: known as the origin of a concept, or cited"].filter(Boolean).join(" · ");
    return { title: p.title, parts: [
      heading(p.title), el("p", { class: "muted" }, about),
      el("p", {}, p.links.map((u) => [el("a", { class: "button quiet", rel: "noreferrer noopener", href: u }, u.split("//")[1].slice(0, 48)), " "])),
      el("div", { class: "two" },
        el("div", {}, p.gist ? section("What it contributes", el("p", { class: "measure" }, p.gist.text)) : "", textOf(p, at),
          p.claims.length ? section("Claims with numbers", p.claims.map((q) => quote(q, p))) : "",
          section("What it names", p.named.length ? named(p) : empty("Title and abstract name no method, model, benchmark or task that papergraph recognises."))),
        el("div", {}, section("Lineage", p.relations.length ? relations(p) : empty("No paper here is known to build on it, nor it on one. Title and abstract rarely say; where they do not, no line is drawn.")),
          section("Nearest papers", p.near.length ? near(p) : empty("No close neighbour here."),
            p.cluster ? el("p", { class: "small" }, "On the map: ", el("a", { href: address("map", p.cluster.key) }, p.cluster.name)) : ""),
          section("Where it comes from", el("p", { class: "small muted" }, p.sources.join(", ") || "No listing holds it.")))),
    ] };
  };

  // A concept and its variants, the variants of those, and so on.
  const kin = (c, seen = new Set()) => { if (!seen.has(c)) { seen.add(c); c.variants.forEach((v) => kin(v, seen)); } return seen; };
  const together = (c, family, here) => {
    const counts = new Map();
    const around = new Set([...family, ...c.bases.map((b) => concepts[b])]);
    for (const p of here) for (const other of new Set(p.named.map((n) => concepts[n.concept]))) if (!around.has(other)) counts.set(other, (counts.get(other) || 0) + 1);
    const ranked = [...counts].filter(([, n]) => n > 1).sort((a, b) => b[1] - a[1] || a[0].count - b[0].count);
    return words.types.map((type) => {
      const best = ranked.filter(([o]) => o.type === type).slice(0, 12);
      return best.length ? section(`${type}s named with it`, chips(best.map(([o, n]) => chip(o, n)))) : "";
    });
  };
  const concept = (id) => {
    const c = conceptBy.get(id);
    if (!c) return missing();
    const family = [...kin(c)];
    const found = family.flatMap((f) => f.namedBy.map((n) => ({ ...n, variant: f !== c })));
    found.sort((a, b) => a.variant - b.variant || b.confidence - a.confidence);
    const here = new Set(found.map((n) => n.paper));
    const roles = Object.entries(words.concept_roles).map(([role, word]) => {
      const held = found.filter((n) => n.role === role);
      return held.length ? [el("h2", {}, `${word} `, el("span", { class: "tag" }, plural(new Set(held.map((n) => n.paper)).size, "paper"))),
        long(held, (n) => [paperLink(n.paper), sure(n.confidence), n.variant ? el("span", { class: "tag" }, ` · as ${n.name}`) : "", evidence(n.evidence, n.paper)])] : "";
    });
    const years = new Map();
    here.forEach((p) => { if (p.year) years.set(p.year, (years.get(p.year) || 0) + 1); });
    const origin = c.origin_paper === null ? c.origin && c.origin.title : el("a", { class: "title", href: address("papers", papers[c.origin_paper].id) }, papers[c.origin_paper].title);
    return { title: c.name, parts: [
      heading(c.name),
      el("p", { class: "muted" }, el("span", { class: c.type }, c.type), ` · ${plural(c.count, "paper")}`, c.aliases.length ? ` · also ${c.aliases.slice(0, 12).join(", ")}` : ""),
      el("div", { class: "two" },
        el("div", {}, origin ? section("First introduced by", el("p", {}, origin, c.origin && c.origin.year ? el("span", { class: "tag" }, ` ${c.origin.year}`) : "")) : "",
          found.length ? roles : empty("No listed paper names it.")),
        el("aside", {}, c.bases.length ? section("A variant of", chips(c.bases.map((b) => chip(concepts[b], concepts[b].count)))) : "",
          c.variants.length ? section("Variants", chips(c.variants.map((v) => chip(v, v.count)))) : "", together(c, family, here),
          years.size ? section("By year", el("table", {}, el("tbody", {}, [...years].sort((a, b) => a[0] - b[0]).map(([y, n]) => el("tr", {}, el("th", { scope: "row" }, y), el("td", { class: "number" }, n)))))) : "")),
    ] };
  };

  const ofType = (type) => concepts.filter((c) => c.type === type && c.count).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const allConcepts = () => ({ title: "Concepts", parts: [heading("What the papers name"), words.types.map((type) => {
    const all = ofType(type);
    return all.length ? section(`${type}s`, long(all, (c) => chip(c, c.count), "ul", "chips")) : "";
  })] });
  const withGist = (p) => [paperLink(p), p.gist ? el("div", { class: "small muted" }, p.gist.text) : ""];
  const allPapers = () => {
    const outside = papers.filter((p) => !p.listed);
    return { title: "Papers", parts: [heading("All papers"),
      data.listings.map((l) => [el("h2", {}, `${l.name} `, el("span", { class: "tag" }, `${plural(l.papers.length, "paper")} · added ${l.added}`)), long(l.papers, (i) => withGist(papers[i]))]),
      outside.length ? section("Outside the listings", el("p", { class: "muted small" }, "Origins of concepts, and cited papers."), long(outside, paperLink)) : ""] };
  };

  const overview = (key) => {
    const c = clusters.find((x) => x.key === key);
    if (key !== undefined && !c) return missing();
    if (c) return { title: c.name, parts: [el("p", { class: "small" }, el("a", { href: address("map") }, "The map")), heading(c.name),
      el("p", { class: "muted" }, `${plural(c.papers.length, "paper")}${key === "alone" ? ": no other paper is among the nearest of one of these and has it among its own nearest." : ", the best connected first."}`),
      long(c.papers, (i) => withGist(papers[i]), "ol")] };
    return { title: "Map", wide: true, parts: [heading("The papers on one map"),
      map ? [el("p", { class: "muted measure" }, `${plural(data.clusters.length, "cluster")} of papers that are each other's nearest, found by similarity alone and named by what sets them apart.`), map] : empty("No two papers here are near enough to each other for a map."),
      section("The same as a list", rows(clusters.map((x) => [el("a", { class: "title", href: address("map", x.key) }, x.name), el("span", { class: "tag" }, ` ${plural(x.papers.length, "paper")}`)]), "ol"))] };
  };

  const results = (text) => {
    const found = text.trim() ? search(text, RESULTS) : [];
    const said = !text.trim() ? "Type a word, a name or the beginning of a title." : found.length ? `${found.length === RESULTS ? `The best ${RESULTS}` : plural(found.length, "result")} for “${text}”` : `Nothing here fits “${text}”. Try fewer or other words.`;
    const list = rows(found.map((f) => (f.paper ? withGist(f.paper) : [chip(f.concept), el("span", { class: "tag" }, ` ${f.concept.type.toLowerCase()} · ${plural(f.concept.count, "paper")}`),
      f.concept.aliases.length ? el("div", { class: "small muted" }, `also ${f.concept.aliases.slice(0, 6).join(", ")}`) : ""])), "ol");
    list.id = "results";
    return { title: text ? `${text} · search` : "Search", parts: [heading("Search"), el("p", { class: "muted", role: "status" }, said), found.length ? list : ""] };
  };

  const home = () => {
    const listed = papers.filter((p) => p.listed).length, based = (b) => data.builds_on.filter((e) => e.basis === b).length;
    const figure = (label, n) => el("div", {}, el("dt", {}, label), el("dd", {}, n.toLocaleString("en")));
    return { title: "", parts: [heading(`${plural(listed, "paper")}, what they build on, and why`),
      el("p", { class: "muted measure" }, "Search above, or begin with a concept below, with ", el("a", { href: address("papers") }, "the list of papers"), " or with ", el("a", { href: address("map") }, "the map"),
        ". This file works offline and asks nothing of the network.", data.abstracts ? "" : " Abstracts were left out, to keep it small."),
      el("dl", { class: "figures" }, figure("papers in the listings", listed), figure("origin and cited papers outside", papers.length - listed),
        words.types.map((t) => figure(`${t.toLowerCase()}s`, concepts.filter((c) => c.type === t).length)), figure("builds-on, stated", based("stated")), figure("builds-on, inferred", based("inferred")),
        based("corrected") ? figure("builds-on, said by a reader", based("corrected")) : []),
      section("Most connected", el("div", { class: "grid" }, words.types.map((type) => el("section", { class: "card" }, el("h3", { class: type }, `${type}s`),
        el("ol", { class: "plain" }, ofType(type).slice(0, 10).map((c) => el("li", {}, el("a", { href: address("concepts", c.id) }, c.name), el("span", { class: "tag" }, ` ${plural(c.count, "paper")}`)))))))),
      section("Listings", rows(data.listings.map((l) => [el("a", { class: "title", href: address("papers") }, l.name), el("span", { class: "tag" }, ` ${plural(l.papers.length, "paper")} · added ${l.added}`)])))] };
  };
  const missing = () => ({ title: "Not here", parts: [heading("There is no such page in this file"), el("p", {}, el("a", { href: address("") }, "To the start"))] });

  return { "": home, search: results, papers: (id, at) => (id === undefined ? allPapers() : paper(id, at)), concepts: (id) => (id === undefined ? allConcepts() : concept(id)), map: overview, missing };
};
