// Search as you type: suggestions under every search box, "/" to reach it, arrow keys to choose.
"use strict";
(() => {
  const box = document.querySelector("input[data-suggest]");
  if (!box) return;
  const list = document.createElement("ul");
  list.className = "suggest";
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  box.after(list);
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })
    .forEach(([k, v]) => box.setAttribute(k, v));
  let chosen = -1, timer = 0, asked = 0;

  const show = (open) => { list.hidden = !open; box.setAttribute("aria-expanded", String(open)); if (!open) choose(-1); };
  const choose = (i) => {
    chosen = i;
    [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === i)));
    if (i >= 0) box.setAttribute("aria-activedescendant", list.children[i].id); else box.removeAttribute("aria-activedescendant");
  };
  const fill = (found) => {
    list.replaceChildren(...found.map((f, i) => {
      const li = document.createElement("li"), a = document.createElement("a"), kind = document.createElement("span");
      li.id = `suggestion-${i}`;
      li.setAttribute("role", "option");
      a.href = f.href;
      a.tabIndex = -1;
      a.textContent = f.label;
      kind.className = `tag ${f.type || ""}`;
      kind.textContent = f.note;
      a.append(" ", kind);
      li.append(a);
      return li;
    }));
    show(found.length > 0);
  };
  const ask = async () => {
    const text = box.value.trim(), mine = ++asked;
    if (text.length < 2) return show(false);
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: text, limit: 8, quick: 1 })}`);
      if (!answer.ok || mine !== asked) return;
      const data = await answer.json();
      fill(data.found.map((f) => ({
        href: `/${f.kind === "concept" ? "concepts" : "papers"}/${f.id.split("/").map(encodeURIComponent).join("/")}`,
        label: f.plain, type: f.kind === "concept" ? f.type : "",
        note: f.kind === "concept" ? `${f.type.toLowerCase()}, ${f.paper_count}` : ["paper", f.year].filter(Boolean).join(" "),
      })));
    } catch { show(false); }
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  box.addEventListener("keydown", (e) => {
    const n = list.children.length;
    if (e.key === "Escape") return show(false);
    if (list.hidden || !n) return;
    if (e.key === "ArrowDown") { e.preventDefault(); choose((chosen + 1) % n); }
    else if (e.key === "ArrowUp") { e.preventDefault(); choose((chosen - 1 + n) % n); }
    else if (e.key === "Enter" && chosen >= 0) { e.preventDefault(); list.children[chosen].firstChild.click(); }
  });
  box.addEventListener("blur", () => setTimeout(() => show(false), 150));
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { e.preventDefault(); box.focus(); box.select(); }
  });
})();
