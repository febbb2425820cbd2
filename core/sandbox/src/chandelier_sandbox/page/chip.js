// One option of a command that is being typed: its name, its field, and what may be chosen for it.
import { h } from "./dom.js";
import { fitting, ofOption } from "./choices.js";
import { hintOf, problemOf, valueOf } from "./commands.js";

const FILE = 11;
const AUTOCOMPLETE_AFTER_MS = 180;

/** Make a chip. draft: {use, values(), complete(option, typed), listed(chip), changed()}. */
export function makeChip(option, draft) {
  const label = h("span", { class: "chip-name" }, option.name);
  const input = h("input", { class: "chip-input", "aria-label": `${option.name}: ${option.description}`, autocomplete: "off", spellcheck: option.type === 3 ? "true" : "false", size: "1" });
  const element = h("span", { class: `chip${option.required ? " required" : ""}` }, label, input);
  const items = ofOption(option, draft.store);
  let picked = null; // the item that the text stands for
  let completed = [];
  let file = null;
  let timer;
  let asked = 0;

  function fit() {
    input.size = Math.max(1, Math.min(48, [...input.value].length || 1));
    element.classList.remove("wrong");
  }

  function complete() {
    clearTimeout(timer);
    const turn = ++asked;
    chip.waiting = true;
    timer = setTimeout(async () => {
      const found = await draft.complete(option, input.value).catch((error) => error);
      if (turn !== asked) return;
      chip.waiting = false;
      chip.trouble = found instanceof Error ? found.message : "";
      completed = found instanceof Error ? [] : found.map((one) => ({ value: one.value, label: one.name }));
      draft.listed(chip);
    }, AUTOCOMPLETE_AFTER_MS);
  }

  const chip = {
    option,
    element,
    input,
    waiting: false,
    trouble: "",
    hint: `${option.description} · ${hintOf(option)}`,

    /** Return what can be chosen now, or null where the text counts as it stands. */
    choices() {
      if (option.autocomplete) return picked ? [] : completed;
      return items && (picked ? items : fitting(items, input.value));
    },

    get hasPick() {
      return picked !== null || file !== null;
    },

    pick(item) {
      picked = item;
      clearTimeout(timer);
      asked++;
      chip.waiting = false;
      input.value = item.label;
      fit();
    },

    /** Take a text as typed or pasted, choosing what it names exactly. */
    take(text) {
      const id = /^<[@#][!&]?(\d+)>$/.exec(text)?.[1];
      const named = items?.find((one) => one.value === id || [one.label, one.note, String(one.value)].some((word) => word && word.replace(/^[@#]/, "").toLowerCase() === text.replace(/^[@#]/, "").toLowerCase()));
      if (named) return chip.pick(named);
      picked = null;
      input.value = text;
      fit();
    },

    attach(one) {
      file = one;
      input.value = one.name;
      fit();
    },

    get file() {
      return file;
    },

    /** Return what is wrong, or null. */
    problem() {
      if (option.type === FILE) return file || !option.required ? null : "Choose a file.";
      if (!input.value) return option.required ? "This option is required." : null;
      if (picked) return null;
      if (items) return "Choose one from the list.";
      return problemOf(option, input.value);
    },

    /** Return the value to send; undefined where it is left empty. */
    value() {
      if (file) return file;
      if (picked) return picked.value;
      return input.value === "" ? undefined : valueOf(option, input.value);
    },

    /** Ask the bot anew for what may be chosen. */
    ask() {
      if (option.autocomplete && !picked) complete();
    },
  };

  input.addEventListener("input", () => {
    picked = null;
    fit();
    if (option.autocomplete) complete();
    draft.changed(chip);
  });
  if (option.type === FILE) {
    const chooser = h("input", { type: "file", class: "away", tabindex: "-1", "aria-hidden": "true" });
    chooser.addEventListener("change", () => {
      if (chooser.files[0]) chip.attach(chooser.files[0]);
      draft.changed(chip);
      input.focus();
    });
    input.readOnly = true;
    input.placeholder = "Choose a file";
    input.size = 12;
    input.addEventListener("click", () => chooser.click());
    element.append(chooser);
    chip.open = () => chooser.click();
  }
  return chip;
}
