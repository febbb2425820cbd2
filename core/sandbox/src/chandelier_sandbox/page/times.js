// Times in words, by the sandbox's clock.

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const STYLES = {
  t: format({ timeStyle: "short" }),
  T: format({ timeStyle: "medium" }),
  d: format({ dateStyle: "short" }),
  D: format({ dateStyle: "long" }),
  f: format({ dateStyle: "long", timeStyle: "short" }),
  F: format({ dateStyle: "full", timeStyle: "short" }),
};
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** Return the sandbox's time in seconds. */
export const now = (store) => Date.now() / 1000 + store.ahead_s;

/** Write a moment (seconds) in one of Discord's timestamp styles. */
export function written(seconds, style, store) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "Invalid date";
  if (style === "R") return relative(seconds - now(store));
  return (STYLES[style] ?? STYLES.f).format(date);
}

function relative(difference) {
  const [unit, size] = UNITS.find(([, least]) => Math.abs(difference) >= least) ?? ["second", 1];
  return RELATIVE.format(Math.trunc(difference / size), unit);
}

/** Write when a message was sent: "Today at 14:05", "Yesterday at …" or a date. */
export function sentAt(iso, store) {
  const date = new Date(iso);
  const days = dayNumber(new Date(now(store) * 1000)) - dayNumber(date);
  const time = STYLES.t.format(date);
  if (days === 0) return `Today at ${time}`;
  if (days === 1) return `Yesterday at ${time}`;
  return `${STYLES.d.format(date)} ${time}`;
}

/** Write only the time of day. */
export const timeOfDay = (iso) => STYLES.t.format(new Date(iso));

/** Write the day, for the line between two days. */
export const dayOf = (iso) => STYLES.D.format(new Date(iso));

/** Write a moment in full. */
export const inFull = (iso) => STYLES.F.format(new Date(iso));

/** Tell whether two moments lie on the same day. */
export const isSameDay = (a, b) => dayNumber(new Date(a)) === dayNumber(new Date(b));

const dayNumber = (date) => Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
