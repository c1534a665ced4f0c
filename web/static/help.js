// "?" opens the keys on every page; a tour of five steps, offered once and never in the way.
"use strict";
(() => {
  const dialog = document.getElementById("help"), link = document.getElementById("help-link");
  if (!dialog || !link) return;
  const open = () => { if (!dialog.open) dialog.showModal(); }; // Escape closes it and gives the focus back: the browser does that
  document.addEventListener("keydown", (e) => {
    if (e.key !== "?" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
    e.preventDefault();
    open();
  });
  link.addEventListener("click", (e) => { if (!e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); open(); } });
  dialog.addEventListener("click", (e) => { if (e.target === dialog || e.target.matches("[data-close]")) dialog.close(); });

  const at = (name) => document.querySelector(`.top nav a[href$="/${name}"]`);
  const STEPS = [
    [() => document.querySelector(".search input"), "Search", "Type a title, a method, a model or what it is about. Words, misspellings and meaning all count; / brings you here from anywhere."],
    [() => at("connected"), "Connected papers", "Name one or more methods, models, benchmarks or tasks: every paper that names them, in which role, with the sentence."],
    [() => at("graph"), "Graph", "See what lies around a paper or concept, and why: choose a node or a line, and the panel says the reason. The table below it works by keyboard."],
    [() => at("work"), "Work", "Tick papers in any list to compare them, see which benchmarks they share, find what to read first, or take them away."],
    [() => link, "Help", "Press ? for the keys, on any page. That is all."],
  ];
  const KEY = "papergraph-tour";
  const memory = { // a browser may forbid storage; the tour is then offered again
    get done() { try { return localStorage.getItem(KEY) === "done"; } catch { return false; } },
    set done(yes) { try { localStorage.setItem(KEY, yes ? "done" : ""); } catch { /* not remembered */ } },
  };
  const el = (tag, text, attributes = {}) => {
    const e = document.createElement(tag);
    e.textContent = text;
    Object.entries(attributes).forEach(([k, v]) => e.setAttribute(k, v));
    return e;
  };
  let card = null, before = null;
  const close = () => {
    memory.done = true;
    document.querySelectorAll(".toured").forEach((e) => e.classList.remove("toured"));
    const inside = card?.contains(document.activeElement);
    card?.remove();
    card = null;
    if (inside) before?.focus();
  };
  const show = (parts, buttons) => {
    if (!card) {
      card = el("aside", "", { class: "tour card", "aria-label": "Tour" });
      card.addEventListener("keydown", (e) => { if (e.key === "Escape") close(); });
      document.body.append(card);
    }
    const row = el("p", "", { class: "actions" });
    row.append(...buttons.map(([label, act, quiet]) => {
      const b = el("button", label, { type: "button", ...(quiet ? { class: "quiet" } : {}) });
      b.addEventListener("click", act);
      return b;
    }));
    card.replaceChildren(...parts, row);
  };
  const step = (i) => {
    document.querySelectorAll(".toured").forEach((e) => e.classList.remove("toured"));
    const [target, title, words] = STEPS[i], heading = el("h2", `${i + 1} of ${STEPS.length}: ${title}`, { tabindex: "-1" });
    target()?.classList.add("toured");
    show([heading, el("p", words)], [
      ...(i < STEPS.length - 1 ? [["Next", () => step(i + 1)]] : [["Done", close]]),
      ...(i ? [["Back", () => step(i - 1), true]] : []),
      ...(i < STEPS.length - 1 ? [["Leave", close, true]] : []),
    ]);
    heading.focus();
  };
  const start = () => { before = document.activeElement; step(0); };
  dialog.querySelector("[data-tour]").addEventListener("click", () => { dialog.close(); start(); });
  const asked = new URLSearchParams(location.search).get("tour") === "1";
  if (asked || (!memory.done && !navigator.webdriver)) {
    show([el("p", "New here? Five short steps show what this can do.")], [["Show me", start], ["No, thanks", close, true]]);
  }
})();
