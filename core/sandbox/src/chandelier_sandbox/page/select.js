// A select menu, in a message or a form.
import { fill, h, icon } from "./dom.js";
import { fitting, ofSelect } from "./choices.js";
import { listbox } from "./listbox.js";
import { popover } from "./popover.js";

/** Make a menu; commit(values) when it closes with another choice, or at once where only one may be chosen. */
export function selectMenu(component, app, commit, label = component.placeholder || "Make a selection") {
  const items = ofSelect(component, app.store);
  const most = component.max_values ?? 1;
  const least = component.min_values ?? 1;
  let chosen = items.filter((one) => one.chosen).map((one) => one.value);

  const shown = h("span", { class: "select-shown" });
  const button = h(
    "button",
    {
      type: "button",
      class: "select",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": label,
      disabled: component.disabled,
      dataset: { custom: component.custom_id },
      onclick: open,
    },
    shown,
    icon("down"),
  );

  function draw() {
    const picked = items.filter((one) => chosen.includes(one.value));
    button.classList.toggle("empty", picked.length === 0);
    fill(shown, picked.length ? picked.map((one) => h("span", {}, one.label)) : component.placeholder || "Make a selection");
  }

  function open() {
    const before = chosen.join();
    const filter = h("input", { class: "select-filter", role: "combobox", "aria-label": `Search: ${label}`, placeholder: "Search", autocomplete: "off" });
    const list = listbox(label, toggle, most > 1);
    list.serve(filter);
    const refresh = (first = 0) => list.show(fitting(items, filter.value).map((one) => ({ ...one, chosen: chosen.includes(one.value) })), { first });

    function toggle(item) {
      const has = chosen.includes(item.value);
      if (most === 1) {
        chosen = has && least === 0 ? [] : [item.value];
        close();
        return;
      }
      if (has) chosen = chosen.filter((one) => one !== item.value);
      else if (chosen.length < most) chosen = [...chosen, item.value];
      draw();
      refresh(list.index);
    }

    filter.addEventListener("input", () => refresh());
    filter.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) list.move(step);
      else if (event.key === "Enter") list.choose();
      else if (event.key === "Tab") close();
      else return;
      event.preventDefault();
    });
    const hint = most > 1 && h("div", { class: "select-hint" }, `Choose ${least === most ? most : `${least} to ${most}`}; close to confirm.`);
    const close = popover(h("div", { class: "select-panel" }, filter, list.element, hint), button, { match: true, onclose: done, returnTo: button });
    button.setAttribute("aria-expanded", "true");
    refresh(Math.max(0, items.findIndex((one) => chosen.includes(one.value))));
    filter.focus();

    function done() {
      button.setAttribute("aria-expanded", "false");
      draw();
      if (chosen.join() !== before && chosen.length >= least) commit(chosen);
    }
  }

  draw();
  return { element: button, values: () => chosen };
}
