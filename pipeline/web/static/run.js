// Dropping files and folders, and following a run; without it everything works by the buttons and by itself, only slower.
"use strict";
(() => {
  const zone = document.querySelector("[data-drop]");
  // A file that is dropped beside the zone would otherwise be opened, its name in the address.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

  const entriesOf = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
  const fileOf = (entry) => new Promise((done, failed) => entry.file(done, failed));
  const walk = async (entry, into) => {
    if (entry.isFile) { into.push([await fileOf(entry), entry.fullPath.replace(/^\//, "")]); return; }
    const reader = entry.createReader();
    for (let found = await entriesOf(reader); found.length; found = await entriesOf(reader)) {
      for (const each of found) await walk(each, into);
    }
  };

  const send = async (files, said) => {
    const together = files.reduce((sum, [file]) => sum + file.size, 0);
    if (!files.length) { said.textContent = "No file was in what you dropped."; return; }
    if (together > Number(zone.dataset.most) || files.some(([file]) => file.size > Number(zone.dataset.each))) {
      said.textContent = "That is too large to take in at once: send it in several goes.";
      return;
    }
    const form = new FormData();
    form.append("csrf", zone.dataset.csrf);
    for (const [file, name] of files) form.append("files", file, name);
    said.textContent = `Taking in ${files.length} file${files.length === 1 ? "" : "s"} ...`;
    const answer = await fetch(zone.dataset.drop, { method: "POST", body: form, redirect: "manual" });
    if (answer.type === "opaqueredirect") window.location.reload();
    else said.textContent = "That was refused. Open the page anew, and try again.";
  };

  if (zone) {
    const said = zone.querySelector("[data-said]");
    zone.addEventListener("dragover", () => zone.classList.add("over"));
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", async (event) => {
      zone.classList.remove("over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
      const plain = [...event.dataTransfer.files].map((file) => [file, file.name]);
      try {
        const files = [];
        for (const entry of entries) await walk(entry, files);
        await send(entries.length ? files : plain, said);
      } catch {
        said.textContent = "What you dropped could not be read. Choose it with the buttons.";
      }
    });
  }

  const now = document.querySelector("[data-poll]");
  if (!now) return;
  const at = (name) => now.querySelector(`[data-${name}]`);
  const word = (text, kind) => { const part = document.createElement("span"); part.className = kind; part.textContent = text; return part; };
  const show = (told) => {
    at("done").textContent = told.done;
    at("total").textContent = told.total;
    at("bar").max = told.total || 1;
    at("bar").value = told.done;
    at("left").textContent = told.left > 60 ? `, about ${Math.round(told.left / 60)} minutes left` : "";
    at("title").textContent = told.state === "opening" ? "Making the results ready" : told.done ? "Running" : at("title").textContent;
    for (const each of now.querySelectorAll("[data-state]")) each.textContent = told.states[each.dataset.state] || 0;
    at("lines").replaceChildren(...told.lines.map((line) => {
      const item = document.createElement("li");
      item.append(word(line.story, "id"), " ", word(line.purpose, "purpose"), " ", word(line.state, `badge ${line.state}`), " ", word(line.reason, ""));
      return item;
    }));
  };
  const ask = async () => {
    try {
      const answer = await fetch("/run/status");
      if (!answer.ok) { window.location.reload(); return; }
      const told = await answer.json();
      if (told.state !== "running" && told.state !== "opening") { window.location.replace("/run"); return; }
      show(told);
    } catch { at("title").textContent = "The page was ended where it was started. Start it again to go on."; }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 700);
})();
