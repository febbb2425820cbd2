// Draws one message.
import { h, icon, iconButton } from "./dom.js";
import { attachments, embedBox } from "./embed.js";
import { emojiMark } from "./choices.js";
import { components } from "./components.js";
import { markup, oneLine } from "./markup.js";
import { appTag, avatar, nameOf, nameTag } from "./people.js";
import { poll } from "./poll.js";
import { inFull, sentAt, timeOfDay } from "./times.js";

const LOADING = 128;
const EPHEMERAL = 64;
const MENU_REPLY = 23;

/** Tell whether a message says who wrote it, rather than standing under the one before. */
export function isHead(message, before) {
  if (!before || message.referenced_message !== undefined || message.message_reference || asked(message) || !SPOKEN.has(message.type)) return true;
  const apart = Date.parse(message.timestamp) - Date.parse(before.timestamp);
  const sameFlags = (message.flags & EPHEMERAL) === (before.flags & EPHEMERAL);
  return !SPOKEN.has(before.type) || before.author.id !== message.author.id || apart > 7 * 60_000 || !sameFlags;
}

const SPOKEN = new Set([0, 19, 20, 23]);

/** Draw a message. head: whether it says who wrote it. */
export function messageItem(message, head, app) {
  const system = SYSTEM[message.type];
  const mentioned = (message.mentions ?? []).some((one) => one.id === app.store.me?.id) || message.mention_everyone;
  const classes = ["message", head && "head", mentioned && "mentioned", message.flags & EPHEMERAL && "ephemeral", system && "system"];
  const label = `${nameOf(app.store, message.author)}, ${sentAt(message.timestamp, app.store)}`;
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), dataset: { id: message.id }, "aria-label": label, tabindex: "-1" },
    system ? systemLine(message, system, app) : spoken(message, head, app),
  );
}

function spoken(message, head, app) {
  return [
    head && (message.message_reference || message.type === 19) && replyLine(message, app),
    head && asked(message) && usedLine(message, app),
    h("div", { class: "gutter" }, head ? avatar(message.author) : h("time", { class: "gutter-time" }, timeOfDay(message.timestamp))),
    h("div", { class: "body" }, head && heading(message, app), inside(message, app)),
  ];
}

function heading(message, app) {
  const name = nameTag(app.store, message.author, "button", { type: "button", onclick: (event) => app.menus.member(event, message.author.id) });
  const time = h("time", { class: "sent", datetime: message.timestamp, title: inFull(message.timestamp) }, sentAt(message.timestamp, app.store));
  return h("h3", { class: "heading" }, name, appTag(message.author, message.webhook_id && !message.application_id), time);
}

function inside(message, app) {
  const { store } = app;
  const note = store.notes.get(message.id);
  return [
    message.local ? localText(message, app) : store.editing === message.id ? app.composer.editor(message) : text(message, app),
    poll(message, app),
    attachments(message),
    (message.message_snapshots ?? []).map((one) => h("blockquote", { class: "forwarded" }, h("small", {}, "Forwarded"), h("div", { class: "text" }, markup(one.message?.content, app)))),
    (message.embeds ?? []).map((one) => embedBox(one, app, message)),
    (message.sticker_items ?? []).map((one) => h("div", { class: "sticker" }, one.name)),
    components(message, app),
    reactions(message, app),
    note && h("p", { class: "trouble", role: "alert" }, note),
    (message.flags & EPHEMERAL) !== 0 && privateLine(message, app),
  ];
}

function text(message, app) {
  if (message.flags & LOADING) {
    return h("div", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${nameOf(app.store, message.author)} is thinking…`);
  }
  if (!message.content) return null;
  const jumbo = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s*){1,9}$/u.test(message.content);
  const edited = message.edited_timestamp && h("span", { class: "edited", title: inFull(message.edited_timestamp) }, "(edited)");
  return h("div", { class: jumbo ? "text jumbo" : "text" }, markup(message.content, app), edited);
}

function localText(message, app) {
  if (message.state === "sending") return h("div", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `Sending ${message.used}…`);
  return h("div", { class: "text trouble", role: "alert" }, h("strong", {}, "The application did not respond"), h("div", { class: "reason" }, withoutTitle(message.reason)), h("div", { class: "reason" }, `It was asked: ${message.used}`));
}

const withoutTitle = (reason) => reason.replace(/^The application did not respond[.:]?\s*/, "");

const asked = (message) => message.interaction_metadata && message.interaction && !message.message_reference;

function usedLine(message, app) {
  const { user, name } = message.interaction;
  return h("div", { class: "above" }, avatar(user), nameTag(app.store, user), " used ", h("span", { class: "used" }, message.type === MENU_REPLY ? name : `/${name}`));
}

function replyLine(message, app) {
  const to = message.referenced_message ?? app.store.rooms.get(message.channel_id)?.list.find((one) => one.id === message.message_reference?.message_id);
  if (!to) return h("div", { class: "above" }, icon("reply"), h("em", {}, "The original message is not here any more."));
  const words = oneLine(to.content, app) || (to.embeds?.length || to.attachments?.length || to.components?.length ? "Click to see what is attached" : "…");
  return h("button", { type: "button", class: "above", onclick: () => app.jumpTo(to.id) }, avatar(to.author), nameTag(app.store, to.author), h("span", { class: "above-text" }, words));
}

function privateLine(message, app) {
  const dismiss = h("button", { type: "button", class: "as-link", onclick: () => app.actions.remove(message) }, "Dismiss message");
  return h("p", { class: "private" }, icon("eye"), "Only you can see this • ", dismiss);
}

function reactions(message, app) {
  if (!message.reactions?.length) return null;
  const one = (reaction) =>
    h(
      "button",
      {
        type: "button",
        class: "reaction",
        "aria-pressed": String(Boolean(reaction.me)),
        "aria-label": `${reaction.emoji.name}, ${reaction.count}`,
        dataset: { custom: `reaction-${reaction.emoji.id ?? reaction.emoji.name}` },
        onclick: () => app.actions.react(message, reaction.emoji, !reaction.me),
      },
      emojiMark(reaction.emoji),
      h("span", {}, String(reaction.count)),
    );
  const add = iconButton("smile", "Add reaction", (event) => app.menus.emojis(event.currentTarget, (emoji) => app.actions.react(message, emoji, true)));
  return h("div", { class: "reactions" }, message.reactions.map(one), add);
}

const SYSTEM = {
  1: ["plus", (who) => [who, " added somebody."]],
  4: ["edit", (who, message) => [who, " renamed the thread: ", h("strong", {}, message.content)]],
  6: ["pin", (who) => [who, " pinned a message to this channel."]],
  7: ["right", (who) => [who, " joined the server."]],
  12: ["news", (who, message) => [who, " follows ", h("strong", {}, message.content), " here."]],
  18: ["thread", (who, message) => [who, " started a thread: ", h("strong", {}, message.content)]],
  21: ["thread", (who) => [who, " began this thread."]],
  46: ["check", (who) => [who, "’s poll has closed."]],
};

function systemLine(message, [name, words], app) {
  const who = nameTag(app.store, message.author, "strong");
  const time = h("time", { class: "sent", datetime: message.timestamp }, sentAt(message.timestamp, app.store));
  return [h("div", { class: "gutter" }, icon(name)), h("div", { class: "body" }, h("div", { class: "text" }, words(who, message), " ", time), reactions(message, app))];
}
