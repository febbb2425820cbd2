// What can be chosen from here: people, roles, channels, as items {value, label, note, mark} for a list.
import { h, icon } from "./dom.js";
import { avatar, colourOfRole, nameOf } from "./people.js";
import { openGuild } from "./store.js";

const ICONS = { 1: "at", 2: "voice", 5: "news", 10: "thread", 11: "thread", 12: "thread", 13: "voice", 15: "forum", 16: "forum" };

/** Return the name of a channel's icon. */
export const channelIcon = (channel) => ICONS[channel.type] ?? "hash";

/** Return the people of the open server; in direct messages, the two. */
export function users(store) {
  const guild = openGuild(store);
  const here = guild ? guild.members.map((one) => one.user) : [store.me, store.bot];
  return here.filter(Boolean).map((user) => ({ value: user.id, label: nameOf(store, user), note: user.username, mark: avatar(user), kind: "user" }));
}

/** Return the roles of the open server. */
export function roles(store) {
  const all = [...(openGuild(store)?.roles ?? [])].sort((a, b) => b.position - a.position);
  return all.map((role) => ({ value: role.id, label: `@${role.name.replace(/^@/, "")}`, mark: dot(colourOfRole(role)), kind: "role" }));
}

/** Return the channels of the open server that this person sees, of some types or all. */
export function channels(store, types) {
  const all = (openGuild(store)?.channels ?? []).filter((one) => !types?.length || types.includes(one.type));
  return all.map((one) => ({ value: one.id, label: `#${one.name}`, mark: icon(channelIcon(one)), kind: "channel" }));
}

const dot = (colour) => h("span", { class: "dot", vars: colour ? { "--own": colour } : {} });

/** Return the items of a select menu. */
export function ofSelect(component, store) {
  if (component.type === 3) {
    return (component.options ?? []).map((one) => ({ value: one.value, label: one.label, note: one.description, mark: emojiMark(one.emoji), chosen: one.default }));
  }
  const found = { 5: () => users(store), 6: () => roles(store), 7: () => [...users(store), ...roles(store)], 8: () => channels(store, component.channel_types) };
  const chosen = new Set((component.default_values ?? []).map((one) => one.id));
  return (found[component.type]?.() ?? []).map((item) => ({ ...item, chosen: chosen.has(item.value) }));
}

/** Return the items of an option of a command, or null where anything may be typed. */
export function ofOption(option, store) {
  if (option.choices?.length) return option.choices.map((one) => ({ value: one.value, label: one.name }));
  const found = {
    5: () => [true, false].map((value) => ({ value, label: value ? "True" : "False" })),
    6: () => users(store),
    7: () => channels(store, option.channel_types),
    8: () => roles(store),
    9: () => [...users(store), ...roles(store)],
  };
  return found[option.type]?.() ?? null;
}

/** Return the items that fit what was typed, those that begin with it first. */
export function fitting(items, typed) {
  const wanted = typed.trim().toLowerCase().replace(/^[@#]/, "");
  const rank = (item) => {
    const words = [item.label, item.note ?? ""].map((one) => String(one).toLowerCase().replace(/^[@#]/, ""));
    if (words.some((word) => word.startsWith(wanted))) return 0;
    return words.some((word) => word.includes(wanted)) ? 1 : 2;
  };
  return items.filter((item) => rank(item) < 2).sort((a, b) => rank(a) - rank(b));
}

/** Draw an emoji of a component: a character, or a custom one by name. */
export function emojiMark(emoji) {
  if (!emoji?.name) return null;
  return h("span", { class: "emoji" }, emoji.id ? `:${emoji.name}:` : emoji.name);
}
