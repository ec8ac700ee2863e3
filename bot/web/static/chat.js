// The chat page in the browser: posts without leaving the page, adds what is new, and keeps the small comforts.
// Without it the page works too, by plain forms. It renders nothing itself: the server sends escaped HTML.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const log = $("log"), answer = $("answer"), busy = $("busy"), trouble = $("trouble"), text = $("text");
  const root = document.documentElement;
  const embedded = new URLSearchParams(location.search).get("embed") === "1";
  const forms = ["choose", "press", "fill", "write"].map($);
  let last = Number($("write").elements.after.value), waiting = 0, idle = Promise.resolve(), stream = null, unsent = null, drawn = answer.innerHTML;

  const KEY = "wence-tasks", BOXES = "wence-boxes", TO_BOT = "回答、提问或介绍", TO_STAFF = "写给工作人员";
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function show(news, asked) {
    if (news.reset) { log.replaceChildren(); try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ } }
    const below = answer.getBoundingClientRect().top < innerHeight; // who reads further up is left there
    const box = document.createElement("template");
    box.innerHTML = news.messages;
    let first = null;
    for (const message of [...box.content.children]) {
      if (message.id !== "m0" && $(message.id)) continue;
      log.append(message);
      if (!first && message.className === "ours") first = message;
    }
    const panel = document.createElement("template");
    panel.innerHTML = news.panel;
    if (panel.innerHTML !== drawn && (news.last >= last || news.reset)) { // nothing older than what is drawn; what is ticked already stays while the question is the same
      answer.replaceChildren(panel.content);
      drawn = answer.innerHTML;
    }
    if (news.last > last || news.reset) last = news.last;
    for (const form of forms) form.elements.after.value = last;
    restoreTicks();
    restoreBoxes();
    text.placeholder = answer.querySelector(".staff") ? TO_STAFF : TO_BOT;
    if (first && (asked || below)) first.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    listen();
    return first;
  }

  // One after the other. A second press of a button while the first is under way is a slip; a second text is not.
  function post(form, fields) {
    if (waiting && form !== $("write")) return;
    if (form === $("write")) { text.value = ""; grow(); }
    waiting++;
    idle = idle.then(() => send(form, fields));
  }

  async function send(form, fields) {
    trouble.textContent = "";
    document.body.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => (busy.textContent = "正在想…"), 300);
    const body = fields.toString();
    // The same words again after a failure are the same message: the server takes it once.
    if (!unsent || unsent.body !== body) unsent = { body, id: newId() };
    fields.set("message", unsent.id);
    fields.set("after", last);
    const typing = document.activeElement === text, filling = form === $("fill");
    try {
      const response = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "application/json" } });
      const news = await response.json();
      if (!response.ok) throw new Error(news.error);
      unsent = null;
      keepBoxes({});
      const first = show(news, true);
      const figure = filling && answer.querySelector(".figure input");
      if (figure) figure.focus({ preventScroll: true });
      else if (!typing && document.activeElement === document.body) answer.focus({ preventScroll: true });
      const file = form === $("press") && first && first.querySelector("a.file");
      if (file) file.click(); // it was asked for by a press already
    } catch (error) {
      trouble.textContent = error instanceof TypeError || error instanceof SyntaxError
        ? "没有发出去，可能是网络断了。请再点一次，不会重复。" : error.message;
      if (form === $("write") && !text.value) { text.value = fields.get("text"); grow(); }
    } finally {
      clearTimeout(slow);
      busy.textContent = "";
      if (!--waiting) document.body.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(event.target, event.submitter));
    fields.delete("message");
    fields.delete("after");
    post(event.target, fields);
  });

  // Enter sends, Shift+Enter begins a line; while an input method composes, Enter is its own.
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      if (text.value.trim()) $("write").requestSubmit();
    }
  });
  const grow = () => { text.rows = Math.min(5, Math.max(1, text.value.split("\n").length, Math.ceil(text.value.length / 24))); };
  text.addEventListener("input", grow);

  // Late replies: only while somebody looks, since a browser opens few connections to one site.
  // The browser itself tries again where the connection breaks, but not after an answer that is no stream.
  const LOST = "连接断了，正在重连…";
  let pause = 1000, later = 0;
  function listen() {
    if (stream || !last || document.hidden) return;
    clearTimeout(later);
    const opened = stream = new EventSource(`stream?${embedded ? "embed=1&" : ""}after=${last}`);
    opened.onopen = () => { pause = 1000; if (busy.textContent === LOST) busy.textContent = ""; };
    opened.onmessage = (event) => idle.then(() => show(JSON.parse(event.data)));
    opened.onerror = () => {
      if (answer.querySelector(".staff")) busy.textContent = LOST; // somebody waits for what comes by it
      if (opened.readyState !== EventSource.CLOSED || opened !== stream) return;
      stream = null;
      later = setTimeout(listen, pause);
      pause = Math.min(2 * pause, 60000);
    };
  }
  function relisten() {
    if (stream) { stream.close(); stream = null; }
    listen();
  }
  document.addEventListener("visibilitychange", relisten);
  addEventListener("online", relisten);

  // Boxes of the open question that are ticked and not sent yet stay so when the page is loaded again.
  const boxes = () => [...answer.querySelectorAll("input[name=tick]")];
  const keepBoxes = (kept) => { try { sessionStorage.setItem(BOXES, JSON.stringify(kept)); } catch { /* they hold until it closes */ } };
  answer.addEventListener("change", () => {
    keepBoxes(Object.fromEntries(boxes().map((box) => [box.value, box.checked])));
  });
  function restoreBoxes() {
    let kept;
    try { kept = JSON.parse(sessionStorage.getItem(BOXES) || "{}"); } catch { kept = {}; }
    if (boxes().every((box) => box.value in kept)) for (const box of boxes()) box.checked = kept[box.value];
  }

  // Boxes of the checklist stay ticked, in this browser.
  const ticked = () => { try { return new Set(JSON.parse(localStorage.getItem(KEY) || "[]")); } catch { return new Set(); } };
  const name = (box) => box.parentElement.querySelector("span").firstChild.textContent;
  function restoreTicks() {
    const done = ticked();
    for (const box of log.querySelectorAll(".tasks input")) box.checked = done.has(name(box));
  }
  log.addEventListener("change", (event) => {
    if (!event.target.matches(".tasks input")) return;
    const done = ticked();
    done[event.target.checked ? "add" : "delete"](name(event.target));
    try { localStorage.setItem(KEY, JSON.stringify([...done])); } catch { /* a private window: they hold until it closes */ }
    restoreTicks();
  });

  $("type").addEventListener("click", (event) => {
    event.preventDefault();
    const large = root.classList.toggle("large");
    event.target.textContent = large ? "标准字" : "大字";
    document.cookie = `wence_type=${large ? "large" : "normal"}; path=/; max-age=31536000; samesite=lax`;
  });

  // What is stuck to the bottom of the window stands on the footer, however high that is.
  new ResizeObserver(([footer]) => root.style.setProperty("--foot", `${footer.target.offsetHeight}px`)).observe(document.querySelector("footer"));

  restoreTicks();
  restoreBoxes();
  if (last) (log.lastElementChild || log).scrollIntoView({ block: "start" });
  listen();
})();
