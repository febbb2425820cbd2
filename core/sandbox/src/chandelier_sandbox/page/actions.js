// What a person does here: asks the sandbox, and puts what comes of it into the store.
import { Refused } from "./api.js";
import { openModal } from "./modal.js";
import { changeMessage, dropMessages, findChannel, openChannel, putMessage, room } from "./store.js";
import { now } from "./times.js";

let locals = 0;

/** Make the actions of the page. */
export function makeActions(app) {
  const { store, api } = app;
  const here = () => store.place.channel;

  async function guarded(doing) {
    try {
      return await doing();
    } catch (error) {
      app.toast(error.message);
      return undefined;
    }
  }

  // What the four kinds of use answer: the message comes over the line as well, and is the same then.
  function take(answer) {
    if (answer.kind === "message") {
      const known = room(store, answer.message.channel_id).list.find((one) => one.id === answer.message.id);
      if (!known) putMessage(store, answer.message);
    } else if (answer.kind === "modal") openModal(answer.modal, app);
  }

  function waiting(title) {
    const id = `local-${++locals}`;
    const timestamp = new Date(now(store) * 1000).toISOString();
    const message = { id, local: true, channel_id: here(), author: store.bot, content: "", timestamp, type: 20, flags: 64, state: "sending", used: title };
    const timer = setTimeout(() => putMessage(store, message), 400);
    return {
      done() {
        clearTimeout(timer);
        dropMessages(store, message.channel_id, [id]);
      },
      failed(reason) {
        clearTimeout(timer);
        dropMessages(store, message.channel_id, [id]);
        putMessage(store, { ...message, state: "failed", reason });
      },
    };
  }

  async function use(title, doing) {
    const note = waiting(title);
    try {
      take(await doing());
      note.done();
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 504) {
        note.failed(error.message);
        return null;
      }
      note.done();
      return error.message;
    }
  }

  return {
    /** Go to a channel or server. */
    go: (place) => app.go(place),

    /** Load the newest messages of the open channel, or older ones. */
    async load(older = false) {
      const channel = here();
      const place = room(store, channel);
      if (!channel || place.loading || (older && !place.more)) return;
      place.loading = true;
      try {
        const { messages, more } = await api.messages(channel, older ? place.list.find((one) => !one.local)?.id : undefined);
        const kept = older ? place.list : place.list.filter((one) => one.local);
        place.list = [...messages, ...kept];
        place.more = more;
        place.error = "";
        place.loaded = true;
      } catch (error) {
        place.error = error.message;
      }
      place.loading = false;
      store.unread.delete(channel);
      store.tell("messages places");
    },

    /** Send a message; return what is wrong with it, or null. */
    async send(content, files, replyTo) {
      try {
        putMessage(store, await api.send({ channel: here(), content, reply_to: replyTo?.id }, files));
        return null;
      } catch (error) {
        return error.message;
      }
    },

    async edit(message, content) {
      try {
        await api.edit({ channel: message.channel_id, message: message.id, content });
        return null;
      } catch (error) {
        return error.message;
      }
    },

    /** Delete a message; one that only this person sees is dismissed. */
    async remove(message) {
      if (message.local) return dropMessages(store, message.channel_id, [message.id]);
      await guarded(async () => {
        await api.remove(message.channel_id, message.id);
        dropMessages(store, message.channel_id, [message.id]);
      });
    },

    react(message, emoji, on) {
      const name = emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;
      return guarded(() => api.react({ channel: message.channel_id, message: message.id, emoji: name, on }));
    },

    vote(message, answers) {
      return guarded(() => api.vote({ channel: message.channel_id, message: message.id, answers }));
    },

    /** Use a slash command; return what is wrong with it, or null. */
    slash(command, options, files) {
      return use(`/${command}`, () => api.slash({ channel: here(), command, options }, files));
    },

    /** Use a command of the menu of a message (type 3) or a person (type 2). */
    async menu(command, target) {
      const problem = await use(command.name, () => api.menu({ channel: here(), command: command.name, type: command.type, target }));
      if (problem) app.toast(problem);
    },

    /** Press a button or choose in a menu. */
    async press(message, component, values) {
      const key = `${message.id}/${component.custom_id}`;
      const touch = () => changeMessage(store, message.channel_id, message.id, (was) => ({ ...was }));
      store.busy.add(key);
      store.notes.delete(message.id);
      touch();
      try {
        take(await api.component({ channel: message.channel_id, message: message.id, custom_id: component.custom_id, values }));
      } catch (error) {
        const failed = error.status === 504 ? `This interaction failed. ${error.message}` : error.message;
        store.notes.set(message.id, failed);
      }
      store.busy.delete(key);
      touch();
    },

    /** Submit a form; return what is wrong with it, or null. */
    async submitModal(modal, fields) {
      try {
        take(await api.modal({ channel: here(), modal: modal.token, fields }));
        return null;
      } catch (error) {
        return error.message;
      }
    },

    /** Return the commands of the open channel; asked for once, until something changes. */
    async commands() {
      const channel = here();
      if (!store.commands.has(channel)) store.commands.set(channel, (await api.commands(channel)).commands);
      return store.commands.get(channel);
    },

    moveClock: (seconds) => guarded(async () => {
      store.ahead_s = (await api.clock(seconds)).now - Date.now() / 1000;
      store.tell("clock messages");
    }),

    /** Say, now and then, that this person is typing. */
    typing: throttled(8000, () => api.typing(here()).catch(() => {})),

    /** Tell whether this person may write here, as far as the page knows. */
    canWrite: () => ![4, 15, 16].includes(openChannel(store)?.type ?? 0),

    nameOfChannel: (id) => findChannel(store, id)?.name,
  };
}

function throttled(every_ms, doing) {
  let last = 0;
  return () => {
    if (Date.now() - last < every_ms) return;
    last = Date.now();
    doing();
  };
}
