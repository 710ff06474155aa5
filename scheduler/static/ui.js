/* Small helps for every page; each page works without them.
   data-copy="#id"   copies that field's value (or its text) and says so in data-copied
   data-print        opens the print dialogue
   details.menu      closes on Escape, on a press elsewhere
   form              a second press of its button while the first is under way is dropped */
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const copy = async (button) => {
    const source = document.querySelector(button.dataset.copy);
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      source.focus();
      source.select?.();
      document.execCommand("copy");
    }
    const label = button.querySelector("[role=status]") ?? button;
    label.dataset.was ??= label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = label.dataset.was), 2500);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.dataset.copy) copy(button);
    else if (button) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post" && !event.defaultPrevented) {
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 4000);
    }
  });
})();
