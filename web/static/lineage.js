// A lineage that is wider or higher than its frame opens at the paper that it is about, not in a corner.
"use strict";
(() => {
  const frame = document.querySelector(".drawing"), centre = frame?.querySelector(".box.centre");
  if (!centre) return;
  const at = centre.getBoundingClientRect(), shown = frame.getBoundingClientRect();
  frame.scrollLeft += at.left + at.width / 2 - shown.left - shown.width / 2;
  frame.scrollTop += at.top + at.height / 2 - shown.top - shown.height / 2;
})();
