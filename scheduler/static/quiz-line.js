/* The line to the server while a quiz is taken, and the server's time, however wrong the device's is. */
const form = document.getElementById("quiz");
let [at, until, loaded] = [Number(form.dataset.at), Number(form.dataset.until), performance.now()];

export const now = () => Math.round(at + performance.now() - loaded);
export const end = () => until;

const reach = (address, sent) => {
  const line = new AbortController();
  const patience = setTimeout(() => line.abort(), 20000);
  const how = sent && { method: "POST", body: sent, headers: { "X-Requested-With": "save" }, redirect: "manual" };
  return fetch(address, { ...how, signal: line.signal }).finally(() => clearTimeout(patience));
};

/* Look at the own page anew: its token, the time that is left. False: nobody is signed in, or somebody else is. */
export const renew = async () => {
  const fresh = new DOMParser().parseFromString(await (await reach(location.href)).text(), "text/html");
  const told = fresh.querySelector("[data-at]")?.dataset;
  if (told?.journal !== form.dataset.journal) return false;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh.querySelector("[name=csrf_token]").value;
  [at, until, loaded] = [Number(told.at), Number(told.until || until), performance.now()];
  return true;
};

/* Send something and say what came of it: heard, away (no line), out (signed out) or refused. Fails where there is no line. */
export const post = async (address, sent, listen) => {
  for (let times = 0; times < 2; times += 1) {
    const answer = await reach(address, sent());
    if (await listen(answer)) return "heard";
    if (answer.status >= 500 || answer.status === 429) return "away";
    if (answer.type !== "opaqueredirect" && ![400, 404].includes(answer.status)) return "refused";
    if (!(await renew())) return "out";
  }
  return "refused";
};
