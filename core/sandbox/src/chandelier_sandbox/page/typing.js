// "Chandelier is typing…"
import { fill, h } from "./dom.js";
import { nameOf } from "./people.js";
import { findUser } from "./store.js";

/** Show who is typing in the open channel. */
export function showTyping(app, element) {
  const { store } = app;
  function draw() {
    const room = store.typing.get(store.place.channel) ?? new Map();
    const names = [...room].filter(([, until]) => until > Date.now()).map(([id]) => findUser(store, id)).filter(Boolean).map((user) => nameOf(store, user));
    if (!names.length) return fill(element);
    const words = names.length > 3 ? "Several people are typing…" : `${new Intl.ListFormat("en").format(names)} ${names.length > 1 ? "are" : "is"} typing…`;
    fill(element, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, words));
  }
  store.watch("typing places", draw);
}
