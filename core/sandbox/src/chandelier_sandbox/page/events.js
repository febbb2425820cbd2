// What comes over the line, put into the store.
import { changeMessage, dropMessages, putMessage } from "./store.js";

const TYPING_MS = 10_000;
const TRANSCRIPT_MOST = 500;

/** Return hear(name, payload); reload() is called, at most every 150 ms, when servers, channels, roles or members change. */
export function makeHearing(store, reload) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(reload, 150);
  };
  return (name, payload) => {
    if (HEARD[name]) HEARD[name](store, payload);
    else if (/^(GUILD_|CHANNEL_|THREAD_|USER_)/.test(name)) soon();
    if (/^(CONNECTED|GUILD_|CHANNEL_|APPLICATION_COMMAND|INTEGRATION)/.test(name)) store.commands.clear();
  };
}

const HEARD = {
  CONNECTED(store, { connected }) {
    store.connected = connected;
    store.tell("connection");
  },
  CLOCK(store, { now }) {
    store.ahead_s = now - Date.now() / 1000;
    store.tell("clock messages");
  },
  TRANSCRIPT(store, entries) {
    store.transcript = [...store.transcript, ...entries].slice(-TRANSCRIPT_MOST);
    store.tell("transcript");
  },
  MESSAGE_CREATE(store, message) {
    putMessage(store, message);
    stopTyping(store, message.channel_id, message.author.id);
    if (message.channel_id !== store.place.channel) {
      store.unread.add(message.channel_id);
      store.tell("places");
    }
  },
  MESSAGE_UPDATE(store, message) {
    changeMessage(store, message.channel_id, message.id, (was) => ({ ...was, ...message, ...ownPart(was, message) }));
    stopTyping(store, message.channel_id, message.author?.id);
  },
  MESSAGE_DELETE(store, { channel_id, id }) {
    dropMessages(store, channel_id, [id]);
  },
  MESSAGE_DELETE_BULK(store, { channel_id, ids }) {
    dropMessages(store, channel_id, ids);
  },
  MESSAGE_REACTION_ADD(store, { channel_id, message_id, emoji, user_id }) {
    changeMessage(store, channel_id, message_id, (was) => ({ ...was, reactions: counted(was, emoji, 1, user_id === store.me.id) }));
  },
  MESSAGE_REACTION_REMOVE(store, { channel_id, message_id, emoji, user_id }) {
    changeMessage(store, channel_id, message_id, (was) => ({ ...was, reactions: counted(was, emoji, -1, user_id === store.me.id) }));
  },
  MESSAGE_REACTION_REMOVE_ALL(store, { channel_id, message_id }) {
    changeMessage(store, channel_id, message_id, (was) => ({ ...was, reactions: [] }));
  },
  MESSAGE_REACTION_REMOVE_EMOJI(store, { channel_id, message_id, emoji }) {
    const others = (was) => (was.reactions ?? []).filter((one) => !sameEmoji(one.emoji, emoji));
    changeMessage(store, channel_id, message_id, (was) => ({ ...was, reactions: others(was) }));
  },
  MESSAGE_POLL_VOTE_ADD: (store, vote) => voted(store, vote, 1),
  MESSAGE_POLL_VOTE_REMOVE: (store, vote) => voted(store, vote, -1),
  TYPING_START(store, { channel_id, user_id }) {
    if (user_id === store.me?.id) return;
    if (!store.typing.has(channel_id)) store.typing.set(channel_id, new Map());
    store.typing.get(channel_id).set(user_id, Date.now() + TYPING_MS);
    store.tell("typing");
    setTimeout(() => store.tell("typing"), TYPING_MS + 50);
  },
};

function stopTyping(store, channelId, userId) {
  if (store.typing.get(channelId)?.delete(userId)) store.tell("typing");
}

// An event tells everybody the same; which reactions and votes are one's own, the page keeps.
function ownPart(was, message) {
  if (!message.poll?.results) return { reactions: was.reactions };
  const mine = new Set((was.poll?.results?.answer_counts ?? []).filter((one) => one.me_voted).map((one) => one.id));
  const counts = message.poll.results.answer_counts.map((one) => ({ ...one, me_voted: mine.has(one.id) }));
  return { reactions: was.reactions, poll: { ...message.poll, results: { ...message.poll.results, answer_counts: counts } } };
}

const sameEmoji = (a, b) => (a.id ?? a.name) === (b.id ?? b.name);

function counted(message, emoji, by, mine) {
  const reactions = [...(message.reactions ?? [])];
  const at = reactions.findIndex((one) => sameEmoji(one.emoji, emoji));
  const was = reactions[at] ?? { emoji, count: 0, me: false };
  const now = { ...was, count: was.count + by, me: mine ? by > 0 : was.me };
  if (at >= 0) reactions[at] = now;
  else reactions.push(now);
  return reactions.filter((one) => one.count > 0);
}

function voted(store, { channel_id, message_id, answer_id, user_id }, by) {
  changeMessage(store, channel_id, message_id, (was) => {
    const counts = [...(was.poll?.results?.answer_counts ?? [])];
    const at = counts.findIndex((one) => one.id === answer_id);
    const old = counts[at] ?? { id: answer_id, count: 0, me_voted: false };
    const now = { ...old, count: old.count + by, me_voted: user_id === store.me.id ? by > 0 : old.me_voted };
    if (at >= 0) counts[at] = now;
    else counts.push(now);
    return { ...was, poll: { ...was.poll, results: { ...was.poll?.results, answer_counts: counts } } };
  });
}
