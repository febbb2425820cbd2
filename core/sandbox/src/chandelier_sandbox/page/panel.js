// The list above the composer: commands, options, values, people to mention; or one line that says what is wanted.
import { fill, h } from "./dom.js";
import { listbox } from "./listbox.js";

/** Make the panel; it stands above what is typed. */
export function makePanel() {
  let picked = () => {};
  let open = false;
  const list = listbox("Suggestions", (item) => picked(item));
  const title = h("div", { class: "panel-title" });
  const element = h("div", { class: "panel", hidden: true }, title, list.element);

  return {
    element,
    list,
    isOpen: () => open,

    /** Offer items to pick from. */
    show(items, pick, { first = 0, field, heading, empty } = {}) {
      picked = pick;
      open = true;
      element.hidden = false;
      list.element.hidden = false;
      title.hidden = !heading;
      fill(title, heading);
      if (field) list.serve(field);
      list.show(items, { first, empty });
    },

    /** Say one line. */
    hint(words) {
      open = false;
      element.hidden = false;
      list.element.hidden = true;
      title.hidden = false;
      list.show([], {});
      fill(title, words);
    },

    hide() {
      open = false;
      element.hidden = true;
    },
  };
}
