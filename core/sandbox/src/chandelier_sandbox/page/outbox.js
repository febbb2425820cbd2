// What goes out with the next message: its files, and the message it replies to.
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { sizeOf } from "./embed.js";
import { appTag, nameOf } from "./people.js";

const MOST_FILES = 10;
const MOST_BYTES = 10 * 1_048_576;

/** Make the outbox of a field; files come by its button, by paste and by drop. say(sentence) tells what is wrong. */
export function makeOutbox(app, input, say) {
  const { store } = app;
  const chooser = h("input", { type: "file", multiple: true, class: "away", tabindex: "-1", "aria-hidden": "true" });
  const button = iconButton("plus", "Add files", () => chooser.click());
  const reply = h("div", { class: "reply-bar", hidden: true });
  const list = h("div", { class: "file-list", hidden: true });
  let files = [];

  function add(more) {
    const tooLarge = [...more].find((file) => file.size > MOST_BYTES);
    const fitting = [...files, ...[...more].filter((file) => file.size <= MOST_BYTES)];
    if (tooLarge) say(`${tooLarge.name} is larger than 10 MB.`);
    else if (fitting.length > MOST_FILES) say(`A message takes ${MOST_FILES} files.`);
    files = fitting.slice(0, MOST_FILES);
    draw();
    input.focus();
  }

  function draw() {
    list.hidden = files.length === 0;
    fill(list, files.map(card));
    const to = store.replyTo;
    reply.hidden = !to;
    if (!to) return;
    const words = h("span", {}, "Replying to ", h("strong", {}, nameOf(store, to.author)), appTag(to.author));
    fill(reply, words, iconButton("close", "Do not reply", () => replyTo(null)));
  }

  function card(file) {
    const remove = () => {
      files = files.filter((one) => one !== file);
      draw();
      input.focus();
    };
    const names = h("div", {}, h("span", {}, file.name), h("small", {}, sizeOf(file.size)));
    return h("div", { class: "file-card" }, preview(file), names, iconButton("close", `Remove ${file.name}`, remove));
  }

  function replyTo(message) {
    store.replyTo = message;
    draw();
    input.focus();
  }

  input.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  chooser.addEventListener("change", () => {
    add(chooser.files);
    chooser.value = "";
  });
  takeDrops(byId("main"), (dropped) => !input.disabled && add(dropped));

  return {
    element: h("div", {}, reply, list, chooser),
    button,
    add,
    replyTo,
    get files() {
      return files;
    },

    /** Forget files and reply. */
    clear() {
      files = [];
      store.replyTo = null;
      draw();
    },
  };
}

function preview(file) {
  if (!file.type.startsWith("image/")) return icon("file");
  const forget = (event) => URL.revokeObjectURL(event.target.src);
  return h("img", { src: URL.createObjectURL(file), alt: "", onload: forget });
}

function takeDrops(place, take) {
  const mark = (is) => place.classList.toggle("dropping", is);
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || mark(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    take(event.dataTransfer.files);
  });
}
