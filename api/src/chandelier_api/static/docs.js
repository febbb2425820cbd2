"use strict";
/* Shows the OpenAPI document of this bot. Every text from it goes in as text, never as HTML. */

const methods = ["get", "post", "put", "patch", "delete"];
let spec = {};

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function follow(thing) {
  let found = thing;
  for (let steps = 0; found && found.$ref && steps < 20; steps++) {
    found = found.$ref.slice(2).split("/").reduce((inside, key) => inside && inside[key], spec);
  }
  return found || {};
}

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `list of ${typeOf(schema.items || {})}`;
  if (schema.type === "object" && schema.title) return schema.title;
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type || "anything";
  return schema.format ? `${type} (${schema.format})` : type;
}

function boundsOf(schema) {
  const words = [];
  if (schema.minLength != null || schema.maxLength != null) words.push(`${schema.minLength ?? 0}–${schema.maxLength ?? "…"} characters`);
  if (schema.minimum != null) words.push(`from ${schema.minimum}`);
  if (schema.maximum != null) words.push(`to ${schema.maximum}`);
  if (schema.default != null) words.push(`default ${JSON.stringify(schema.default)}`);
  return words.join(", ");
}

function exampleOf(schema, depth = 0) {
  const found = follow(schema);
  if (depth > 6) return null;
  if (found.examples && found.examples.length) return found.examples[0];
  if (found.default !== undefined && found.default !== null) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (found.anyOf) return exampleOf(found.anyOf[0], depth + 1);
  const type = Array.isArray(found.type) ? found.type[0] : found.type;
  if (type === "object") {
    return Object.fromEntries(Object.entries(found.properties || {}).map(([name, inner]) => [name, exampleOf(inner, depth + 1)]));
  }
  if (type === "array") return [exampleOf(found.items || {}, depth + 1)];
  if (found.format === "date-time") return "2026-06-10T12:00:00Z";
  return { string: "text", integer: 1, number: 1.5, boolean: true }[type] ?? null;
}

const pretty = (value) => JSON.stringify(value, null, 2);

function fieldTable(rows) {
  const head = make("thead", {}, make("tr", {}, ...["Name", "Type", "Meaning"].map((word) => make("th", { scope: "col" }, word))));
  const lines = rows.map(({ name, place, needed, schema, words }) => {
    const mark = needed ? make("span", { class: "needed" }, " required") : null;
    const meaning = [words, boundsOf(schema)].filter(Boolean).join(" · ");
    return make("tr", {}, make("td", {}, make("code", {}, name), mark),
      make("td", {}, typeOf(schema), place ? make("span", { class: "muted" }, ` in ${place}`) : null), make("td", {}, meaning));
  });
  return make("div", { class: "scroll" }, make("table", { class: "stacks" }, head, make("tbody", {}, ...lines)));
}

function propertyRows(schema) {
  const found = follow(schema);
  const needed = new Set(found.required || []);
  return Object.entries(found.properties || {}).map(([name, inner]) => (
    { name, needed: needed.has(name), schema: inner, words: inner.description }));
}

function answerList(operation) {
  const lines = Object.entries(operation.responses).map(([status, response]) => (
    make("li", {}, make("code", {}, status), make("span", {}, follow(response).description || ""))));
  return make("ul", { class: "answers" }, ...lines);
}

function resultPart(operation) {
  const response = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
  const content = response && (follow(response[1]).content || {})["application/json"];
  if (!content) return [];
  const schema = content.schema;
  const rows = propertyRows(schema);
  return [make("h3", {}, `What it answers: ${typeOf(schema)}`), rows.length ? fieldTable(rows) : null,
    make("pre", { tabindex: "0", "aria-label": "Example of an answer" }, pretty(content.example ?? exampleOf(schema)))];
}

function headersToSend() {
  const headers = { Accept: "application/json" };
  const token = document.getElementById("token").value.trim();
  const user = document.getElementById("user").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (user) headers["X-Discord-User-Id"] = user;
  return headers;
}

async function send(method, path, form, result) {
  const headers = headersToSend();
  const query = new URLSearchParams();
  let address = path;
  for (const input of form.querySelectorAll("[data-place]")) {
    const value = input.value.trim();
    if (input.dataset.place === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(value));
    else if (value) query.set(input.name, value);
  }
  const body = form.querySelector("textarea")?.value;
  if (body) headers["Content-Type"] = "application/json";
  const began = performance.now();
  const response = await fetch(query.size ? `${address}?${query}` : address, { method: method.toUpperCase(), headers, body: body || undefined });
  const text = await response.text();
  const took = Math.round(performance.now() - began);
  const line = make("p", {}, make("span", { class: `code ${response.ok ? "good" : "bad"}` }, `${response.status} ${response.statusText}`),
    make("span", { class: "muted" }, ` in ${took} ms · reference ${response.headers.get("X-Request-Id") || "none"}`));
  let shown = text;
  try { shown = pretty(JSON.parse(text)); } catch { /* it is not JSON: shown as it came */ }
  result.replaceChildren(line, ...(shown ? [make("pre", { tabindex: "0", "aria-label": "The answer" }, shown)] : []));
}

function tryPart(method, path, parameters, bodySchema) {
  const result = make("div", { class: "result", role: "status" });
  const button = make("button", { type: "submit" }, `Send ${method.toUpperCase()}`);
  const inputs = parameters.filter((one) => one.in !== "header").map((one) => {
    const attributes = { name: one.name, "data-place": one.in, required: one.required === true, autocomplete: "off" };
    const choices = one.schema.enum;
    const input = choices
      ? make("select", attributes, ...(one.required ? [] : [make("option", { value: "" }, "")]), ...choices.map((value) => make("option", {}, String(value))))
      : make("input", { ...attributes, placeholder: String(one.schema.examples?.[0] ?? one.schema.default ?? "") });
    return make("label", { class: "field" }, make("span", {}, one.name), input);
  });
  const area = bodySchema && make("textarea", { spellcheck: "false", name: "body" });
  if (area) area.value = pretty(exampleOf(bodySchema));
  const form = make("form", { class: "try", on: { submit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    try { await send(method, path, form, result); }
    catch (error) { result.replaceChildren(make("p", { class: "code bad" }, `The bot did not answer: ${error.message}`)); }
    finally { button.disabled = false; }
  } } }, make("h3", {}, "Try it"), inputs.length ? make("div", { class: "inputs" }, ...inputs) : null,
    area ? make("label", { class: "field" }, make("span", {}, "Body, as JSON"), area) : null, button, result);
  return form;
}

function operationPart(path, method, operation, shared) {
  const parameters = [...(shared || []), ...(operation.parameters || [])].map(follow);
  const bodySchema = operation.requestBody?.content["application/json"].schema;
  const own = parameters.map((one) => ({ name: one.name, place: one.in, needed: one.required, schema: one.schema, words: one.description }));
  const part = make("details", { class: "operation", id: operation.operationId },
    make("summary", {}, make("span", { class: `method ${method}` }, method.toUpperCase()), make("span", { class: "path" }, path),
      make("span", { class: "words" }, operation.summary || "")));
  part.addEventListener("toggle", () => {
    if (!part.open || part.querySelector(".body")) return;
    part.append(make("div", { class: "body" }, operation.description ? make("p", {}, operation.description) : null,
      ...(own.length ? [make("h3", {}, "Parameters"), fieldTable(own)] : []),
      ...(bodySchema ? [make("h3", {}, "Body"), fieldTable(propertyRows(bodySchema))] : []),
      ...resultPart(operation), make("h3", {}, "Statuses"), answerList(operation), tryPart(method, path, parameters, bodySchema)));
  });
  return part;
}

function show(main, contents) {
  for (const tag of spec.tags) {
    const section = make("section", { class: "tag" }, make("h2", {}, tag.name), make("p", {}, tag.description || ""));
    const list = make("div", {}, make("h2", {}, tag.name));
    for (const [path, item] of Object.entries(spec.paths)) {
      for (const method of methods.filter((one) => item[one]?.tags.includes(tag.name))) {
        const operation = item[method];
        const words = `${method} ${path} ${operation.operationId} ${operation.summary}`.toLowerCase();
        const part = operationPart(path, method, operation, item.parameters);
        const link = make("a", { href: `#${operation.operationId}` }, make("span", { class: `method ${method}` }, method.toUpperCase()),
          make("span", {}, operation.operationId.slice(tag.name.length + 1).replaceAll(".", " ")));
        part.dataset.words = link.dataset.words = words;
        section.append(part);
        list.append(link);
      }
    }
    if (section.querySelector(".operation")) { main.append(section); contents.append(list); }
  }
}

function narrow(text) {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  let left = 0;
  for (const one of document.querySelectorAll("[data-words]")) {
    one.hidden = !wanted.every((word) => one.dataset.words.includes(word));
    left += one.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll(".tag, #contents > div")) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  document.getElementById("status").textContent = left ? "" : "No route fits these words.";
}

function openNamed() {
  const part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (part?.matches(".operation")) { part.open = true; part.querySelector("summary").focus({ preventScroll: true }); part.scrollIntoView(); }
}

async function load() {
  const status = document.getElementById("status");
  const response = await fetch("/api/v1/openapi.json", { headers: headersToSend() });
  if (response.status === 401) {
    document.querySelector(".who").open = true;
    status.textContent = "This bot's API needs a token: enter it under “Who asks”.";
    return;
  }
  if (!response.ok) { status.textContent = `The document could not be read: status ${response.status}.`; return; }
  spec = await response.json();
  for (const old of document.querySelectorAll(".tag, #contents > div")) old.remove();
  document.getElementById("version").textContent = `API, version ${spec.info.version}`;
  status.textContent = "";
  show(document.getElementById("operations"), document.getElementById("contents"));
  openNamed();
}

document.getElementById("find").addEventListener("input", (event) => narrow(event.target.value));
document.getElementById("token").addEventListener("change", () => { if (!spec.paths) load(); });
window.addEventListener("hashchange", openNamed);
load().catch((error) => { document.getElementById("status").textContent = `The bot did not answer: ${error.message}`; });
