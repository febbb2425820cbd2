// Draws a poll and takes the vote.
import { h } from "./dom.js";
import { emojiMark } from "./choices.js";

/** Draw the poll of a message. */
export function poll(message, app) {
  const asked = message.poll;
  if (!asked?.answers) return null;
  const counts = new Map((asked.results?.answer_counts ?? []).map((one) => [one.id, one]));
  const total = [...counts.values()].reduce((sum, one) => sum + one.count, 0);
  const mine = asked.answers.filter((one) => counts.get(one.answer_id)?.me_voted).map((one) => one.answer_id);
  const isOver = Boolean(asked.results?.is_finalized);

  function choose(id) {
    const others = asked.allow_multiselect ? mine.filter((one) => one !== id) : [];
    app.actions.vote(message, mine.includes(id) ? others : [...others, id]);
  }

  const row = ({ answer_id: id, poll_media: media }) => {
    const count = counts.get(id)?.count ?? 0;
    const share = total ? Math.round((count / total) * 100) : 0;
    const press = { "aria-pressed": String(mine.includes(id)), disabled: isOver, onclick: () => choose(id), dataset: { custom: `poll-${id}` } };
    const bar = h("span", { class: "poll-bar", vars: { "--share": `${share}%` } });
    return h("button", { type: "button", class: "poll-answer", ...press }, bar, emojiMark(media?.emoji), h("span", { class: "poll-text" }, media?.text), h("span", { class: "poll-count" }, `${count} · ${share}%`));
  };
  const hint = isOver ? "The poll has closed" : asked.allow_multiselect ? "Select one or more answers" : "Select one answer";
  return h("section", { class: "poll", "aria-label": "Poll" }, h("strong", {}, asked.question?.text), h("small", {}, hint), asked.answers.map(row), h("small", {}, `${total} ${total === 1 ? "vote" : "votes"}`));
}
