// Puts the page together: who, where, the line to the sandbox, the views.
import { makeActions } from "./actions.js";
import { makeApi } from "./api.js";
import { showComposer } from "./composer.js";
import { connect } from "./connection.js";
import { byId, h } from "./dom.js";
import { makeHearing } from "./events.js";
import { makeTheme, showHeader } from "./header.js";
import { makeLayout } from "./layout.js";
import { showMembers } from "./members.js";
import { makeMenus } from "./menus.js";
import { showMessages } from "./messages.js";
import { showPlaces } from "./places.js";
import { closePopover } from "./popover.js";
import { showClock, showSelf } from "./self.js";
import { findChannel, makeStore, openGuild, room } from "./store.js";
import { showTranscript } from "./transcript.js";

const store = makeStore();
const api = makeApi(() => store.place.name);
const layout = makeLayout(store);
const app = { store, api, go, become, join, toast, startEditing, stopEditing, ...layout };
app.theme = makeTheme(() => store.tell("layout"));
app.actions = makeActions(app);
app.menus = makeMenus(app);
const messages = showMessages(app);
app.jumpTo = messages.jumpTo;
app.scrollToEnd = messages.scrollToEnd;
app.composer = showComposer(app);
for (const show of [showPlaces, showHeader, showMembers, showSelf, showClock, showTranscript]) show(app);

let disconnect = () => {};
let listening = "";

// Where: #name/server/channel

function readHash() {
  const [name, guild, channel] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { name: (name || localStorage.getItem("name") || "alice").toLowerCase(), guild: guild ?? "", channel: channel ?? "" };
}

function firstChannel(guild) {
  const fitting = guild?.channels.filter((one) => one.type === 0 || one.type === 5) ?? [];
  return (fitting.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))[0] ?? guild?.channels.find((one) => one.type !== 4))?.id ?? "";
}

/** Make a place out of what is wanted and what there is. */
function settled({ guild, channel }) {
  const found = findChannel(store, channel);
  if (found) return { guild: found === store.direct ? "@me" : store.guilds.find((one) => one.channels.includes(found)).guild.id, channel };
  if (guild === "@me" && store.direct) return { guild, channel: store.direct.id };
  const open = store.guilds.find((one) => one.guild.id === guild) ?? store.guilds[0];
  return { guild: open?.guild.id ?? "@me", channel: open ? firstChannel(open) : store.direct?.id ?? "" };
}

/** Go to a server or channel. again: nobody asked to go, so that what is open stays open. */
function go(wanted, again = false) {
  const kept = wanted.guild && !wanted.channel ? { guild: wanted.guild, channel: localStorage.getItem(`last-${wanted.guild}`) ?? "" } : wanted;
  const there = settled(kept);
  const place = wanted.guild && there.guild !== wanted.guild ? settled({ guild: wanted.guild, channel: "" }) : there;
  const isNew = place.channel !== store.place.channel;
  store.place = { name: store.place.name, ...place };
  if (isNew) store.editing = null;
  if (place.channel) localStorage.setItem(`last-${place.guild}`, place.channel);
  const hash = `#${[store.place.name, place.guild, place.channel].join("/")}`;
  if (location.hash !== hash) history[location.hash ? "pushState" : "replaceState"](null, "", hash);
  if (isNew || !again) closePopover();
  if (isNew ? wanted.channel : !again && wanted.channel) layout.drawer("none");
  store.unread.delete(place.channel);
  store.tell("guilds places messages people");
  if (isNew || !room(store, place.channel).loaded) app.actions.load();
  if ((isNew || !again) && !layout.isNarrow()) app.composer.focus();
}

// Who

/** Be somebody; who is not known yet joins the default server. */
async function become(name, place = store.place) {
  const was = store.place;
  try {
    const start = await api.start(name).catch(async (error) => {
      if (error.status === 0) throw error;
      await api.addPerson(name);
      return api.start(name);
    });
    const isOther = name !== store.place.name;
    store.place = isOther ? { name, guild: "", channel: "" } : was;
    if (isOther) for (const one of [store.rooms, store.typing, store.notes, store.unread]) one.clear();
    take(start);
    localStorage.setItem("name", name);
    if (listening !== name) listen(name);
    go(place);
    return null;
  } catch (error) {
    store.online = error.status !== 0;
    store.tell("connection");
    if (error.status === 0) setTimeout(() => listening === "" && become(name, place), 1000);
    else toast(error.message);
    return error.message;
  }
}

/** Let a new person join the open server, and be that person. */
async function join(name) {
  try {
    await api.addPerson(name, openGuild(store)?.guild.id);
  } catch (error) {
    return error.message;
  }
  return become(name);
}

function take(start) {
  const { me, bot, people, guilds, direct, connected, now } = start;
  Object.assign(store, { me, bot, people, guilds, direct, connected, ahead_s: now - Date.now() / 1000 });
  store.commands.clear();
  store.tell("guilds places people connection clock");
}

// The line

async function reload() {
  try {
    take(await api.start(store.place.name));
    go(store.place, true);
  } catch (error) {
    if (error.status !== 0) become(store.place.name);
  }
}

function listen(name) {
  disconnect();
  listening = name;
  let isFirst = true;
  disconnect = connect(name, {
    hear: makeHearing(store, reload),
    online(is) {
      store.online = is;
      store.transcript = is ? [] : store.transcript;
      store.tell("connection");
      if (is && !isFirst) {
        store.rooms.clear();
        reload();
      }
      if (is) isFirst = false;
    },
  });
}

// Editing, and what is said for a while

function startEditing(id) {
  store.editing = id;
  store.tell("messages");
}

function stopEditing() {
  store.editing = null;
  store.tell("messages");
  app.composer.focus();
}

/** Say one sentence for a while. */
function toast(words) {
  const element = h("div", { class: "toast" }, words);
  byId("toasts").append(element);
  setTimeout(() => element.remove(), 6000);
}

window.addEventListener("popstate", () => {
  const wanted = readHash();
  if (wanted.name === store.place.name) go(wanted);
  else become(wanted.name, wanted);
});

const wanted = readHash();
store.place = { ...wanted, guild: "", channel: "" };
become(wanted.name, wanted);
