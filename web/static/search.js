// Suggestions as you type (the combobox pattern of the ARIA practices): under the search box, where choosing one opens it, and under fields
// that take the name of a concept or a paper (data-names), where it fills the field. "/" leads to the search box.
"use strict";
(() => {
  const main = document.querySelector("input[data-suggest]");
  if (!main) return;
  const WAIT = 150, AGAIN = 800, MOST_AGAIN = 4, MOST = 8; // milliseconds after a key; before asking again while meaning is being loaded; times; shown
  const known = new Map(); // text to answer, for as long as the page lives
  const suggest = (box, number) => {
    const kind = box.dataset.names; // of what may fill the field; undefined: the search box
    const list = document.createElement("div"), status = document.createElement("span");
    Object.assign(list, { className: "suggest", id: `suggestions${number || ""}`, hidden: true });
    Object.entries({ role: "listbox", "aria-label": "Suggestions" }).forEach(([k, v]) => list.setAttribute(k, v));
    status.className = "skip";
    status.setAttribute("role", "status");
    // Beside a field the list would be part of its label's name.
    if (kind) document.getElementById("main").append(list, status); else box.after(list, status);
    Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })
      .forEach(([k, v]) => box.setAttribute(k, v));
    box.autocomplete = "off";
    let chosen = -1, timer = 0, asking = null;

    const place = () => {
      if (!kind) return;
      const { left, bottom, width } = box.getBoundingClientRect(), wide = Math.min(Math.max(width, 352), innerWidth - 16);
      Object.assign(list.style, { left: `${Math.max(8, Math.min(left, innerWidth - wide - 8)) + scrollX}px`, top: `${bottom + scrollY}px`, width: `${wide}px`, right: "auto" });
    };
    const show = (open) => { list.hidden = !open; if (open) place(); box.setAttribute("aria-expanded", String(open)); if (!open) { choose(-1); status.textContent = ""; } };
    const choose = (i) => {
      chosen = i;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === i)));
      if (i < 0) return box.removeAttribute("aria-activedescendant");
      box.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    };
    const noteOf = (f) => [
      f.kind === "concept" ? f.type.toLowerCase() : "paper",
      f.kind === "concept" ? `${f.paper_count} paper${f.paper_count === 1 ? "" : "s"}` : f.type, // what kind of paper
      f.year,
      f.by === "word" ? "" : `by ${f.by}`,
    ].filter(Boolean).join(", ");
    const option = (f, i) => {
      const a = document.createElement("a"), name = document.createElement("bdi"), note = document.createElement("span");
      Object.assign(a, { id: `${list.id}-${i}`, href: `/${f.kind === "concept" ? "concepts" : "papers"}/${f.id.split("/").map(encodeURIComponent).join("/")}`, tabIndex: -1 });
      a.setAttribute("role", "option");
      name.textContent = f.plain;
      note.className = `tag ${f.kind === "concept" ? f.type : ""}`;
      note.textContent = noteOf(f);
      a.append(name, " ", note);
      if (kind) a.addEventListener("click", (e) => { e.preventDefault(); box.value = f.plain; stop(); show(false); box.focus(); });
      return a;
    };
    const fill = (answer) => {
      const found = (kind ? answer.found.filter((f) => kind.split(" ").includes(f.kind) && f.by !== "meaning") : answer.found).slice(0, MOST);
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
      const held = `${kind || ""} ${text}`;
      if (known.has(held)) return fill(known.get(held));
      asking = new AbortController();
      try {
        const answer = await fetch(`${main.dataset.suggest}?${new URLSearchParams({ q: text, limit: kind ? MOST * 5 : MOST, quick: 1 })}`, { signal: asking.signal });
        const data = answer.ok ? await answer.json() : { found: [] };
        fill(data);
        if (kind || data.meaning !== "loading") known.set(held, data);
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
    list.addEventListener("mousedown", (e) => e.preventDefault()); // the box keeps the focus while one is clicked
  };
  [main, ...document.querySelectorAll("input[data-names]")].forEach(suggest);
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest("input, textarea, select, dialog")) { e.preventDefault(); main.focus(); main.select(); }
  });
})();
