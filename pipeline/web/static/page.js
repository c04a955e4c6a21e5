// Keys, the cover and the idle lock. Nothing is stored in the browser and nothing is asked of anybody else.
"use strict";
(() => {
  const body = document.body, root = document.documentElement, cover = document.getElementById("cover");
  const coverButton = document.querySelector("[data-cover]");
  let before = null;

  const setCovered = (on) => {
    if (on) before = document.activeElement;
    root.classList.toggle("covered", on);
    cover.hidden = !on;
    if (on) cover.querySelector("button").focus();
    else if (before) before.focus();
  };
  coverButton.hidden = false;
  coverButton.addEventListener("click", () => setCovered(true));
  cover.querySelector("[data-uncover]").addEventListener("click", () => setCovered(false));

  const typing = (at) => at.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
  const fillMissed = (field) => {
    const words = String(window.getSelection()).trim();
    if (words && words.length <= 300 && !words.includes("\n")) field.value = words;
  };
  // The selection is gone once the field has the focus: it is taken as the button or the key goes down.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); setCovered(cover.hidden); return; }
    if (!cover.hidden || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (body.dataset.shortcuts !== "on" || !/^[a-z]$/.test(event.key)) return;
    const field = document.querySelector(`[data-focus="${event.key}"]`);
    if (field) {
      event.preventDefault();
      if (event.key === "m") fillMissed(field);
      field.focus();
      field.select();
      return;
    }
    const target = document.querySelector(`[data-key="${event.key}"]`);
    if (target) { event.preventDefault(); target.click(); }
  });

  // A second press while the first is under way would only be told that it is out of date.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const idle = Number(body.dataset.idle) * 1000;
  let timer = 0;
  const lock = () => { setCovered(true); document.querySelector("form.lock").submit(); };
  const awake = () => { window.clearTimeout(timer); timer = window.setTimeout(lock, idle); };
  for (const name of ["keydown", "pointerdown", "pointermove", "scroll"]) window.addEventListener(name, awake, { passive: true });
  awake();

  const current = document.querySelector(".change[aria-current]");
  if (current && window.matchMedia("(min-width: 72rem)").matches) current.scrollIntoView({ block: "center" });
})();
