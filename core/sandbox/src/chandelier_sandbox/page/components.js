// Draws the components of a message: rows of buttons and menus, and the layout kinds of Components V2.
import { h, icon } from "./dom.js";
import { emojiMark } from "./choices.js";
import { fileCard, ownAddress, picture } from "./embed.js";
import { markup } from "./markup.js";
import { selectMenu } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

/** Draw the components of a message. */
export function components(message, app) {
  const all = message.components ?? [];
  return all.length ? h("div", { class: "components" }, all.map((one) => drawn(one, message, app))) : null;
}

function drawn(component, message, app) {
  const draw = DRAWN[component.type];
  if (!draw) return h("div", { class: "unknown-component" }, `A component of type ${component.type}, which this page does not draw.`);
  return draw(component, message, app);
}

const inner = (component, message, app) => (component.components ?? []).map((one) => drawn(one, message, app));
const menu = (component, message, app) => {
  const press = (values) => app.actions.press(message, component, values);
  return selectMenu({ ...component, disabled: component.disabled || isBusy(message, component, app) }, app, press).element;
};

const DRAWN = {
  1: (component, message, app) => h("div", { class: "component-row" }, inner(component, message, app)),
  2: button,
  3: menu,
  5: menu,
  6: menu,
  7: menu,
  8: menu,
  9: (component, message, app) =>
    h("div", { class: "section" }, h("div", { class: "section-text" }, inner(component, message, app)), component.accessory && drawn(component.accessory, message, app)),
  10: (component, message, app) => h("div", { class: "text" }, markup(component.content, app)),
  11: (component, message) => hidden(component.spoiler, h("div", { class: "thumbnail" }, picture(mediaOf(component), message, "Thumbnail"))),
  12: (component, message) =>
    h("div", { class: "gallery" }, (component.items ?? []).map((item) => hidden(item.spoiler, picture(mediaOf(item), message, "Picture")))),
  13: (component, message) => fileCard(fileOf(component, message)),
  14: (component) => h("hr", { class: `separator${component.divider === false ? " blank" : ""}${component.spacing === 2 ? " wide" : ""}` }),
  17: (component, message, app) => {
    const colour = typeof component.accent_color === "number" ? { "--own": `#${component.accent_color.toString(16).padStart(6, "0")}` } : {};
    return hidden(component.spoiler, h("div", { class: `container${colour["--own"] ? " accented" : ""}`, vars: colour }, inner(component, message, app)));
  },
};

const mediaOf = (component) => ({ ...component.media, description: component.description });

function fileOf(component, message) {
  const url = component.file?.url ?? "";
  const name = component.name ?? url.split("/").at(-1) ?? "file";
  const sent = message.attachments?.find((one) => one.filename === name);
  return sent ?? { filename: name, url: ownAddress(url, message), size: component.size };
}

function hidden(isSpoiler, element) {
  if (!isSpoiler) return element;
  const box = h("div", { class: "picture-spoiler" }, element);
  box.append(h("button", { type: "button", onclick: () => box.replaceWith(element) }, "Spoiler"));
  return box;
}

const isBusy = (message, component, app) => app.store.busy.has(`${message.id}/${component.custom_id}`);

function button(component, message, app) {
  const style = STYLES[component.style] ?? "secondary";
  const label = [emojiMark(component.emoji), component.label && h("span", {}, component.label)];
  if (style === "link") {
    const isWeb = /^https?:\/\//i.test(component.url ?? "");
    const leads = isWeb && !component.disabled ? { href: component.url, target: "_blank", rel: "noopener noreferrer" } : { "aria-disabled": "true" };
    return h("a", { class: "button secondary", ...leads }, label, icon("link"));
  }
  const busy = isBusy(message, component, app);
  return h(
    "button",
    {
      type: "button",
      class: `button ${style}${busy ? " busy" : ""}`,
      disabled: component.disabled || busy || style === "premium",
      "aria-busy": busy ? "true" : null,
      "aria-label": component.label ? null : component.emoji?.name ?? "Button",
      dataset: { custom: component.custom_id ?? "" },
      onclick: () => app.actions.press(message, component),
    },
    busy ? h("span", { class: "dots", "aria-label": "Waiting" }, h("i"), h("i"), h("i")) : label,
  );
}
