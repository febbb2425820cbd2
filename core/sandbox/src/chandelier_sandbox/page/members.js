// The members of the open server, by the roles that are shown apart.
import { byId, fill, h, iconButton } from "./dom.js";
import { appTag, avatar, nameOf, nameTag, rolesOf } from "./people.js";
import { openGuild } from "./store.js";

/** Show the member list. */
export function showMembers(app) {
  const { store } = app;

  function draw() {
    const guild = openGuild(store);
    const users = guild ? guild.members.map((one) => one.user) : [store.me, store.bot].filter(Boolean);
    const groups = new Map();
    for (const user of users) {
      const role = rolesOf(guild, user.id).find((one) => one.hoist);
      const key = role ? role.name : user.bot ? "Apps" : "Members";
      if (!groups.has(key)) groups.set(key, { position: role?.position ?? (user.bot ? -2 : -1), users: [] });
      groups.get(key).users.push(user);
    }
    const sorted = [...groups].sort((a, b) => b[1].position - a[1].position);
    const head = h("h2", {}, "Members", iconButton("close", "Close", () => app.drawer("none"), { class: "icon-button drawer-only" }));
    fill(byId("members"), head, sorted.map(([name, one]) => [h("h3", {}, `${name} — ${one.users.length}`), one.users.sort(byName).map(row)]));
  }

  const byName = (a, b) => nameOf(store, a).localeCompare(nameOf(store, b));
  const row = (user) => {
    const menu = (event) => app.menus.member(event, user.id);
    const owner = openGuild(store)?.guild.owner_id === user.id;
    return h("button", { type: "button", class: "member", title: user.username, onclick: menu, oncontextmenu: menu }, avatar(user), nameTag(store, user), owner && h("span", { class: "crown", title: "Owner of the server" }, "♛"), appTag(user));
  };

  store.watch("guilds people", draw);
}
