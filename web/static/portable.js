// Reads the data of the file, and shows the page that the address after "#" names.
"use strict";
(async () => {
  if (!window.DecompressionStream) return;
  const packed = Uint8Array.from(atob(document.getElementById("data").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = JSON.parse(await new Response(stream).text());

  const main = document.getElementById("main"), form = document.querySelector(".search"), box = document.getElementById("q");
  let find;
  const search = (text, most) => { find ||= searchIn(data.search)(data.papers, data.concepts); return find(text, most); };
  const pages = pagesOf(data, search, document.getElementById("map"));

  const read = () => {
    const [, page, , id, at] = location.hash.match(/^#\/([a-z]*)(\/([^@]*))?(?:@([\d-]+))?$/) || [];
    try {
      return { page: page ?? "", id: id === undefined || id === "" ? undefined : decodeURIComponent(id), at: at && at.split("-").map(Number) };
    } catch { return { page: "missing" }; }
  };
  const places = new Map();  // how far down each page was read, for the way back
  let shown = null, followed = false;
  const show = (focus = true) => {
    const { page, id, at } = read();
    const view = (Object.hasOwn(pages, page) ? pages[page] : pages.missing)(page === "search" ? id || "" : id, at);
    main.replaceChildren(...[view.parts].flat(Infinity).filter((p) => p !== ""));
    main.classList.toggle("wide", Boolean(view.wide));
    document.title = view.title ? `${view.title} · papergraph` : "papergraph";
    document.querySelectorAll("nav a").forEach((a) => (a.hash === `#/${page}` ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current")));
    if (page === "search" && document.activeElement !== box) box.value = id || "";
    if (!focus) return;
    const lit = document.getElementById("at"), title = main.querySelector("h1");
    if (title) title.focus({ preventScroll: true });
    if (lit && followed) lit.scrollIntoView({ block: "center" });
    else window.scrollTo(0, followed ? 0 : places.get(location.hash) || 0);
  };

  addEventListener("scroll", () => { if (shown === location.hash) places.set(shown, scrollY); }, { passive: true });
  addEventListener("hashchange", () => { if (shown !== location.hash) { show(); shown = location.hash; followed = false; } });
  document.addEventListener("click", (e) => {
    const link = e.target.closest("a");
    if (!link) return;
    if (link.classList.contains("skip")) { e.preventDefault(); main.focus(); return; }
    followed = true;
    if (link.hash === location.hash && link.hash) show();
  });

  // Results follow the typing; the way back leads to where the search began.
  const typed = () => {
    const to = address("search", box.value);
    history[location.hash.startsWith("#/search") ? "replaceState" : "pushState"](null, "", to);
    shown = location.hash;
    show(false);
    scrollTo(0, 0);
  };
  let timer = 0;
  const settle = () => { if (timer) { clearTimeout(timer); timer = 0; typed(); } };  // what was typed last is not waited for
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(settle, 120); });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    clearTimeout(timer);
    timer = 0;
    typed();
    const first = main.querySelector("#results a");
    if (first) first.focus();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { e.preventDefault(); box.focus(); box.select(); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && document.activeElement === box) settle();
    const links = [...main.querySelectorAll("#results > li")].map((li) => li.querySelector("a"));
    if (!step || !links.length) return;
    const at = document.activeElement === box ? -1 : links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box) return;
    e.preventDefault();
    (links[at + step] || box).focus();
  });

  form.hidden = document.querySelector("nav").hidden = false;
  show();
  shown = location.hash;
})();
