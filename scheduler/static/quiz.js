/* Answers of a quiz: each change stands in the journal of this device at once and on the server a moment later. What the
   server has not acknowledged stays visibly unsaved and survives a reload; what another tab has saved is never overwritten. */
(() => {
  "use strict";
  const form = document.getElementById("quiz");
  if (!form) return;
  const words = form.dataset;
  const bar = form.querySelector(".clockbar");
  const place = `quiz:${words.save}`;
  const loaded = performance.now();
  const now = () => Math.round(Number(words.at) + performance.now() - loaded); // the server's time, however wrong the device's is
  const journal = JSON.parse(localStorage.getItem(place) || "{}");
  const unheard = {}; // answers that were sent and of which nothing was heard
  const keep = (number) => {
    const all = JSON.parse(localStorage.getItem(place) || "{}"); // another tab keeps its own in there
    if (number in journal) all[number] = journal[number];
    else delete all[number];
    localStorage.setItem(place, JSON.stringify(all));
  };
  const fields = (number) => [...form.querySelectorAll(`[name="q-${number}"]`)];
  const item = (number) => document.getElementById(`question-${number}`);
  const seq = (number) => form.querySelector(`[name="s-${number}"]`);
  const read = (number) =>
    fields(number).map((field) => (["radio", "checkbox"].includes(field.type) ? (field.checked ? field.value : "") : field.value)).join("");
  const write = (number, answer) => {
    for (const field of fields(number)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = answer.includes(field.value);
      else field.value = answer;
    }
  };
  let waiting, sending = false, closed = false, leaving = false;

  const show = (text) => {
    const open = Object.keys(journal);
    form.querySelector("[data-state]").textContent = text || (open.length ? words.unsaved : words.saved);
    bar.classList.toggle("unsaved", open.length > 0);
    for (const line of form.querySelectorAll(".asked > li")) line.classList.toggle("unsaved", `${line.id}`.slice(9) in journal);
  };

  const note = (number) => {
    journal[number] = { answer: read(number), seq: seq(number).value, made: now() };
    keep(number);
    show();
    clearTimeout(waiting);
    waiting = setTimeout(save, 1200);
  };

  const body = (numbers) => {
    const sent = new FormData();
    sent.set("csrf_token", form.elements.csrf_token.value);
    sent.set("made", String(Math.max(...numbers.map((number) => journal[number].made))));
    for (const number of numbers) {
      sent.set(`s-${number}`, journal[number].seq);
      sent.set(`q-${number}`, journal[number].answer);
      (unheard[number] ||= []).push(journal[number].answer);
    }
    return sent;
  };

  const heard = (verdict, sent) => {
    const { position, saved, seq: present, answer } = verdict;
    const said = item(position).querySelector("[data-said]");
    if (saved === "saved") {
      delete unheard[position];
      seq(position).value = present;
      if (journal[position]?.answer === sent[position]) delete journal[position];
      else if (journal[position]) journal[position].seq = String(present);
      said.textContent = "";
      item(position).classList.remove("stale");
    } else if (saved === "closed") {
      closed = true;
    } else if (unheard[position]?.slice(0, -1).includes(answer)) {
      seq(position).value = journal[position].seq = String(present); // it was this tab: only the reply was lost
    } else {
      item(position).classList.add("stale");
      said.textContent = words.stale.replace("{answer}", answer || words.none);
      const button = (label, act) => {
        const one = document.createElement("button");
        one.type = "button";
        one.className = "btn quiet";
        one.textContent = label;
        one.addEventListener("click", act);
        said.append(" ", one);
      };
      journal[position].held = true;
      button(words.theirs, () => {
        write(position, answer);
        seq(position).value = present;
        delete journal[position];
        said.textContent = "";
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

  const renew = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("#quiz [name=csrf_token]");
    if (!fresh) return false;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh.value;
    return true;
  };

  const save = async () => {
    clearTimeout(waiting);
    const numbers = Object.keys(journal).filter((number) => !journal[number].held);
    if (!numbers.length || sending || closed) return;
    sending = true;
    show(words.saving);
    let text = "", again = 5000;
    try {
      const sent = Object.fromEntries(numbers.map((number) => [number, journal[number].answer]));
      const answer = await fetch(words.save, { method: "POST", body: body(numbers), headers: { "X-Requested-With": "save" } });
      if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) {
        for (const verdict of (await answer.json()).answers) heard(verdict, sent);
        if (closed) text = words.closed;
        again = 200;
      } else if (answer.redirected || answer.status === 400) {
        text = (await renew()) ? "" : words.signedOut;
      }
    } catch {
      /* The line is away: the journal has it. */
    }
    sending = false;
    bar.classList.toggle("closed", closed);
    show(text);
    if (Object.keys(journal).some((number) => !journal[number].held) && !closed) waiting = setTimeout(save, again);
  };

  const flush = () => {
    const numbers = Object.keys(journal).filter((number) => !journal[number].held);
    if (numbers.length && !closed && !leaving) navigator.sendBeacon(words.save, body(numbers));
  };

  form.addEventListener("input", (event) => {
    const number = event.target.name?.match(/^q-(\d+)$/)?.[1];
    if (number) note(number);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    form.elements.made.value = String(now());
  });
  addEventListener("online", save);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());

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
    const left = Math.max(0, Number(words.left) - (performance.now() - loaded));
    const seconds = Math.ceil(left / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    bar.classList.toggle("last", left < 60000);
    if (left > 0) return void setTimeout(tick, 500);
    const up = document.createElement("input");
    Object.assign(up, { type: "hidden", name: "time_is_up", value: "1" });
    form.append(up);
    form.requestSubmit();
  };
  tick();
})();
