// Adding a listing: dropping a file, the size before it is sent, and how far the service is with it.
"use strict";
(() => {
  const form = document.getElementById("add"), job = document.getElementById("job");
  if (form) {
    const drop = document.getElementById("drop"), input = form.elements.file, refused = document.getElementById("refused");
    form.querySelector(".dropped").hidden = false;
    const check = () => {
      const file = input.files[0], large = file && file.size > Number(form.dataset.limit);
      refused.hidden = !large;
      refused.textContent = large ? `This file is larger than ${form.dataset.limitWords}: split it, or start the service with a larger --upload-bytes.` : "";
      input.setCustomValidity(large ? refused.textContent : "");
    };
    input.addEventListener("change", check);
    const over = (on) => (e) => { e.preventDefault(); drop.classList.toggle("over", on); };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (e) => {
      over(false)(e);
      if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; check(); }
    });
    form.addEventListener("submit", () => { const b = form.querySelector("button"); b.disabled = true; b.textContent = "Sending…"; });
    window.addEventListener("pageshow", () => { const b = form.querySelector("button"); b.disabled = false; b.textContent = "Add it"; check(); });
  }
  if (!job || job.dataset.state !== "running") return;
  const stage = document.getElementById("stage"), progress = document.getElementById("progress");
  const look = async () => {
    try {
      const { job: now, stages } = await (await fetch("/add.json")).json();
      if (!now || now.state !== "running") return location.reload();
      const words = stages[now.stage] || now.stage;
      const text = words[0].toUpperCase() + words.slice(1) + (now.total > 1 ? `: ${now.done} of ${now.total}` : "") + ".";
      if (stage.textContent !== text) stage.textContent = text;
      progress.max = Math.max(1, now.total);
      progress.value = now.done;
      job.querySelectorAll("[data-stage]").forEach((li) => { if (li.dataset.stage === now.stage) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current"); });
    } catch { stage.textContent = "The service does not answer; trying again."; }
    setTimeout(look, 700);
  };
  setTimeout(look, 300);
})();
