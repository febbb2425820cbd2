// The line above the messages, and the bar that says when something is away.
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { channelIcon } from "./choices.js";
import { markup } from "./markup.js";
import { openChannel } from "./store.js";

/** Show the header and the bar. */
export function showHeader(app) {
  const { store } = app;

  function draw() {
    const open = openChannel(store);
    const name = !open ? "No channel" : open.type === 1 ? store.bot?.global_name || store.bot?.username : open.name;
    const toggles = [
      iconButton("log", "Transcript", () => app.toggleTranscript(), { "aria-pressed": String(app.transcriptIsOpen()), class: "icon-button transcript-toggle" }),
      iconButton("people", "Members", () => app.toggleMembers(), { "aria-pressed": String(app.membersAreOpen()) }),
      iconButton(app.theme.isDark() ? "sun" : "moon", app.theme.isDark() ? "Light colours" : "Dark colours", () => app.theme.toggle()),
    ];
    fill(
      byId("header"),
      iconButton("menu", "Servers and channels", () => app.drawer("left"), { class: "icon-button drawer-only" }),
      open && icon(channelIcon(open)),
      h("h2", {}, name),
      open?.topic && h("div", { class: "topic", title: open.topic }, markup(open.topic, app)),
      h("div", { class: "toggles" }, toggles),
    );
    document.title = open ? `${open.type === 1 ? "@" : "#"}${name} · Sandbox` : "Sandbox";
  }

  function drawBar() {
    const bar = byId("bar");
    const words = !store.online ? "The sandbox is away. Trying to reach it again…" : !store.connected ? "The bot is not connected. Start it, and it will answer here." : "";
    bar.hidden = !words;
    bar.classList.toggle("away", !store.online);
    if (bar.textContent !== words) bar.textContent = words;
  }

  store.watch("guilds places layout", draw);
  store.watch("connection", drawBar);
}

/** Light or dark: as the system says, unless it was switched here. */
export function makeTheme(changed) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  system.addEventListener("change", changed);
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  return {
    isDark,
    toggle() {
      root.dataset.theme = isDark() ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.theme);
      changed();
    },
  };
}
