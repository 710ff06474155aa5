/* Answers of a quiz: each change stands in the journal of this device at once and on the server a moment later. What the
   server has not acknowledged stays visibly unsaved and survives a reload; what another tab has saved is never overwritten. */
import * as device from "./quiz-journal.js";
import { end, now, post, renew } from "./quiz-line.js";

const form = document.getElementById("quiz");
const words = form.dataset;
const bar = form.querySelector(".clockbar");
const journal = device.read(words.journal).answers || {};
const keep = (number) => {
  const answers = device.read(words.journal).answers || {}; // another tab keeps its own in there
  if (number in journal) answers[number] = journal[number];
  else delete answers[number];
  device.write(words.journal, Object.keys(answers).length ? { until: end(), answers } : null);
};
const fields = (number) => [...form.querySelectorAll(`[name="q-${number}"]`)];
const item = (number) => document.getElementById(`question-${number}`);
const said = (number) => item(number).querySelector("[data-said]");
const seq = (number) => form.querySelector(`[name="s-${number}"]`);
const read = (number) =>
  fields(number).map((field) => (["radio", "checkbox"].includes(field.type) ? (field.checked ? field.value : "") : field.value)).join("");
const write = (number, answer) => {
  for (const field of fields(number)) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = answer.includes(field.value);
    else field.value = answer;
  }
};
let wall = Date.now() - performance.now();
let waiting, sending = null, pause = 0, closed = false, leaving = false, handing = false, warned = false, up = false;
const toSend = () => Object.keys(journal).filter((number) => !journal[number].held);
const later = (act, first) => {
  clearTimeout(waiting);
  waiting = setTimeout(act, pause || first);
};

const show = (text) => {
  const open = Object.values(journal);
  const refused = open.some((one) => one.held === "refused");
  form.querySelector("[data-state]").textContent = text || (closed ? words.closed : refused ? words.refused : open.length ? words.unsaved : words.saved);
  bar.classList.toggle("unsaved", open.length > 0 || handing);
  bar.classList.toggle("closed", closed);
  for (const line of form.querySelectorAll(".asked > li")) line.classList.toggle("unsaved", `${line.id}`.slice(9) in journal);
};

const note = (number) => {
  if (journal[number]?.held === "refused") said(number).textContent = "";
  const unheard = journal[number]?.unheard || []; // what was sent of it and of which nothing was heard
  journal[number] = { answer: read(number), seq: seq(number).value, made: now(), unheard };
  keep(number);
  if (!up) handing = warned = false; // who goes on has not handed in
  show();
  if (!up && !pause) later(save, 1200); // without a line, the next try stands
};

const body = (numbers) => {
  const sent = new FormData();
  sent.set("csrf_token", form.elements.csrf_token.value);
  for (const number of numbers) {
    const one = journal[number];
    sent.set(`s-${number}`, one.seq);
    sent.set(`q-${number}`, one.answer);
    sent.set(`m-${number}`, one.made);
    if (one.unheard[one.unheard.length - 1] !== one.answer) one.unheard.push(one.answer);
    keep(number);
  }
  return sent;
};

const heard = (verdict, sent) => {
  const { position, saved, seq: present, answer } = verdict;
  const one = journal[position];
  if (saved === "closed") {
    closed = true;
  } else if (saved === "saved") {
    seq(position).value = present;
    if (one?.answer === sent[position]) delete journal[position];
    else if (one) Object.assign(one, { seq: String(present), unheard: [] });
    said(position).textContent = "";
    item(position).classList.remove("stale");
  } else if (one?.unheard.slice(0, -1).includes(answer)) {
    seq(position).value = one.seq = String(present); // it was this tab: only the reply was lost
  } else if (one) {
    one.held = "stale";
    item(position).classList.add("stale");
    said(position).textContent = words.stale.replace("{answer}", answer || words.none);
    const button = (label, act) => {
      const choice = document.createElement("button");
      choice.type = "button";
      choice.className = "btn quiet";
      choice.textContent = label;
      choice.addEventListener("click", act);
      said(position).append(" ", choice);
    };
    button(words.theirs, () => {
      write(position, answer);
      seq(position).value = present;
      delete journal[position];
      said(position).textContent = "";
      item(position).classList.remove("stale");
      keep(position);
      show();
    });
    button(words.mine, () => {
      seq(position).value = present;
      note(position);
      save();
    });
  }
  keep(position);
};

const send = async (numbers) => {
  const sent = Object.fromEntries(numbers.map((number) => [number, journal[number].answer]));
  const came = await post(words.save, () => body(numbers.filter((number) => number in journal)), async (answer) => {
    if (answer.ok) for (const verdict of (await answer.json()).answers) heard(verdict, sent);
    return answer.ok;
  });
  if (came !== "refused") return came;
  if (numbers.length === 1) {
    const [number] = numbers;
    if (journal[number]?.answer === sent[number]) {
      journal[number].held = "refused"; // kept, and sent again once it is changed
      said(number).textContent = words.notTaken;
      keep(number);
    }
    return came;
  }
  for (const number of numbers.filter((one) => one in journal)) {
    const alone = await send([number]); // one that is refused keeps no other from being saved
    if (["away", "out"].includes(alone)) return alone;
  }
  return came;
};

const save = () => {
  clearTimeout(waiting);
  sending ||= (async () => {
    const numbers = toSend();
    if (!numbers.length || closed) return;
    show(words.saving);
    const came = await send(numbers).catch(() => "away"); // the journal has it
    pause = ["away", "out"].includes(came) ? Math.min(30000, (pause || 1000) * 2) : 0;
    show({ out: words.signedOut, away: handing && words.handing }[came]);
    if (toSend().length && !closed && !handing) later(again, 200);
  })().finally(() => {
    sending = null;
  });
  return sending;
};

let asking = false; // a second press while the first is under way is dropped
const handIn = async () => {
  handing = true;
  if (asking) return;
  asking = true;
  await ask().finally(() => {
    asking = false;
  });
};

const ask = async () => {
  await save();
  if (!handing) return;
  if (toSend().length && !closed) return void later(again, 200);
  clearTimeout(waiting);
  show(words.saving);
  const came = await post(form.action, () => new FormData(form), (answer) => answer.type === "opaqueredirect").catch(() => "away");
  if (came === "heard") {
    leaving = true;
    return void location.replace(location.pathname); // without the place on it, which would load nothing
  }
  pause = came === "refused" ? 0 : Math.min(30000, (pause || 1000) * 2);
  handing = handing && came !== "refused";
  show({ away: handing && words.handing, out: words.signedOut, refused: words.refused }[came]);
  if (handing || toSend().length) later(again, 2000);
};

const again = () => (handing ? handIn() : save()); // who has gone on meanwhile hands in no more

/* Say which questions have no answer, and tell whether there are any: who presses again hands in all the same. */
const gaps = () => {
  const empty = [...form.querySelectorAll(".asked > li")].filter((line) => !read(line.id.slice(9)).trim());
  const [before, after] = words.missing.split("{which}");
  const links = empty.flatMap((line, place) => {
    const link = document.createElement("a");
    link.href = `#${line.id}`;
    link.textContent = line.id.slice(9);
    return place ? [", ", link] : [link];
  });
  form.querySelector("[data-gaps]").replaceChildren(...(empty.length ? [before, ...links, after] : []));
  warned = empty.length > 0;
  return warned;
};

const tryNow = () => {
  pause = 0;
  again();
};
const flush = () => {
  if (!toSend().length || closed || leaving) return;
  const last = body(toSend());
  last.set("beacon", "1"); // it carries no header; what is said of it nobody reads
  navigator.sendBeacon(words.save, last);
};

form.addEventListener("input", (event) => {
  const number = event.target.name?.match(/^q-(\d+)$/)?.[1];
  if (number) note(number);
});
form.addEventListener("formdata", ({ formData }) => {
  for (const [number, { made, held }] of Object.entries(journal)) {
    formData.set(`m-${number}`, made);
    if (held === "refused") for (const part of "msq") formData.delete(`${part}-${number}`); // what was saved before it counts
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.hasAttribute("formaction")) tryNow();
  else if (warned || !gaps()) handIn();
});
addEventListener("online", tryNow);
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") return flush();
  if (pause) tryNow();
  const slept = Math.abs(Date.now() - performance.now() - wall) > 1000; // a device stops its clock meanwhile
  wall = Date.now() - performance.now();
  if (slept) renew().catch(() => {});
});

for (const [number, kept] of Object.entries(journal)) {
  if (!item(number) || (kept.answer === read(number) && kept.seq === seq(number).value)) {
    delete journal[number];
    keep(number);
    continue;
  }
  delete kept.held;
  seq(number).value = kept.seq;
  write(number, kept.answer); // what this device has and the server may not; if both moved on, the server says so
}
show();
save();

const clock = form.querySelector("[data-clock]");
const tick = () => {
  const left = Math.max(0, end() - now());
  const seconds = Math.ceil(left / 1000);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  bar.classList.toggle("last", left < 60000);
  if (left > 0) return void setTimeout(tick, 500);
  up = true;
  form.querySelector(".asked").inert = true; // what is changed from now on would not count
  const said = document.createElement("input");
  Object.assign(said, { type: "hidden", name: "time_is_up", value: "1" });
  form.append(said);
  handIn();
};
tick();
