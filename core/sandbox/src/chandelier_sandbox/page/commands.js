// What commands look like to a person who types: uses (one for each sub-command), options, a whole line read.

const SUB_COMMAND = 1;
const GROUP = 2;
const TYPES = { 3: "Text", 4: "Whole number", 5: "True or False", 6: "Member", 7: "Channel", 8: "Role", 9: "Member or role", 10: "Number", 11: "File" };

/** Return every way to use the slash commands: {name, description, options}, sub-commands one by one. */
export function uses(commands) {
  return commands.filter((one) => one.type === 1).flatMap((one) => below(one, one.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function below(step, name) {
  const options = step.options ?? [];
  const inner = options.filter((one) => one.type === SUB_COMMAND || one.type === GROUP);
  if (inner.length) return inner.flatMap((one) => below(one, `${name} ${one.name}`));
  const sorted = [...options].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  return [{ name, description: step.description, options: sorted }];
}

/** Return the use that a text after the slash names in full, followed by a space, and what is left. */
export function namedIn(text, all) {
  const fitting = all.filter((one) => text === `${one.name} ` || text.startsWith(`${one.name} `));
  const use = fitting.sort((a, b) => b.name.length - a.name.length)[0];
  return use ? { use, rest: text.slice(use.name.length + 1) } : null;
}

/** Read "after:1h text:two words" into [name, text] pairs; what comes before any name belongs to the first option. */
export function readLine(rest, options) {
  const names = options.map((one) => one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length || !rest.trim()) return [];
  const pieces = rest.split(new RegExp(`(?:^|\\s+)(${names.join("|")}):\\s*`));
  const found = pieces[0].trim() ? [[options[0].name, pieces[0].trim()]] : [];
  for (let n = 1; n < pieces.length; n += 2) found.push([pieces[n], pieces[n + 1].trim()]);
  return found;
}

/** Say what an option takes. */
export function hintOf(option) {
  const [low, high] = option.type === 3 ? [option.min_length, option.max_length] : [option.min_value, option.max_value];
  const unit = option.type === 3 ? " characters" : "";
  const range = low !== undefined && high !== undefined ? `${low} to ${high}${unit}` : low !== undefined ? `at least ${low}${unit}` : high !== undefined ? `at most ${high}${unit}` : "";
  return [TYPES[option.type] ?? "Value", range].filter(Boolean).join(", ");
}

/** Return what is wrong with a text as the value of an option, or null. */
export function problemOf(option, text) {
  if (option.type === 3) {
    if (option.min_length !== undefined && text.length < option.min_length) return `Takes ${hintOf(option).replace("Text, ", "")}, not ${text.length}.`;
    if (option.max_length !== undefined && text.length > option.max_length) return `Takes ${hintOf(option).replace("Text, ", "")}, not ${text.length}.`;
    return null;
  }
  if (option.type !== 4 && option.type !== 10) return null;
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) return "This is not a number.";
  if (option.type === 4 && !Number.isInteger(number)) return "This is not a whole number.";
  const outside = (option.min_value !== undefined && number < option.min_value) || (option.max_value !== undefined && number > option.max_value);
  return outside ? `Takes ${hintOf(option).replace(/^[^,]+, /, "")}; ${number} does not fit.` : null;
}

/** Turn a text into the value that is sent. */
export const valueOf = (option, text) => (option.type === 4 || option.type === 10 ? Number(text) : text);
