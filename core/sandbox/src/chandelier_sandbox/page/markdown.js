// Reads Discord's markdown into a tree of plain objects; markup.js draws it. Nothing here knows the DOM.

/** Return the blocks of a text: {kind, children | text | items, …}. */
export function parse(text) {
  return blocks(String(text ?? ""));
}

function blocks(text) {
  const found = [];
  let rest = text;
  let plain = "";
  const flush = () => {
    if (plain) found.push(...inline(plain));
    plain = "";
  };
  while (rest) {
    const atLineStart = plain === "" || plain.endsWith("\n");
    const hit = block(rest, atLineStart);
    if (hit) {
      plain = plain.replace(/\n$/, "");
      flush();
      found.push(hit.node);
      rest = rest.slice(hit.length);
      continue;
    }
    const code = /^`+/.exec(rest)?.[0];
    const step = code ? codeLength(rest, code) : /^\\[\s\S]/.test(rest) ? 2 : 1;
    plain += rest.slice(0, step);
    rest = rest.slice(step);
  }
  flush();
  return found;
}

// Code keeps what looks like a block inside it.
function codeLength(rest, ticks) {
  const end = rest.slice(ticks.length).search(new RegExp(`(?<!\`)${ticks}(?!\`)`));
  return end < 0 ? ticks.length : ticks.length * 2 + end;
}

function block(rest, atLineStart) {
  let hit = /^```(?:([\w+#.-]+)\n)?\n?([\s\S]+?)\n?```\n?/.exec(rest);
  if (hit) return { length: hit[0].length, node: { kind: "code-block", language: hit[1] ?? "", text: hit[2] } };
  if (!atLineStart) return null;
  hit = /^>>> ([\s\S]*)/.exec(rest);
  if (hit) return { length: hit[0].length, node: { kind: "quote", children: blocks(hit[1]) } };
  hit = /^(?:> [^\n]*(?:\n|$))+/.exec(rest);
  if (hit) return { length: hit[0].length, node: { kind: "quote", children: blocks(hit[0].replace(/^> /gm, "").replace(/\n$/, "")) } };
  hit = /^(#{1,3}) +([^\n]+)(?:\n|$)/.exec(rest);
  if (hit) return { length: hit[0].length, node: { kind: "heading", level: hit[1].length, children: inline(hit[2]) } };
  hit = /^-# +([^\n]+)(?:\n|$)/.exec(rest);
  if (hit) return { length: hit[0].length, node: { kind: "small", children: inline(hit[1]) } };
  hit = /^(?: *(?:[-*]|\d{1,9}\.) +[^\n]+(?:\n|$))+/.exec(rest);
  if (hit) return { length: hit[0].length, node: list(hit[0].replace(/\n$/, "").split("\n")) };
  return null;
}

function list(lines) {
  const parts = lines.map((line) => /^( *)([-*]|\d{1,9}\.) +(.+)$/.exec(line));
  const indent = parts[0][1].length;
  const ordered = /\d/.test(parts[0][2]);
  const node = { kind: "list", ordered, start: ordered ? parseInt(parts[0][2], 10) : 1, items: [] };
  for (let n = 0; n < lines.length; ) {
    let end = n + 1;
    while (end < lines.length && parts[end][1].length > indent) end++;
    const children = inline(parts[n][3]);
    if (end > n + 1) children.push(list(lines.slice(n + 1, end)));
    node.items.push(children);
    n = end;
  }
  return node;
}

const URL_TEXT = String.raw`https?:\/\/[^\s<>]+[^\s<>.,:;"'\])!?*_~|]`;
const whole = (kind) => (hit) => ({ kind, children: inline(hit[1]) });

// Tried in this order at every position; each must match at the beginning.
const RULES = [
  [/^\\([^0-9A-Za-z\s])/, (hit) => ({ kind: "text", text: hit[1] })],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (hit) => ({ kind: "code", text: hit[2].replace(/^ (.*) $/, "$1") })],
  [/^<@!?(\d{1,20})>/, (hit) => ({ kind: "user", id: hit[1] })],
  [/^<@&(\d{1,20})>/, (hit) => ({ kind: "role", id: hit[1] })],
  [/^<#(\d{1,20})>/, (hit) => ({ kind: "channel", id: hit[1] })],
  [/^<\/([^:>\n]{1,100}):(\d{1,20})>/, (hit) => ({ kind: "command", text: hit[1] })],
  [/^<(a?):(\w{2,32}):(\d{1,20})>/, (hit) => ({ kind: "emoji", text: hit[2], id: hit[3] })],
  [/^<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/, (hit) => ({ kind: "time", at: Number(hit[1]), style: hit[2] ?? "f" })],
  [/^@(everyone|here)\b/, (hit) => ({ kind: "everyone", text: hit[0] })],
  [/^\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "([^"]*)")?\)/,
    (hit) => ({ kind: "link", url: hit[2], title: hit[3], children: inline(hit[1]) })],
  [/^<(https?:\/\/[^\s<>]+)>/, (hit) => ({ kind: "link", url: hit[1], children: [{ kind: "text", text: hit[1] }] })],
  [new RegExp(`^${URL_TEXT}`), (hit) => ({ kind: "link", url: hit[0], children: [{ kind: "text", text: hit[0] }] })],
  [/^\*\*\*(?=\S)([\s\S]+?)\*\*\*(?!\*)/, (hit) => ({ kind: "bold", children: [{ kind: "italic", children: inline(hit[1]) }] })],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, whole("bold")],
  [/^__([\s\S]+?)__(?!_)/, whole("underline")],
  [/^\*(?=[^\s*])((?:\*\*|\\[\s\S]|[^*])+?)\*(?!\*)/, whole("italic")],
  [/^_((?:__|\\[\s\S]|[^_])+?)_(?![A-Za-z0-9_])/, whole("italic")],
  [/^~~([\s\S]+?)~~/, whole("strike")],
  [/^\|\|([\s\S]+?)\|\|/, whole("spoiler")],
];

function inline(text) {
  const found = [];
  let plain = "";
  for (let rest = text; rest; ) {
    const [node, length] = hitAt(rest, plain);
    if (node) {
      if (plain) found.push({ kind: "text", text: plain });
      plain = "";
      found.push(node);
      rest = rest.slice(length);
    } else {
      // What no rule can begin with is taken in one bite.
      const bite = /^[^\\`<@\[h*_~|]+/.exec(rest)?.[0] ?? rest[0];
      plain += bite;
      rest = rest.slice(bite.length);
    }
  }
  if (plain) found.push({ kind: "text", text: plain });
  return found;
}

function hitAt(rest, before) {
  for (const [rule, make] of RULES) {
    const hit = rule.exec(rest);
    if (hit && !(rest[0] === "_" && /\w$/.test(before))) return [make(hit), hit[0].length];
  }
  return [null, 0];
}

/** Return a text without its marks, for one-line previews. */
export function flatten(nodes) {
  return nodes
    .map((node) => node.text ?? flatten([...(node.children ?? []), ...(node.items ?? []).flat()]))
    .join("");
}
