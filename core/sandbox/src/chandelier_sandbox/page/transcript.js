// What was said between bot and sandbox, one line each; a click opens the JSON.
import { append, byId, fill, h, iconButton } from "./dom.js";

/** Show the transcript panel. */
export function showTranscript(app) {
  const { store } = app;
  const root = byId("transcript");
  const filter = h("input", { class: "transcript-filter", type: "search", placeholder: "Filter: POST, MESSAGE_CREATE, 404 …", "aria-label": "Filter the transcript", autocomplete: "off" });
  const list = h("div", { class: "transcript-list", tabindex: "0", role: "log", "aria-label": "Exchanges" });
  root.append(h("h2", {}, "Transcript", iconButton("close", "Close the transcript", () => app.toggleTranscript())), filter, list);
  let shown = new Map();

  function draw() {
    if (root.hidden) return;
    const wanted = filter.value.trim().toLowerCase();
    const fitting = store.transcript.filter((one) => `${one.title} ${one.status ?? ""} ${one.kind}`.toLowerCase().includes(wanted));
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const next = new Map(fitting.map((entry) => [entry.n, shown.get(entry.n) ?? row(entry)]));
    for (const [n, element] of shown) if (!next.has(n)) element.remove();
    if (list.firstElementChild?.className === "quiet") fill(list);
    [...next.values()].forEach((element, at) => {
      if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
    });
    shown = next;
    if (!next.size) fill(list, h("p", { class: "quiet" }, store.transcript.length ? "Nothing fits the filter." : "Nothing was said yet."));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  function row(entry) {
    const bad = entry.status >= 400 || entry.status === 0;
    const [method, ...rest] = entry.kind === "rest" ? entry.title.split(" ") : [entry.kind.toUpperCase(), entry.title];
    const details = h("details", { class: `entry ${entry.kind}${bad ? " bad" : ""}` });
    const summary = h("summary", {}, h("time", {}, new Date(entry.at * 1000).toLocaleTimeString(undefined, { hourCycle: "h23" })), h("span", { class: "method" }, method), h("span", { class: "entry-title", title: rest.join(" ") }, shortened(rest.join(" "))), entry.status !== undefined && h("span", { class: "status" }, String(entry.status)), entry.ms !== undefined && h("span", { class: "ms" }, `${entry.ms.toFixed(1)} ms`));
    details.append(summary);
    details.addEventListener("toggle", async () => {
      if (!details.open || details.children.length > 1) return;
      const body = h("pre", { tabindex: "0" }, "Loading…");
      details.append(body);
      try {
        fill(body, coloured(JSON.stringify(await app.api.exchange(entry.n), null, 2)));
        details.scrollIntoView({ block: "nearest" });
      } catch (error) {
        body.textContent = error.message;
      }
    });
    return details;
  }

  filter.addEventListener("input", draw);
  store.watch("transcript layout", draw);
}

// Long ids and tokens say little in a line; the whole path is in the title and in the JSON.
const shortened = (path) => path.replace(/^\/api\/v\d+/, "").replace(/\d{13,}(?=\d{4})/g, "…").replace(/[\w-]{40,}/g, "…");

// Names, texts, numbers and words of JSON get spans of their own.
function coloured(json) {
  const box = document.createDocumentFragment();
  const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  let at = 0;
  for (const hit of json.matchAll(token)) {
    append(box, [json.slice(at, hit.index)]);
    const kind = hit[2] ? "json-name" : hit[1] ? "json-text" : "json-word";
    append(box, [h("span", { class: kind }, hit[1] ?? hit[0]), hit[2]]);
    at = hit.index + hit[0].length;
  }
  append(box, [json.slice(at)]);
  return box;
}
