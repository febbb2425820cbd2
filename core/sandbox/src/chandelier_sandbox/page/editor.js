// Editing a message where it stands.
import { h } from "./dom.js";

/** Return editor(message): a field with the message's text; the same one until editing ends. */
export function makeEditor(app) {
  let open = null;
  return (message) => {
    if (open?.id === message.id) return open.element;
    const input = h("textarea", { class: "write", rows: "1", "aria-label": "Edit message", value: message.content, dataset: { custom: "editor" } });
    const wrong = h("p", { class: "trouble", role: "alert" });
    const hint = h("p", { class: "edit-hint" }, "Escape to ", button("cancel", stop), " • Enter to ", button("save", save));
    open = { id: message.id, element: h("div", { class: "editor" }, input, hint, wrong) };

    function stop() {
      open = null;
      app.stopEditing();
    }
    async function save() {
      const content = input.value.trim();
      if (content === message.content) return stop();
      if (!content) {
        wrong.textContent = "A message cannot be made empty; delete it instead.";
        return;
      }
      const problem = await app.actions.edit(message, content);
      if (!problem) return stop();
      wrong.textContent = problem;
    }
    const grow = () => {
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight}px`;
    };
    input.addEventListener("input", grow);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.shiftKey || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") save();
      else stop();
    });
    queueMicrotask(() => {
      grow();
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
      open?.element.scrollIntoView({ block: "nearest" });
    });
    return open.element;
  };
}

const button = (label, onclick) => h("button", { type: "button", class: "as-link", onclick }, label);
