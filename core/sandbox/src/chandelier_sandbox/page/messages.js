// The list of messages of the open channel: kept at the end, older ones loaded on the way up.
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { refreshMoments } from "./markup.js";
import { isHead, messageItem } from "./message.js";
import { openChannel, room } from "./store.js";
import { dayOf, isSameDay } from "./times.js";

const NEAR_END_PX = 80;

/** Show the messages; return {scrollToEnd, jumpTo}. */
export function showMessages(app) {
  const { store, actions } = app;
  const root = byId("messages");
  const list = h("div", { class: "list" });
  const toEnd = h("button", { type: "button", class: "to-end", hidden: true, onclick: () => scrollToEnd() }, "Jump to the present", icon("down"));
  const tools = h("div", { class: "tools", hidden: true });
  root.append(list, tools);
  root.after(toEnd);
  let shown = new Map(); // id → {message, key, element}
  let channel = "";
  let atEnd = true;
  let focusable = "";

  function draw(all = false) {
    const place = room(store, store.place.channel);
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const owner = focused?.closest(".message")?.dataset.id;
    if (channel !== store.place.channel || all === true) shown = new Map();
    if (channel !== store.place.channel) atEnd = true;
    const isOlder = channel === store.place.channel && !atEnd;
    const fromEnd = list.scrollHeight - root.scrollTop;
    const first = [...shown.keys()][0];
    channel = store.place.channel;
    const next = new Map();
    const nodes = place.more ? [h("div", { class: "beginning quiet" }, place.loading ? "Loading…" : "")] : [beginning()];
    place.list.forEach((message, n) => {
      const before = place.list[n - 1];
      const isNewDay = !before || !isSameDay(before.timestamp, message.timestamp);
      if (isNewDay) nodes.push(h("div", { class: "day", role: "separator" }, h("span", {}, dayOf(message.timestamp))));
      const entry = item(message, isNewDay || isHead(message, before));
      next.set(message.id, entry);
      nodes.push(entry.element);
    });
    if (place.error) nodes.push(h("p", { class: "trouble", role: "alert" }, place.error));
    if (!place.loaded && !place.error && !place.list.length) nodes.splice(0, nodes.length, h("div", { class: "beginning quiet" }, "Loading…"));
    patch(nodes);
    refocus(focused, owner);
    shown = next;
    rove();
    if (atEnd) scrollToEnd();
    else if (isOlder && first && [...next.keys()][0] !== first) root.scrollTop = list.scrollHeight - fromEnd;
  }

  function item(message, head) {
    const busy = [...store.busy].filter((one) => one.startsWith(`${message.id}/`)).join();
    const key = `${head}/${store.editing === message.id}/${store.notes.get(message.id) ?? ""}/${busy}`;
    const was = shown.get(message.id);
    if (was && was.message === message && was.key === key) return was;
    return { message, key, element: messageItem(message, head, app) };
  }

  // Nodes that stay are left alone.
  function patch(nodes) {
    const keep = new Set(nodes);
    for (const child of [...list.children]) if (!keep.has(child)) child.remove();
    nodes.forEach((node, n) => {
      if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null);
    });
  }

  // What had the focus keeps it, or gives it to its successor.
  function refocus(focused, owner) {
    if (!owner || document.activeElement === focused) return;
    if (document.contains(focused)) return focused.focus({ preventScroll: true });
    const successor = list.querySelector(`[data-id="${CSS.escape(owner)}"]`);
    (successor?.querySelector(`[data-custom="${CSS.escape(focused.dataset.custom ?? "")}"]:not(:disabled)`) ?? successor)?.focus({ preventScroll: true });
  }

  function beginning() {
    const open = openChannel(store);
    if (!open) return h("div", { class: "beginning" }, h("h2", {}, "No channel is open"), h("p", {}, "Choose one on the left; what you see there depends on who you are."));
    const name = open.type === 1 ? store.bot?.global_name || store.bot?.username : open.name;
    const isForum = open.type === 15 || open.type === 16;
    const words = open.type === 1 ? `This is the beginning of your direct messages with ${name}.` : isForum ? "The posts of this forum are the threads below it in the list." : `This is the beginning of #${name}.`;
    const hint = isForum ? null : h("p", { class: "hint" }, "Type a message, or ", h("kbd", {}, "/"), " to see what the bot can do.");
    return h("div", { class: "beginning" }, h("span", { class: "beginning-mark", "aria-hidden": "true" }, icon(open.type === 1 ? "at" : "hash")), h("h2", {}, open.type === 1 ? name : `Welcome to #${name}!`), h("p", {}, words), hint);
  }

  function scrollToEnd() {
    root.scrollTop = root.scrollHeight;
    atEnd = true;
    toEnd.hidden = true;
  }

  root.addEventListener("scroll", () => {
    atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_END_PX;
    toEnd.hidden = atEnd;
    if (root.scrollTop < 200 && room(store, channel).more) actions.load(true);
  });
  new ResizeObserver(() => atEnd && scrollToEnd()).observe(list);
  new ResizeObserver(() => atEnd && scrollToEnd()).observe(root);

  // One message can be tabbed to; the arrow keys walk from there.
  function rove() {
    if (!shown.has(focusable)) focusable = [...shown.keys()].at(-1) ?? "";
    for (const [id, entry] of shown) entry.element.tabIndex = id === focusable ? 0 : -1;
  }

  root.addEventListener("keydown", (event) => {
    const current = event.target.classList?.contains("message") ? event.target : null;
    if (!current) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const ids = [...shown.keys()];
    if (step) {
      const to = shown.get(ids[ids.indexOf(current.dataset.id) + step]);
      if (!to) return;
      focusable = to.message.id;
      rove();
      to.element.focus();
    } else if (event.key === "Enter" || event.key === "ContextMenu") app.menus.message(current, shown.get(current.dataset.id).message);
    else return;
    event.preventDefault();
  });

  root.addEventListener("contextmenu", (event) => {
    const entry = shown.get(event.target.closest?.(".message")?.dataset.id);
    if (!entry || event.target.closest("a, input, textarea") || String(getSelection())) return;
    event.preventDefault();
    app.menus.message({ x: event.clientX, y: event.clientY }, entry.message);
  });

  function showTools(event) {
    if (tools.contains(event.target)) return;
    const entry = shown.get(event.target.closest?.(".message")?.dataset.id);
    tools.hidden = !entry;
    if (!entry) return;
    fill(tools, toolButtons(entry.message));
    tools.style.top = `${entry.element.offsetTop - 14}px`;
  }
  root.addEventListener("pointerover", showTools);
  root.addEventListener("focusin", showTools);
  root.addEventListener("pointerleave", () => (tools.hidden = !tools.contains(document.activeElement)));

  function toolButtons(message) {
    const isOpen = !message.local && !message.private_to;
    const own = message.author?.id === store.me?.id;
    return [
      isOpen && iconButton("smile", "Add reaction", (event) => app.menus.emojis(event.currentTarget, (emoji) => actions.react(message, emoji, true))),
      isOpen && iconButton("reply", "Reply", () => app.composer.reply(message)),
      own && iconButton("edit", "Edit message", () => app.startEditing(message.id)),
      iconButton("more", "More", (event) => app.menus.message(event.currentTarget, message)),
    ];
  }

  store.watch("messages", () => draw());
  store.watch("guilds", () => draw(true));
  setInterval(() => refreshMoments(list, app), 5000);
  store.watch("clock", () => refreshMoments(list, app));

  return {
    scrollToEnd,
    jumpTo(id) {
      const element = shown.get(id)?.element;
      if (!element) return app.toast("That message is further up; scroll there to load it.");
      element.scrollIntoView({ block: "center" });
      element.classList.add("flash");
      setTimeout(() => element.classList.remove("flash"), 1500);
    },
  };
}
