// Who this page is, and the sandbox's clock.
import { byId, fill, h, icon } from "./dom.js";
import { avatar, nameOf } from "./people.js";
import { popover } from "./popover.js";
import { openGuild } from "./store.js";
import { now } from "./times.js";

const NAME = /^[a-z0-9_.]{2,32}$/;
const STEPS = [
  ["+1 min", 60, "Move the clock by one minute"],
  ["+1 hour", 3600, "Move the clock by one hour"],
  ["+1 day", 86_400, "Move the clock by one day"],
];

/** Show who one is, with the switcher. */
export function showSelf(app) {
  const { store } = app;

  function open(event) {
    const button = event.currentTarget;
    const isHere = new Set((openGuild(store)?.members ?? []).map((one) => one.user.id));
    const others = store.people.filter((one) => one.id !== store.me?.id && (isHere.size === 0 || isHere.has(one.id)));
    const elsewhere = store.people.filter((one) => one.id !== store.me?.id && isHere.size > 0 && !isHere.has(one.id));
    const row = (user) => h("button", { type: "button", onclick: () => (close(), app.become(user.username)) }, avatar(user), h("span", {}, nameOf(store, user), h("small", {}, user.username)));
    const wrong = h("p", { class: "trouble", role: "alert" });
    const input = h("input", { placeholder: "new_name", "aria-label": "Name of a new person", autocomplete: "off", maxlength: "32" });
    const form = h("form", { class: "new-person", onsubmit: join }, input, h("button", { type: "submit", class: "button primary" }, "Join"));
    const close = popover(h("div", { class: "switcher", role: "dialog", "aria-label": "Who are you?" }, h("h2", {}, "Who are you?"), h("div", { class: "switcher-people" }, others.map(row), elsewhere.length > 0 && h("div", { class: "menu-heading" }, "In other servers"), elsewhere.map(row)), form, wrong), button);
    (document.querySelector(".switcher button") ?? input).focus();

    async function join(submitted) {
      submitted.preventDefault();
      const name = input.value.trim().toLowerCase();
      if (!NAME.test(name)) {
        wrong.textContent = "A name has 2 to 32 of a–z, 0–9, dot and underscore.";
        return;
      }
      const problem = await app.join(name);
      if (problem) wrong.textContent = problem;
      else close();
    }
  }

  function draw() {
    if (!store.me) return;
    fill(byId("me"), h("button", { type: "button", class: "self", "aria-haspopup": "dialog", title: "Be somebody else", onclick: open }, avatar(store.me), h("span", { class: "self-names" }, h("strong", {}, nameOf(store, store.me)), h("small", {}, store.me.username)), icon("down")));
  }
  store.watch("guilds people", draw);
}

/** Show the clock, and the buttons that move it. */
export function showClock(app) {
  const { store } = app;
  const time = h("time", { title: "The sandbox's clock" });
  const day = h("small");
  const steps = STEPS.map(([label, seconds, title]) => h("button", { type: "button", title, onclick: () => app.actions.moveClock(seconds) }, label));
  byId("clock").append(icon("clock"), h("div", { class: "clock-time" }, time, day), h("div", { class: "clock-steps" }, steps));

  function draw() {
    const date = new Date(now(store) * 1000);
    time.textContent = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const ahead = Math.round(store.ahead_s);
    day.textContent = date.toLocaleDateString(undefined, { day: "numeric", month: "short" }) + (ahead > 30 ? ` · ${inWords(ahead)} ahead` : "");
  }
  store.watch("clock", draw);
  setInterval(draw, 1000);
}

function inWords(seconds) {
  const parts = [[86_400, "d"], [3600, "h"], [60, "min"]];
  const words = [];
  let left = Math.round(seconds / 60) * 60;
  for (const [size, unit] of parts) {
    if (left >= size) words.push(`${Math.floor(left / size)} ${unit}`);
    left %= size;
  }
  return words.slice(0, 2).join(" ");
}
