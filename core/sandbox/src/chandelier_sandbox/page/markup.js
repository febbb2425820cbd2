// Draws what markdown.js read, as DOM nodes.
import { h } from "./dom.js";
import { flatten, parse } from "./markdown.js";
import { colourOfRole, nameOf } from "./people.js";
import { findChannel, findUser, openGuild } from "./store.js";
import { inFull, written } from "./times.js";

/** Draw a text with its marks. */
export function markup(text, app) {
  return draw(parse(text), app);
}

/** Write a text in one line, without marks, names in place of mentions. */
export function oneLine(text, app) {
  const named = String(text ?? "").replace(/<@!?(\d+)>/g, (all, id) => `@${shownUser(app, id)}`).replace(/<a?:(\w+):\d+>/g, ":$1:");
  const timed = named.replace(/<t:(-?\d+)(?::(\w))?>/g, (all, at, style) => written(Number(at), style ?? "f", app.store));
  return flatten(parse(timed)).replace(/\s+/g, " ").trim();
}

const draw = (nodes, app) => nodes.map((node) => DRAWN[node.kind](node, app));
const inTag = (tag, more) => (node, app) => h(tag, more, draw(node.children, app));

const DRAWN = {
  text: (node) => document.createTextNode(node.text),
  bold: inTag("strong"),
  italic: inTag("em"),
  underline: inTag("u"),
  strike: inTag("s"),
  small: inTag("small", { class: "subtext" }),
  quote: inTag("blockquote"),
  heading: (node, app) => h(`h${node.level + 2}`, { class: `heading-${node.level}` }, draw(node.children, app)),
  code: (node) => h("code", {}, node.text),
  "code-block": (node) => h("pre", { tabindex: "0", dataset: { language: node.language } }, h("code", {}, node.text)),
  list: (node, app) =>
    h(node.ordered ? "ol" : "ul", node.ordered ? { start: node.start } : {}, node.items.map((item) => h("li", {}, draw(item, app)))),
  spoiler: (node, app) => spoiler(draw(node.children, app)),
  link: (node, app) => link(node.url, draw(node.children, app), node.title),
  user: (node, app) =>
    h("button", { type: "button", class: "mention", onclick: (event) => app.menus.member(event, node.id) }, `@${shownUser(app, node.id)}`),
  role: (node, app) => {
    const role = openGuild(app.store)?.roles.find((one) => one.id === node.id);
    const colour = role && colourOfRole(role);
    return h("span", { class: "mention", vars: colour ? { "--own": colour } : {} }, `@${role?.name ?? "unknown-role"}`);
  },
  channel: (node, app) => {
    const channel = findChannel(app.store, node.id);
    const go = () => channel && app.actions.go({ channel: channel.id });
    return h("button", { type: "button", class: "mention", onclick: go }, `#${channel?.name ?? "unknown"}`);
  },
  command: (node, app) =>
    h("button", { type: "button", class: "mention", onclick: () => app.composer.begin(`/${node.text} `) }, `/${node.text}`),
  everyone: (node) => h("span", { class: "mention" }, node.text),
  emoji: (node) => h("span", { class: "emoji", title: `:${node.text}:` }, `:${node.text}:`),
  time: (node, app) => {
    const iso = new Date(node.at * 1000);
    const full = Number.isNaN(iso.getTime()) ? "" : inFull(iso);
    const live = node.style === "R" ? { dataset: { at: node.at } } : {};
    return h("time", { class: "moment", title: full, ...live }, written(node.at, node.style, app.store));
  },
};

/** Write moments told as "in 5 minutes" anew; they age. */
export function refreshMoments(root, app) {
  for (const one of root.querySelectorAll("time[data-at]")) one.textContent = written(Number(one.dataset.at), "R", app.store);
}

function shownUser(app, id) {
  const user = findUser(app.store, id);
  return user ? nameOf(app.store, user) : "unknown-user";
}

/** Make a link that leads out of the page; what is not http or https stays text. */
export function link(url, children, title) {
  if (!/^https?:\/\//i.test(url)) return h("span", {}, children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", title: title ?? url }, children);
}

function spoiler(children) {
  const inner = h("span", { class: "spoiler-text", inert: true }, children);
  const box = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler", "aria-expanded": "false" }, inner);
  const open = (event) => {
    if (box.classList.contains("open") || (event.key && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    box.classList.add("open");
    inner.inert = false;
    for (const name of ["role", "tabindex", "aria-label", "aria-expanded"]) box.removeAttribute(name);
  };
  box.addEventListener("click", open);
  box.addEventListener("keydown", open);
  return box;
}
