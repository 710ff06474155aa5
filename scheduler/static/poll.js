/* Long work: an element with an id and data-poll="2000" is fetched anew from this page's address every so many
   milliseconds, until it comes back without data-poll. Without script the reader loads the page again. */
(() => {
  "use strict";
  const next = (element) => {
    if (element.dataset.poll) setTimeout(() => refresh(element), Number(element.dataset.poll));
  };
  const refresh = async (element) => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(element.id);
      if (!fresh?.dataset?.poll) return location.reload(); // finished, or signed out
      if (fresh.innerHTML !== element.innerHTML && !element.contains(document.activeElement)) element.innerHTML = fresh.innerHTML;
    } catch {
      /* The network is away: try again. */
    }
    next(element);
  };
  for (const element of document.querySelectorAll("[data-poll][id]")) next(element);
})();
