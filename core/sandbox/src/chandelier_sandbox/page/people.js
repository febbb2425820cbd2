// Who somebody is to look at: name, colour, avatar of initials, roles.
import { h } from "./dom.js";
import { openGuild } from "./store.js";

// Each has at least 4.5 : 1 against white letters.
const COLOURS = ["#5865f2", "#1f7a8c", "#b3261e", "#2d7d46", "#8e4ec6", "#b4540a", "#c2185b", "#3d6b99", "#6b6f2a", "#7a5c3e"];

/** Return the colour that belongs to an id. */
export function colourOf(id) {
  let sum = 0;
  for (const digit of String(id)) sum = (sum * 31 + digit.charCodeAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length];
}

/** Return how somebody is called here: nickname, display name or name. */
export function nameOf(store, user) {
  const member = openGuild(store)?.members.find((one) => one.user.id === user.id);
  return member?.nick || user.global_name || user.username;
}

/** Return one or two letters for a name. */
export function initials(name) {
  const words = String(name).split(/[\s_.-]+/).filter(Boolean);
  const letters = words.length > 1 ? [...words[0]][0] + [...words[1]][0] : [...(words[0] ?? "?")][0];
  return letters.toUpperCase();
}

/** Draw a round avatar. */
export function avatar(user, name = user.global_name || user.username) {
  return h("span", { class: "avatar", "aria-hidden": "true", vars: { "--own": colourOf(user.id) } }, initials(name));
}

/** Return the CSS colour of a role, or undefined where it has none. */
export function colourOfRole(role) {
  return role.color ? `#${role.color.toString(16).padStart(6, "0")}` : undefined;
}

/** Return somebody's roles, highest first. */
export function rolesOf(guild, userId) {
  const member = guild?.members.find((one) => one.user.id === userId);
  const held = guild?.roles.filter((role) => member?.roles.includes(role.id)) ?? [];
  return held.sort((a, b) => b.position - a.position);
}

/** Draw a name in the colour of the highest role that has one. */
export function nameTag(store, user, tag = "span", more = {}) {
  const role = rolesOf(openGuild(store), user.id).find((one) => one.color);
  const vars = role ? { "--own": colourOfRole(role) } : {};
  return h(tag, { class: "name", vars, ...more }, nameOf(store, user));
}

/** Draw the tag of a bot or webhook. */
export function appTag(user, isWebhook = false) {
  return (user.bot || isWebhook) && h("span", { class: "app-tag" }, isWebhook && !user.bot ? "WEBHOOK" : "APP");
}
