/* What this device keeps of an attempt while it is taken: answers that the server may not have, under a name of their own
   for each attempt of each person (data-journal). Nobody else's is ever shown. A page that says that its attempt has ended
   (data-ended) makes the device forget it; one that nobody ended is forgotten once the server would take nothing of it. */
const LATE = 60000; // so long the server takes what was made in time
const page = document.querySelector("[data-at]").dataset;

export const read = (place) => {
  try {
    return JSON.parse(localStorage.getItem(place)) || {};
  } catch {
    return {}; // no storage on this device: the server still gets what is typed
  }
};

export const write = (place, kept) => {
  try {
    if (kept) localStorage.setItem(place, JSON.stringify(kept));
    else localStorage.removeItem(place);
  } catch {
    /* As above. */
  }
};

const places = () => {
  try {
    return Object.keys(localStorage).filter((place) => place.startsWith("quiz:"));
  } catch {
    return [];
  }
};

for (const place of places()) {
  const over = place === page.journal ? "ended" in page : !(read(place).until + LATE > Number(page.at));
  if (over) write(place, null);
}
