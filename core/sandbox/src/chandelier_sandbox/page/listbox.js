// A list to choose from with the arrow keys while the focus stays in a field.
import { append, fill, h } from "./dom.js";

let lists = 0;

/** Make a list; pick(item) is called on a click and by choose(). Items: {label, note, mark, group, chosen, value}. */
export function listbox(label, pick, multiple = false) {
  const id = `list-${++lists}`;
  const element = h("div", { class: "listbox", role: "listbox", id, "aria-label": label, "aria-multiselectable": multiple ? "true" : null });
  let items = [];
  let active = -1;
  let field = null;

  function row(item, n) {
    const text = h("span", { class: "row-text" }, h("span", { class: "row-label" }, item.label), item.note && h("span", { class: "row-note" }, item.note));
    const chosen = multiple ? { "aria-checked": String(Boolean(item.chosen)) } : {};
    const option = h("div", { role: "option", id: `${id}-${n}`, class: "row", "aria-selected": "false", ...chosen }, item.mark, text, item.side);
    option.addEventListener("pointermove", () => activate(n, false));
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => pick(item));
    return option;
  }

  function activate(n, scroll = true) {
    active = n;
    element.querySelectorAll("[role=option]").forEach((one, at) => {
      one.setAttribute("aria-selected", String(at === n));
      if (at === n && scroll) one.scrollIntoView({ block: "nearest" });
    });
    if (n >= 0) field?.setAttribute("aria-activedescendant", `${id}-${n}`);
    else field?.removeAttribute("aria-activedescendant");
  }

  return {
    element,
    id,

    /** Say which field keeps the focus. */
    serve(input) {
      field = input;
      input.setAttribute("aria-controls", id);
      input.setAttribute("aria-autocomplete", "list");
    },

    /** Show items; the one at first is active. */
    show(next, { first = 0, empty = "Nothing fits." } = {}) {
      items = next;
      fill(element);
      let group;
      items.forEach((item, n) => {
        if (item.group && item.group !== group) append(element, [h("div", { class: "row-group", role: "presentation" }, item.group)]);
        group = item.group;
        element.append(row(item, n));
      });
      if (!items.length) element.append(h("div", { class: "row-empty" }, empty));
      activate(Math.min(first, items.length - 1));
    },

    /** Move up or down, round the ends. */
    move(by) {
      if (items.length) activate((active + by + items.length) % items.length);
    },

    /** Return the active item. */
    get active() {
      return items[active];
    },

    get index() {
      return active;
    },

    /** Pick the active item; tell whether there was one. */
    choose() {
      if (active < 0 || !items[active]) return false;
      pick(items[active]);
      return true;
    },
  };
}
