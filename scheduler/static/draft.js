/* A record that is being typed survives: kept on this device at once and on the server a moment later (data-draft on
   the text, holding the address). A page with data-filed says that it was filed; then the device forgets it. */
(() => {
  "use strict";
  const names = ["day", "mode", "areas", "text", "minutes", "place", "next_step", "next_day"];
  for (const done of document.querySelectorAll("[data-filed]")) localStorage.removeItem(done.dataset.filed);
  const text = document.querySelector("[data-draft]");
  const form = text?.form;
  if (!form) return;
  const address = text.dataset.draft;
  const kept = localStorage.getItem(address);
  if (kept && !text.value.trim()) {
    for (const [name, value] of JSON.parse(kept)) {
      for (const field of form.querySelectorAll(`[name="${name}"]`)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
  }
  let waiting;
  form.addEventListener("input", () => {
    const typed = [...new FormData(form)].filter(([name, value]) => names.includes(name) && value);
    localStorage.setItem(address, JSON.stringify(typed));
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const words = new FormData(form);
      words.delete("files"); // they go once, with the record itself
      fetch(address, { method: "POST", body: words, headers: { "X-Requested-With": "draft" } }).catch(() => {
        /* The network is away: this device has it. */
      });
    }, 1500);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (navigator.onLine || event.submitter?.formAction !== form.action) return;
    event.preventDefault(); // sent once when the line is back: the form's key makes it one record
    const said = form.querySelector("[data-offline]");
    said.textContent = said.dataset.offline;
    addEventListener("online", () => form.requestSubmit(), { once: true });
  });
})();
