// Ctrl+Enter in the editor runs the query.
"use strict";
document.getElementById("own")?.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); e.target.form.requestSubmit(); }
});
