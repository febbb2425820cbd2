// The sandbox's routes. A refusal is an error whose message is a sentence to show.

/** What the sandbox refused, or that it could not be reached (status 0). */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

async function call(method, path, { query, body, files } = {}) {
  const url = new URL(path, location.href);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value);
  const asked = { method };
  if (files?.length) {
    asked.body = new FormData();
    asked.body.append("payload_json", JSON.stringify(body));
    files.forEach((file, n) => asked.body.append(`files[${n}]`, file, file.name));
  } else if (body) {
    asked.body = JSON.stringify(body);
    asked.headers = { "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(url, asked);
  } catch {
    throw new Refused("The sandbox does not answer.", 0);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(said?.error ?? `The sandbox answered ${answer.status}.`, answer.status);
  return said;
}

/** Make the calls of one person; who() names them at the time of a call. */
export function makeApi(who) {
  const chat = (path) => `/sandbox/chat/${path}`;
  const post = (path, body, files) => call("POST", chat(path), { body: { as: who(), ...body }, files });
  return {
    start: (name) => call("GET", chat("start"), { query: { as: name } }),
    addPerson: (name, guild_id) => call("POST", chat("people"), { body: { name, guild_id } }),
    messages: (channel, before) => call("GET", chat("messages"), { query: { as: who(), channel, before, limit: 50 } }),
    send: (body, files) => post("messages", body, files),
    edit: (body) => call("PATCH", chat("messages"), { body: { as: who(), ...body } }),
    remove: (channel, message) => call("DELETE", chat("messages"), { body: { as: who(), channel, message } }),
    react: (body) => post("reactions", body),
    typing: (channel) => post("typing", { channel }),
    vote: (body) => post("vote", body),
    commands: (channel) => call("GET", chat("commands"), { query: { as: who(), channel } }),
    slash: (body, files) => post("slash", body, files),
    menu: (body) => post("menu", body),
    component: (body) => post("component", body),
    modal: (body, files) => post("modal", body, files),
    autocomplete: (body) => post("autocomplete", body),
    clock: (seconds) => call("POST", chat("clock"), { body: { seconds } }),
    exchange: (n) => call("GET", chat(`transcript/${n}`)),
  };
}
