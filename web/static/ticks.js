// Ticked papers: how many, all at once, and no button that has nothing to act on. Rows may come and go while the page stands.
"use strict";
(() => {
  const bar = document.getElementById("ticked");
  if (!bar) return;
  const boxes = () => [...document.querySelectorAll("input.tick")];
  const all = bar.querySelector(".all"), every = all.querySelector("input"), count = bar.querySelector(".count");
  const papersOf = (some) => new Set(some.map((b) => b.value)).size;
  const shown = () => boxes().filter((b) => !b.closest("[hidden]"));
  // A bar that comes and goes does not move the rows under the pointer.
  const settle = (change) => {
    const at = document.activeElement?.matches("input.tick") ? document.activeElement : null, before = at?.getBoundingClientRect().top;
    change();
    if (at) scrollBy(0, at.getBoundingClientRect().top - before);
  };
  const show = () => {
    const papers = papersOf(boxes()), ticked = papersOf(boxes().filter((b) => b.checked));
    bar.querySelectorAll("button").forEach((b) => { b.disabled = !ticked; });
    settle(() => { bar.classList.toggle("idle", !ticked); bar.classList.toggle("some", ticked > 0); });
    every.checked = papers > 0 && shown().every((b) => b.checked);
    every.indeterminate = ticked > 0 && !every.checked;
    count.textContent = ticked ? `${ticked} of ${papers} ticked:` : "Tick papers to keep or compare them:";
  };
  all.hidden = false;
  count.setAttribute("aria-live", "polite");
  every.addEventListener("change", () => {
    const changed = shown().filter((b) => b.checked !== every.checked);
    changed.forEach((b) => { b.checked = every.checked; });
    changed[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("input.tick")) return;
    boxes().forEach((b) => { if (b.value === target.value) b.checked = target.checked; }); // a paper may stand in several lists of a page
    show();
  });
  document.addEventListener("rows", show);
  window.addEventListener("pageshow", show);
  show();
})();
