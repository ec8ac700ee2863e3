// The desk's own few gestures: copy a draft, draft again, look for new lines of a hand-over. All works without, but slower.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      let copied = true;
      try {
        await navigator.clipboard.writeText(field.value); // only there on https and on this very machine
      } catch {
        copied = document.execCommand("copy");
      }
      document.querySelector("[data-copied]").textContent = copied ? "已复制" : "没能复制，请按 Ctrl+C";
    });
  }

  // Another wording of the same message is not another message to be counted.
  for (const button of document.querySelectorAll("[data-again]")) {
    button.addEventListener("click", () => { button.form.elements.again.disabled = false; });
  }

  // Instead of starlette-admin's inline handler, which the page's policy refuses.
  for (const select of document.querySelectorAll("[data-goto]")) {
    select.addEventListener("change", () => { location = select.value; });
  }

  // The way back from a lead leads to the list as it was searched and filtered.
  const list = /\/leads\/list$/;
  if (list.test(location.pathname)) sessionStorage.setItem("list", location.search);
  for (const back of document.querySelectorAll("[data-back]")) back.search = sessionStorage.getItem("list") || "";

  // All rows of the page at once; the box is only there where this script is.
  for (const all of document.querySelectorAll("[data-tick-all]")) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const box of all.closest("table").querySelectorAll("tbody input:enabled")) box.checked = event.target.checked;
    });
  }

  // Only figures have a unit.
  for (const unit of document.querySelectorAll("[data-unit]")) {
    const what = unit.closest("tr").querySelector("select");
    const show = () => {
      const group = what.selectedOptions[0].closest("optgroup");
      unit.hidden = group ? !group.matches("[data-in-units]") : !what.value;
    };
    what.addEventListener("change", show);
    show();
  }

  // A file that is too large is told before it is sent.
  for (const field of document.querySelectorAll("[data-largest]")) {
    field.addEventListener("change", () => {
      const large = [...field.files].some((file) => file.size > Number(field.dataset.largest));
      const most = Number(field.dataset.largest) / 1000;
      const said = most < 1000 ? `${Math.floor(most)} KB` : `${Math.floor(most / 1000)} MB`;
      field.setCustomValidity(large ? `文件太大：最大 ${said}` : "");
      field.reportValidity();
    });
  }

  const lines = document.querySelector("[data-lines]");
  if (lines) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(lines.dataset.lines, { redirect: "error" });
        if (!answer.ok) return;
        const text = await answer.text();
        if (text !== lines.dataset.last) {
          lines.dataset.last = text;
          lines.innerHTML = text;
          lines.scrollTop = lines.scrollHeight;
        }
      } catch { /* offline: the next time */ }
    }, 5000);
    lines.scrollTop = lines.scrollHeight;
  }
})();
