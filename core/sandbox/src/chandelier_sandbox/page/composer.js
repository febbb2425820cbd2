// Where messages are written: text, files, replies, mentions; a slash turns it into a command.
import { byId, fill, h, iconButton } from "./dom.js";
import { channels, fitting, users } from "./choices.js";
import { namedIn, uses } from "./commands.js";
import { makeDraft } from "./draft.js";
import { makeEditor } from "./editor.js";
import { makeOutbox } from "./outbox.js";
import { makePanel } from "./panel.js";
import { avatar } from "./people.js";
import { openChannel, room } from "./store.js";
import { showTyping } from "./typing.js";

/** Show the composer; return what others may do with it. */
export function showComposer(app) {
  const { store, actions } = app;
  const panel = makePanel();
  const input = h("textarea", { class: "write", rows: "1", "aria-label": "Message", autocomplete: "off", maxlength: "4000" });
  const sendButton = iconButton("send", "Send", () => submit(), { class: "icon-button send" });
  const wrong = h("p", { class: "trouble", role: "alert" });
  const slot = h("div", { class: "slot" }, input);
  const outbox = makeOutbox(app, input, (sentence) => (wrong.textContent = sentence));
  const box = h("div", { class: "box" }, outbox.element, h("div", { class: "line" }, outbox.button, slot, sendButton), wrong);
  const typing = h("div", { class: "typing", "aria-live": "polite" });
  byId("composer").append(panel.element, box, typing);
  showTyping(app, typing);
  const editor = makeEditor(app);
  let draft = null;
  let known = [];

  // Text

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, innerHeight * 0.4)}px`;
  }

  function setText(text) {
    leave();
    input.value = text;
    grow();
    input.focus();
    look();
  }

  async function submit() {
    if (draft) return sendDraft();
    const content = input.value.trim();
    if (!content && !outbox.files.length) return;
    if (/^\/[^\s/]/.test(input.value) && !outbox.files.length) {
      await learn();
      const named = namedIn(`${content.slice(1)} `, uses(known));
      if (named) return begin(named.use, named.rest.trim());
      wrong.textContent = `There is no command ${content.split(" ")[0]} for you here. Choose one from the list, or begin with a space to send it as text.`;
      return;
    }
    const sent = { content: input.value.trimEnd(), files: outbox.files, replyTo: store.replyTo };
    setText("");
    outbox.clear();
    const problem = await actions.send(sent.content, sent.files, sent.replyTo);
    wrong.textContent = problem ?? "";
    if (!problem) return app.scrollToEnd();
    outbox.add(sent.files);
    wrong.textContent = problem;
    if (!input.value) input.value = sent.content;
    grow();
  }

  // Commands

  const learn = async () => {
    known = await actions.commands().catch((error) => ((wrong.textContent = error.message), []));
  };

  async function look() {
    const text = input.value;
    wrong.textContent = "";
    if (/^\/(?!\/)/.test(text) && !text.includes("\n")) {
      await learn();
      if (input.value !== text) return;
      const all = uses(known);
      const named = namedIn(text.slice(1), all);
      if (named) return begin(named.use, named.rest);
      return offerCommands(text.slice(1), all);
    }
    offerMentions();
  }

  function offerCommands(typed, all) {
    const bot = store.bot?.global_name || store.bot?.username || "the bot";
    const wanted = typed.toLowerCase();
    const items = all
      .filter((use) => use.name.includes(wanted) || (wanted.length > 2 && use.description.toLowerCase().includes(wanted)))
      .sort((a, b) => Number(b.name.startsWith(wanted)) - Number(a.name.startsWith(wanted)))
      .map((use) => ({ label: commandLabel(use), note: use.description, use, mark: store.bot && avatar(store.bot), group: bot }));
    const empty = all.length ? "No command fits." : store.connected ? "The bot has no commands for you here." : "The bot is not connected.";
    panel.show(items, (item) => begin(item.use, ""), { field: input, empty });
  }

  const commandLabel = (use) => [`/${use.name}`, use.options.map((one) => h("span", { class: one.required ? "option-name required" : "option-name" }, one.name))];

  function begin(use, rest) {
    leave();
    input.value = "";
    draft = makeDraft(use, rest, { app, panel, end: setText, send: sendDraft });
    fill(slot, draft.element);
    draft.focus();
  }

  function leave() {
    panel.hide();
    wrong.textContent = "";
    if (!draft) return;
    draft = null;
    fill(slot, input);
  }

  async function sendDraft() {
    const used = draft;
    if (!used || !used.check()) return;
    const { options, files: given } = used.values();
    panel.hide();
    setText("");
    app.scrollToEnd();
    const problem = await actions.slash(used.use.name, options, given);
    if (!problem) return;
    if (input.value || draft) return app.toast(problem);
    draft = used;
    fill(slot, used.element);
    used.refuse(problem);
  }

  // Mentions

  function offerMentions() {
    const before = input.value.slice(0, input.selectionStart);
    const hit = /(?:^|\s)([@#])([\w.-]*)$/.exec(before);
    const items = hit ? fitting(hit[1] === "@" ? users(store) : channels(store), hit[2]).slice(0, 10) : [];
    if (!items.length) return panel.hide();
    panel.show(items, (item) => {
      const start = before.length - hit[2].length - 1;
      input.setRangeText(`<${hit[1]}${item.value}> `, start, before.length, "end");
      panel.hide();
      input.focus();
    }, { field: input, heading: hit[1] === "@" ? "Members" : "Channels" });
  }

  // Keys

  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (panel.isOpen() && step) panel.list.move(step);
    else if (panel.isOpen() && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && panel.list.choose()) event.preventDefault();
    else if (event.key === "Escape" && panel.isOpen()) panel.hide();
    else if (event.key === "Escape" && store.replyTo) outbox.replyTo(null);
    else if (event.key === "Enter" && !event.shiftKey) submit();
    else if (event.key === "ArrowUp" && !input.value) editLast();
    else return;
    event.preventDefault();
  });
  input.addEventListener("input", () => {
    grow();
    look();
    if (input.value && !input.value.startsWith("/")) actions.typing();
  });
  input.addEventListener("blur", () => panel.hide());

  function editLast() {
    const own = room(store, store.place.channel).list.filter((one) => one.author.id === store.me.id && !one.local);
    if (own.length) app.startEditing(own.at(-1).id);
  }

  let channel = "";
  const unsent = new Map(); // channel id → what was begun there
  function draw() {
    const open = openChannel(store);
    const name = open?.type === 1 ? `@${store.bot?.global_name || store.bot?.username}` : `#${open?.name ?? ""}`;
    const isClosed = !open || !actions.canWrite();
    input.disabled = outbox.button.disabled = sendButton.disabled = isClosed;
    input.placeholder = !open ? "No channel is open" : isClosed ? "Nothing can be written here" : `Message ${name}`;
    if (channel === store.place.channel) return;
    unsent.set(channel, input.value);
    channel = store.place.channel;
    outbox.clear();
    leave();
    input.value = unsent.get(channel) ?? "";
    grow();
  }
  store.watch("guilds places", draw);

  return {
    editor,
    focus: () => (draft ? draft.focus() : input.focus()),
    begin: (text) => setText(text),
    insert(text) {
      if (!draft) setText(input.value + text);
    },
    reply(message) {
      leave();
      outbox.replyTo(message);
    },
  };
}
