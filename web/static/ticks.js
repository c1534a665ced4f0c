// Ticked papers: how many, all at once, and no button that has nothing to act on.
"use strict";
(() => {
  const bar = document.getElementById("ticked");
  const boxes = [...document.querySelectorAll("input.tick")];
  if (!bar || !boxes.length) return;
  const all = bar.querySelector(".all"), every = all.querySelector("input"), count = bar.querySelector(".count");
  const show = () => {
    const papers = new Set(boxes.map((b) => b.value)).size, ticked = new Set(boxes.filter((b) => b.checked).map((b) => b.value)).size;
    bar.querySelectorAll("button").forEach((b) => { b.disabled = !ticked; });
    every.checked = ticked === papers;
    every.indeterminate = ticked > 0 && ticked < papers;
    count.textContent = ticked ? `${ticked} of ${papers} ticked:` : "Tick papers to keep or compare them:";
  };
  all.hidden = false;
  count.setAttribute("aria-live", "polite");
  every.addEventListener("change", () => { boxes.forEach((b) => { b.checked = every.checked; }); show(); });
  boxes.forEach((b) => b.addEventListener("change", () => {
    boxes.forEach((other) => { if (other.value === b.value) other.checked = b.checked; }); // a paper may stand in several lists of a page
    show();
  }));
  window.addEventListener("pageshow", show);
  show();
})();
