// What the page knows. Views read it and are told by topic when it changes; only actions and events change it.

/** Make an empty store. */
export function makeStore() {
  const watchers = new Map();
  const told = new Set();
  const store = {
    place: { name: "", guild: "", channel: "" },
    me: null,
    bot: null,
    people: [],
    guilds: [],
    direct: null,
    connected: true,
    online: true,
    ahead_s: 0,
    rooms: new Map(), // channel id → {list, more, loading, error}
    typing: new Map(), // channel id → Map(user id → until, in ms)
    commands: new Map(), // channel id → command list
    notes: new Map(), // message id → what went wrong with a component of it
    busy: new Set(), // "message id/custom id" of what was pressed and has no answer yet
    unread: new Set(),
    transcript: [],
    replyTo: null,
    editing: null,

    /** Call a view whenever one of these topics was told; at most once a turn. */
    watch(topics, view) {
      for (const topic of topics.split(" ")) {
        if (!watchers.has(topic)) watchers.set(topic, new Set());
        watchers.get(topic).add(view);
      }
    },

    /** Say that topics changed. */
    tell(topics) {
      if (told.size === 0) queueMicrotask(draw);
      for (const topic of topics.split(" ")) told.add(topic);
    },
  };

  function draw() {
    const views = new Set([...told].flatMap((topic) => [...(watchers.get(topic) ?? [])]));
    told.clear();
    for (const view of views) view();
  }

  return store;
}

/** Return the server that is open, or undefined in direct messages. */
export const openGuild = (store) => store.guilds.find((one) => one.guild.id === store.place.guild);

/** Return the channel that is open, or undefined. */
export const openChannel = (store) => findChannel(store, store.place.channel);

/** Return a channel or thread by its id. */
export function findChannel(store, id) {
  if (store.direct?.id === id) return store.direct;
  return store.guilds.flatMap((one) => one.channels).find((one) => one.id === id);
}

/** Return a user by id: a member, somebody of the sandbox, the bot. */
export function findUser(store, id) {
  const member = openGuild(store)?.members.find((one) => one.user.id === id);
  return member?.user ?? [store.bot, store.me, ...store.people].find((one) => one?.id === id);
}

/** Return the messages of a channel, made empty at need. */
export function room(store, id) {
  if (!store.rooms.has(id)) store.rooms.set(id, { list: [], more: false, loading: false, loaded: false, error: "" });
  return store.rooms.get(id);
}

/** Put a message where it belongs: in place of itself, or by its time. */
export function putMessage(store, message) {
  const place = room(store, message.channel_id);
  const at = place.list.findIndex((one) => one.id === message.id);
  if (at >= 0) place.list = place.list.with(at, message);
  else place.list = [...place.list, message].sort(byTime);
  store.tell("messages");
}

/** Change a message that is there. */
export function changeMessage(store, channelId, id, change) {
  const place = room(store, channelId);
  place.list = place.list.map((one) => (one.id === id ? change(one) : one));
  store.tell("messages");
}

/** Take messages away. */
export function dropMessages(store, channelId, ids) {
  const place = room(store, channelId);
  place.list = place.list.filter((one) => !ids.includes(one.id));
  store.tell("messages");
}

// Ids are larger than a number can hold exactly; notes of the page itself stand where they were made.
function byTime(a, b) {
  if (a.local || b.local) return Date.parse(a.timestamp) - Date.parse(b.timestamp);
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
