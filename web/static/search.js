// Search as you type: suggestions under the search box, "/" to reach it, arrow keys to choose (the combobox pattern of the ARIA practices).
"use strict";
(() => {
  const box = document.querySelector("input[data-suggest]");
  if (!box) return;
  const WAIT = 150, AGAIN = 800, MOST_AGAIN = 4; // milliseconds after a key; before asking again while meaning is being loaded; times
  const list = document.createElement("div"), status = document.createElement("span");
  Object.assign(list, { className: "suggest", id: "suggestions", hidden: true });
  Object.entries({ role: "listbox", "aria-label": "Suggestions" }).forEach(([k, v]) => list.setAttribute(k, v));
  status.className = "skip";
  status.setAttribute("role", "status");
  box.after(list, status);
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })
    .forEach(([k, v]) => box.setAttribute(k, v));
  const known = new Map(); // text to answer, for as long as the page lives
  let chosen = -1, timer = 0, asking = null;

  const show = (open) => { list.hidden = !open; box.setAttribute("aria-expanded", String(open)); if (!open) { choose(-1); status.textContent = ""; } };
  const choose = (i) => {
    chosen = i;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === i)));
    if (i < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[i].id);
    list.children[i].scrollIntoView({ block: "nearest" });
  };
  const noteOf = (f) => [
    f.kind === "concept" ? f.type.toLowerCase() : "paper",
    f.kind === "concept" ? `${f.paper_count} paper${f.paper_count === 1 ? "" : "s"}` : f.year,
    f.by === "word" ? "" : `by ${f.by}`,
  ].filter(Boolean).join(", ");
  const option = (f, i) => {
    const a = document.createElement("a"), name = document.createElement("bdi"), note = document.createElement("span");
    Object.assign(a, { id: `suggestion-${i}`, href: `/${f.kind === "concept" ? "concepts" : "papers"}/${f.id.split("/").map(encodeURIComponent).join("/")}`, tabIndex: -1 });
    a.setAttribute("role", "option");
    name.textContent = f.plain;
    note.className = `tag ${f.kind === "concept" ? f.type : ""}`;
    note.textContent = noteOf(f);
    a.append(name, " ", note);
    return a;
  };
  const fill = ({ found }) => {
    const kept = list.children[chosen]?.href; // an answer that comes later does not lose the choice
    list.replaceChildren(...found.map(option));
    show(found.length > 0 && document.activeElement === box);
    choose([...list.children].findIndex((o) => o.href === kept));
    status.textContent = found.length ? `${found.length} suggestion${found.length === 1 ? "" : "s"}` : "no suggestions";
  };
  const ask = async (again = 0) => {
    const text = box.value.trim();
    asking?.abort();
    if (text.length < 2) return show(false);
    if (known.has(text)) return fill(known.get(text));
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: text, limit: 8, quick: 1 })}`, { signal: asking.signal });
      const data = answer.ok ? await answer.json() : { found: [] };
      fill(data);
      if (data.meaning !== "loading") known.set(text, data);
      else if (again < MOST_AGAIN) timer = setTimeout(ask, AGAIN, again + 1);
    } catch (error) { if (error.name !== "AbortError") show(false); }
  };
  const stop = () => { clearTimeout(timer); asking?.abort(); };
  box.addEventListener("input", () => { stop(); timer = setTimeout(ask, WAIT); });
  box.addEventListener("keydown", (e) => {
    const n = list.children.length, at = { ArrowDown: chosen + 1, ArrowUp: chosen < 0 ? n - 1 : chosen - 1 }[e.key];
    if (e.key === "Escape" && !list.hidden) { e.preventDefault(); stop(); show(false); } // a second one empties the box, as browsers do
    else if (e.key === "ArrowDown" && list.hidden) { e.preventDefault(); ask(); }
    else if (at !== undefined && !list.hidden) { e.preventDefault(); choose(at === n ? -1 : at); }
    else if (e.key === "Enter" && chosen >= 0) { e.preventDefault(); list.children[chosen].click(); }
  });
  box.addEventListener("blur", () => { stop(); setTimeout(show, 150, false); });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest("input, textarea, select, dialog")) { e.preventDefault(); box.focus(); box.select(); }
  });
})();
