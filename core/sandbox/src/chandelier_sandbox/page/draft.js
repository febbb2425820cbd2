// A command that is being typed: "/name" and its options as chips, with a list above of what may come next.
import { fill, h } from "./dom.js";
import { fitting } from "./choices.js";
import { makeChip } from "./chip.js";
import { hintOf, readLine } from "./commands.js";

/** Make the draft of a use. panel: {list, show, hide, hint}. end(text) leaves it, send() sends. */
export function makeDraft(use, rest, { app, panel, end, send }) {
  const adder = h("input", { class: "chip-adder", "aria-label": "Add an option", autocomplete: "off", size: "1" });
  const wrong = h("p", { class: "trouble", role: "alert" });
  const row = h("div", { class: "draft-row" });
  const element = h("div", { class: "draft", role: "group", "aria-label": `/${use.name}` }, row, wrong);
  const chips = [];

  const draft = {
    element,
    use,
    store: app.store,
    async complete(option, typed) {
      const { files, options } = draft.values();
      if (files.length) for (const name of Object.keys(options)) if (/^files\[/.test(options[name])) delete options[name];
      const body = { channel: app.store.place.channel, command: use.name, option: option.name, typed, options };
      return (await app.api.autocomplete(body)).choices;
    },
    listed: (chip) => document.activeElement === chip.input && offer(),
    changed(chip) {
      wrong.textContent = "";
      if (!jump(chip.input)) offer();
    },

    /** Return the options as sent, and the files they name. */
    values() {
      const options = {};
      const files = [];
      for (const chip of chips) {
        const value = chip.value();
        if (value instanceof File) options[chip.option.name] = `files[${files.push(value) - 1}]`;
        else if (value !== undefined) options[chip.option.name] = value;
      }
      return { options, files };
    },

    /** Tell whether it may be sent; else show why and go there. */
    check() {
      const bad = chips.find((chip) => chip.problem());
      for (const chip of chips) chip.element.classList.toggle("wrong", chip.problem() !== null);
      if (!bad) return true;
      wrong.textContent = `${bad.option.name}: ${bad.problem()}`;
      bad.input.focus();
      return false;
    },

    /** Show what the sandbox refused. */
    refuse(sentence) {
      wrong.textContent = sentence;
      (chips[0]?.input ?? adder).focus();
    },

    focus() {
      const first = chips.find((chip) => !chip.input.value) ?? chips.at(-1);
      const field = rest && left().length ? adder : first?.input ?? adder;
      field.focus();
    },
  };

  const left = () => use.options.filter((option) => !chips.some((chip) => chip.option === option));
  const current = () => chips.find((chip) => chip.input === document.activeElement);

  function add(option, text = "") {
    const chip = makeChip(option, draft);
    if (text) chip.take(text);
    chip.input.addEventListener("focus", () => {
      chip.ask();
      offer();
    });
    chips.push(chip);
    draw();
    return chip;
  }

  function draw() {
    const focused = document.activeElement;
    fill(row, h("span", { class: "draft-name" }, `/${use.name}`), chips.map((chip) => chip.element), adder);
    adder.placeholder = left().length && chips.length + left().length > 0 ? `+${left().length} more` : "";
    adder.size = Math.max(6, adder.value.length + 1);
    if (row.contains(focused)) focused.focus();
  }

  function offer() {
    const chip = current();
    if (chip) return offerValues(chip);
    if (document.activeElement !== adder) return;
    const items = fitting(left().map((option) => ({ label: option.name, note: option.description, side: h("span", { class: "row-side" }, hintOf(option)), option, group: "Options" })), adder.value.replace(/:$/, ""));
    if (items.length) panel.show(items, pickOption, { first: adder.value ? 0 : -1, field: adder });
    else panel.hint(left().length ? "There is no such option." : "Press Enter to send.");
  }

  function offerValues(chip) {
    const items = chip.choices();
    if (chip.trouble) return panel.hint(`${chip.option.name}: ${chip.trouble}`);
    if (chip.waiting && !items?.length) return panel.hint(`${chip.hint} · loading…`);
    if (!items?.length) return panel.hint(items && !chip.hasPick ? `${chip.hint} · nothing fits` : chip.hint);
    const grouped = items.slice(0, 25).map((one) => ({ ...one, group: chip.hint }));
    panel.show(grouped, (item) => pickValue(chip, item), { first: chip.hasPick ? -1 : 0, field: chip.input });
  }

  function pickOption(item) {
    adder.value = "";
    add(item.option).input.focus();
  }

  function pickValue(chip, item) {
    chip.pick(item);
    forward(chip.input);
  }

  // "name:" typed anywhere jumps to that option, as on Discord.
  function jump(input) {
    const typed = /(?:^|\s)([^\s:]+):$/.exec(input.value);
    const option = typed && use.options.find((one) => one.name === typed[1]);
    if (!option) return false;
    const chip = chips.find((one) => one.option === option);
    if (chip?.input === input || (chip && chip.input.value)) return false;
    input.value = input.value.slice(0, typed.index).trimEnd();
    input.dispatchEvent(new Event("input"));
    (chip ?? add(option)).input.focus();
    return true;
  }

  const fields = () => [...chips.map((chip) => chip.input), adder];

  function forward(input) {
    const next = fields()[fields().indexOf(input) + 1];
    if (next) next.focus();
    offer();
  }

  function back(input) {
    const chip = chips.find((one) => one.input === input);
    const before = fields()[fields().indexOf(input) - 1];
    if (chip && !chip.option.required) {
      chips.splice(chips.indexOf(chip), 1);
      draw();
    }
    if (before) before.focus();
    else if (chip?.option.required || input === adder) return end(`/${use.name}`);
    else adder.focus();
    offer();
  }

  element.addEventListener("keydown", (event) => {
    const input = event.target;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isEmpty = input.value === "" || (input.readOnly && event.key === "Backspace");
    if (step && panel.isOpen()) panel.list.move(step);
    else if (event.key === "Escape") panel.isOpen() ? panel.hide() : end("");
    else if (event.key === "Enter" && event.isComposing) return;
    else if (event.key === "Enter") {
      if (current()?.open && !current().file) current().open();
      else if (!(panel.isOpen() && panel.list.choose())) send();
    } else if (event.key === "Tab" && !event.shiftKey) {
      if (panel.isOpen() && panel.list.choose()) return event.preventDefault();
      if (input === adder) return;
      forward(input);
    } else if (event.key === "Backspace" && isEmpty) back(input);
    else return;
    event.preventDefault();
  });
  adder.addEventListener("input", () => {
    adder.size = Math.max(6, adder.value.length + 1);
    if (!jump(adder)) offer();
  });
  adder.addEventListener("focus", offer);
  element.addEventListener("focusout", (event) => element.contains(event.relatedTarget) || panel.hide());

  const given = readLine(rest, use.options);
  for (const option of use.options.filter((one) => one.required || given.some(([name]) => name === one.name))) add(option, given.find(([name]) => name === option.name)?.[1]);
  draw();
  return draft;
}
