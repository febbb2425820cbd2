// Where one can be: the servers' rail and the channels of the open server.
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { channelIcon } from "./choices.js";
import { initials } from "./people.js";
import { openGuild } from "./store.js";

const CATEGORY = 4;
const THREADS = [10, 11, 12];

/** Show servers and channels. */
export function showPlaces(app) {
  const { store } = app;
  const closed = new Set();

  function drawServers() {
    const at = store.place.guild;
    const unreadIn = (channels) => channels.some((one) => store.unread.has(one.id));
    const one = (id, name, label, unread) =>
      h("button", { type: "button", class: "server", "aria-label": label, title: label, "aria-current": at === id ? "page" : null, onclick: () => app.go({ guild: id }) }, name, unread && h("span", { class: "unread-dot", "aria-label": "unread" }));
    fill(
      byId("servers"),
      one("@me", icon("at"), "Direct messages", store.direct && store.unread.has(store.direct.id)),
      h("hr"),
      store.guilds.map(({ guild, channels }) => one(guild.id, initials(guild.name), guild.name, unreadIn(channels))),
    );
  }

  function drawChannels() {
    const open = openGuild(store);
    fill(byId("server-name"), open ? open.guild.name : "Direct messages", iconButton("close", "Close", () => app.drawer("none"), { class: "icon-button drawer-only" }));
    const root = byId("channels");
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    if (!open) fill(root, store.direct && row(store.direct, store.bot?.global_name || store.bot?.username));
    else if (!open.channels.length) fill(root, h("p", { class: "quiet" }, `${store.me?.username} sees no channel here.`));
    else fill(root, tree(open.channels));
    if (focused) root.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  function tree(all) {
    const rank = (one) => [one.type === 2 || one.type === 13 ? 1 : 0, one.position ?? 0];
    const sorted = all.filter((one) => !THREADS.includes(one.type)).sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
    const categories = sorted.filter((one) => one.type === CATEGORY);
    const inside = (id) => sorted.filter((one) => one.type !== CATEGORY && (one.parent_id ?? null) === id);
    const known = new Set(categories.map((one) => one.id));
    const loose = sorted.filter((one) => one.type !== CATEGORY && !known.has(one.parent_id));
    return [loose.map((one) => withThreads(one, all)), categories.map((one) => category(one, inside(one.id), all))];
  }

  function category(one, channels, all) {
    const isClosed = closed.has(one.id);
    const toggle = () => {
      if (!closed.delete(one.id)) closed.add(one.id);
      drawChannels();
    };
    const head = h("button", { type: "button", class: "category", "aria-expanded": String(!isClosed), dataset: { id: one.id }, onclick: toggle }, icon(isClosed ? "right" : "down"), h("span", {}, one.name));
    return [head, channels.filter((channel) => !isClosed || channel.id === store.place.channel).map((channel) => withThreads(channel, all))];
  }

  const withThreads = (channel, all) => [row(channel, channel.name), all.filter((one) => THREADS.includes(one.type) && one.parent_id === channel.id).map((one) => row(one, one.name, "channel thread"))];

  function row(channel, name, kind = "channel") {
    const isOpen = channel.id === store.place.channel;
    const classes = `${kind}${store.unread.has(channel.id) && !isOpen ? " unread" : ""}`;
    return h("button", { type: "button", class: classes, "aria-current": isOpen ? "page" : null, title: name, dataset: { id: channel.id }, onclick: () => app.go({ channel: channel.id }) }, icon(channelIcon(channel)), h("span", {}, name));
  }

  store.watch("guilds places", () => {
    drawServers();
    drawChannels();
  });
}
