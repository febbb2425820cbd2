// A form of the bot, as a dialog.
import { h } from "./dom.js";
import { markup } from "./markup.js";
import { selectMenu } from "./select.js";

/** Open a form; it closes when it was submitted, or by Escape and Cancel. */
export function openModal(modal, app) {
  const fields = [];
  const trouble = h("p", { class: "trouble", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary" }, "Submit");
  const form = h(
    "form",
    { novalidate: true, onsubmit: send },
    h("h2", { id: "modal-title" }, modal.title),
    h("p", { class: "modal-from" }, `This form goes to ${app.store.bot?.global_name || app.store.bot?.username || "the bot"}. Do not share passwords.`),
    h("div", { class: "modal-fields" }, (modal.components ?? []).map((one) => drawn(one, app, fields))),
    trouble,
    h("div", { class: "modal-buttons" }, h("button", { type: "button", class: "button plain", onclick: () => dialog.close() }, "Cancel"), submit),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title" }, form);
  dialog.addEventListener("close", () => dialog.remove());

  async function send(event) {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].focus();
    submit.disabled = true;
    const problem = await app.actions.submitModal(modal, Object.fromEntries(fields.map((field) => [field.name, field.value()])));
    submit.disabled = false;
    trouble.textContent = problem ?? "";
    if (!problem) dialog.close();
  }

  document.body.append(dialog);
  dialog.showModal();
  (fields[0]?.element ?? submit).focus();
}

function drawn(component, app, fields) {
  if (component.type === 1) return (component.components ?? []).map((one) => drawn(one, app, fields));
  if (component.type === 10) return h("div", { class: "text" }, markup(component.content, app));
  if (component.type === 18) return labelled(component.component, component.label, component.description, app, fields);
  return labelled(component, component.label ?? component.placeholder ?? "", null, app, fields);
}

function labelled(component, label, description, app, fields) {
  const make = FIELDS[component.type];
  if (!make) return h("p", { class: "trouble" }, `The form asks for a component of type ${component.type}, which this page does not draw.`);
  const isNeeded = component.required !== false;
  const id = `field-${fields.length}`;
  const wrong = h("p", { class: "trouble", id: `${id}-wrong`, role: "alert" });
  const field = make(component, app, label);
  field.name = component.custom_id;
  field.element.id = id;
  field.element.setAttribute("aria-describedby", `${id}-wrong`);
  field.check = () => {
    wrong.textContent = field.problem(isNeeded) ?? "";
    field.element.setAttribute("aria-invalid", String(wrong.textContent !== ""));
    return wrong.textContent === "";
  };
  field.focus = () => field.element.focus();
  fields.push(field);
  const mark = isNeeded ? h("span", { class: "needed", "aria-hidden": "true" }, " *") : h("span", { class: "optional" }, " (optional)");
  return h("div", { class: "field" }, h("label", { for: id }, label, mark), description && h("p", { class: "field-note" }, description), field.box ?? field.element, wrong);
}

const FIELDS = { 3: menu, 4: textInput, 5: menu, 6: menu, 7: menu, 8: menu, 21: radios, 22: checks, 23: oneCheck };

function textInput(component) {
  const most = component.max_length ?? 4000;
  const least = component.min_length ?? 0;
  const element = h(component.style === 2 ? "textarea" : "input", { placeholder: component.placeholder, value: component.value ?? "", rows: component.style === 2 ? "4" : null, autocomplete: "off" });
  const count = h("span", { class: "count" });
  const update = () => {
    count.textContent = component.max_length || element.value.length > 3800 ? `${element.value.length}/${most}` : "";
  };
  element.addEventListener("input", update);
  update();
  const problem = (isNeeded) => {
    const length = element.value.length;
    if (!length) return isNeeded ? "This field is required." : null;
    if (length < least) return `Must be ${least} or more in length.`;
    return length > most ? `Must be ${most} or fewer in length.` : null;
  };
  return { element, box: h("div", { class: "text-field" }, element, count), value: () => element.value, problem };
}

function menu(component, app, label) {
  const { element, values } = selectMenu(component, app, () => {}, label);
  return { element, value: values, problem: (isNeeded) => (isNeeded && !values().length ? "Make a selection." : null) };
}

const box = (type, component, one) =>
  h("label", { class: "tick" }, h("input", { type, name: component.custom_id, value: one.value, checked: one.default === true }), h("span", {}, one.label, one.description && h("small", {}, one.description)));

function group(type, component) {
  const element = h("div", { class: "ticks", tabindex: "-1", role: type === "radio" ? "radiogroup" : "group" }, (component.options ?? []).map((one) => box(type, component, one)));
  const ticked = () => [...element.querySelectorAll("input:checked")].map((one) => one.value);
  return { element, ticked, problem: (isNeeded) => (isNeeded && !ticked().length ? "Make a selection." : null) };
}

function radios(component) {
  const field = group("radio", component);
  return { ...field, value: () => field.ticked()[0] ?? null };
}

function checks(component) {
  const field = group("checkbox", component);
  return { ...field, value: field.ticked };
}

function oneCheck(component) {
  const element = h("input", { type: "checkbox", checked: component.default === true });
  return { element, value: () => element.checked, problem: () => null };
}
