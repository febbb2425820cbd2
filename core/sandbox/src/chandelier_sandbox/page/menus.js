// Menus of a message and of a person, and the little board of emojis.
import { h, icon } from "./dom.js";
import { nameOf } from "./people.js";
import { popover } from "./popover.js";
import { findUser, openGuild } from "./store.js";

const EMOJIS = [..."👍👎😀😂🤔😢😮😡👏🙏🎉🔥💯✨⭐🚀🐛🐱☕🍕✅❌❓👀"];
const MANAGE_MESSAGES = 1n << 13n;
const ADMINISTRATOR = 1n << 3n;

/** Make the menus. */
export function makeMenus(app) {
  const { store, actions } = app;

  /** Open a menu of {label, icon, run, danger, heading}. */
  function open(anchor, label, items) {
    const element = h("div", { class: "menu", role: "menu", "aria-label": label });
    let close = () => {};
    for (const item of items.filter(Boolean)) {
      if (item.heading) element.append(h("div", { class: "menu-heading", role: "presentation" }, item.heading));
      else element.append(h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : "", onclick: () => (close(), item.run()) }, h("span", {}, item.label), item.icon && icon(item.icon)));
    }
    close = popover(element, anchor);
    walkable(element);
  }

  function mayDelete(message) {
    if (message.author?.id === store.me.id || message.private_to || message.local) return true;
    const held = BigInt(openGuild(store)?.permissions ?? 0);
    return (held & (MANAGE_MESSAGES | ADMINISTRATOR)) !== 0n;
  }

  async function apps(type, target) {
    const commands = await actions.commands().catch(() => []);
    const fitting = commands.filter((one) => one.type === type);
    return fitting.length ? [{ heading: "Apps" }, ...fitting.map((one) => ({ label: one.name, icon: "right", run: () => actions.menu(one, target) }))] : [];
  }

  return {
    async message(anchor, message) {
      const own = message.author?.id === store.me.id;
      const real = !message.local;
      open(anchor, "Message", [
        real && !message.private_to && { label: "Add reaction", icon: "smile", run: () => this.emojis(anchor, (emoji) => actions.react(message, emoji, true)) },
        real && !message.private_to && { label: "Reply", icon: "reply", run: () => app.composer.reply(message) },
        own && { label: "Edit message", icon: "edit", run: () => app.startEditing(message.id) },
        { label: "Copy text", icon: "log", run: () => copy(message.content) },
        real && { label: "Copy message ID", icon: "hash", run: () => copy(message.id) },
        mayDelete(message) && { label: message.private_to || message.local ? "Dismiss message" : "Delete message", icon: "bin", danger: true, run: () => actions.remove(message) },
        ...(real ? await apps(3, message.id) : []),
      ]);
    },

    async member(event, userId) {
      const anchor = event.type === "contextmenu" ? { x: event.clientX, y: event.clientY } : event.currentTarget;
      event.preventDefault();
      const user = findUser(store, userId);
      if (!user) return;
      open(anchor, nameOf(store, user), [
        { heading: `${nameOf(store, user)} · ${user.username}` },
        { label: "Mention", icon: "at", run: () => app.composer.insert(`<@${user.id}> `) },
        !user.bot && user.id !== store.me.id && { label: `Be ${user.username}`, icon: "people", run: () => app.become(user.username) },
        { label: "Copy user ID", icon: "hash", run: () => copy(user.id) },
        ...(await apps(2, user.id)),
      ]);
    },

    emojis(anchor, pick) {
      const own = openGuild(store)?.emojis ?? [];
      const element = h("div", { class: "emoji-board", role: "menu", "aria-label": "Emojis" });
      let close = () => {};
      const button = (emoji, text) => h("button", { type: "button", role: "menuitem", title: emoji.name, onclick: () => (close(), pick(emoji)) }, text);
      element.append(...EMOJIS.map((one) => button({ name: one }, one)), ...own.map((one) => button({ id: one.id, name: one.name }, `:${one.name}:`)));
      close = popover(element, anchor);
      walkable(element);
    },

    mayDelete,
    open,
  };

  function copy(text) {
    navigator.clipboard?.writeText(text ?? "").catch(() => app.toast("The browser does not let this page copy."));
  }
}

// Arrow keys walk through the items of a menu.
function walkable(element) {
  const items = () => [...element.querySelectorAll("[role=menuitem]")];
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  element.addEventListener("keydown", (event) => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    const all = items();
    all.at((all.indexOf(document.activeElement) + steps[event.key]) % all.length)?.focus();
  });
  items()[0]?.focus();
}
