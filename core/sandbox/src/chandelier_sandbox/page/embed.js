// Draws embeds, files and pictures. Pictures come from the sandbox alone; others are named and linked.
import { h, icon } from "./dom.js";
import { link, markup } from "./markup.js";
import { sentAt } from "./times.js";

/** Draw an embed. */
export function embedBox(embed, app, message) {
  const colour = embed.color === undefined || embed.color === null ? {} : { "--own": `#${embed.color.toString(16).padStart(6, "0")}` };
  return h(
    "article",
    { class: `embed${embed.thumbnail ? " with-thumbnail" : ""}`, vars: colour },
    h(
      "div",
      { class: "embed-text" },
      embed.provider?.name && h("div", { class: "embed-provider" }, embed.provider.name),
      embed.author?.name && author(embed.author, message),
      embed.title && h("div", { class: "embed-title" }, embed.url ? link(embed.url, markup(embed.title, app)) : markup(embed.title, app)),
      embed.description && h("div", { class: "embed-description text" }, markup(embed.description, app)),
      embed.fields?.length > 0 && fields(embed.fields, app),
    ),
    embed.thumbnail?.url && h("div", { class: "embed-thumbnail" }, picture(embed.thumbnail, message, "Thumbnail")),
    embed.image?.url && h("div", { class: "embed-image" }, picture(embed.image, message, "Picture")),
    (embed.footer?.text || embed.timestamp) && footer(embed, app, message),
  );
}

function author(one, message) {
  const name = one.url ? link(one.url, one.name) : h("span", {}, one.name);
  return h("div", { class: "embed-author" }, one.icon_url && smallPicture(one.icon_url, message), name);
}

// Up to three inline fields share a row, as on Discord.
function fields(all, app) {
  const rows = [];
  for (const field of all) {
    const last = rows.at(-1);
    if (field.inline && last?.[0].inline && last.length < 3) last.push(field);
    else rows.push([field]);
  }
  const cell = (field) =>
    h("div", { class: "embed-field" }, h("div", { class: "embed-field-name" }, markup(field.name, app)), h("div", { class: "text" }, markup(field.value, app)));
  return h("div", { class: "embed-fields" }, rows.map((row) => h("div", { class: "embed-row", vars: { "--n": row.length } }, row.map(cell))));
}

function footer(embed, app, message) {
  const parts = [embed.footer?.text, embed.timestamp && sentAt(embed.timestamp, app.store)].filter(Boolean);
  return h("div", { class: "embed-footer" }, embed.footer?.icon_url && smallPicture(embed.footer.icon_url, message), h("span", {}, parts.join(" • ")));
}

/** Return the address of a picture if the sandbox has it, else nothing. */
export function ownAddress(url, message) {
  if (/^attachment:\/\//.test(url)) {
    const name = url.slice("attachment://".length);
    return ownAddress(message?.attachments?.find((one) => one.filename === name)?.url ?? "", message);
  }
  try {
    const found = new URL(url, location.href);
    return /^https?:$/.test(found.protocol) && found.pathname.startsWith("/attachments/") && isHere(found) ? found.pathname : "";
  } catch {
    return "";
  }
}

const isHere = (url) => url.port === location.port && /^(127\.|localhost$|\[::1\]$)/.test(url.hostname);

/** Draw a picture, or say where it would come from. */
export function picture(media, message, label) {
  const address = ownAddress(media.url ?? "", message);
  const text = media.description || label;
  if (!address) return h("span", { class: "picture-elsewhere" }, icon("link"), link(media.url ?? "", hostOf(media.url), `${text}: ${media.url}`));
  const shape = media.width && media.height ? { width: media.width, height: media.height } : {};
  return h("a", { href: address, target: "_blank", rel: "noopener", class: "picture" }, h("img", { src: address, alt: text, loading: "lazy", ...shape }));
}

function smallPicture(url, message) {
  const address = ownAddress(url, message);
  return address && h("img", { class: "small-picture", src: address, alt: "" });
}

function hostOf(url) {
  try {
    return new URL(url).host || url;
  } catch {
    return String(url);
  }
}

/** Draw the files of a message: pictures as such, others as cards. */
export function attachments(message) {
  const files = message.attachments ?? [];
  if (!files.length) return null;
  return h("div", { class: "attachments" }, files.map((file) => (isPicture(file) ? hiddenIfSpoiler(file, picture(file, message, file.filename)) : fileCard(file))));
}

const isPicture = (file) => /^image\/(png|jpeg|gif|webp|svg\+xml|avif)/.test(file.content_type ?? "");

/** Draw a file that is no picture. */
export function fileCard(file) {
  const address = ownAddress(file.url ?? "", null);
  const name = address ? h("a", { href: address, download: file.filename }, file.filename) : h("span", {}, file.filename);
  return h("div", { class: "file-card" }, icon("file"), h("div", {}, name, h("small", {}, sizeOf(file.size))));
}

function hiddenIfSpoiler(file, shown) {
  if (!file.filename?.startsWith("SPOILER_") && !((file.flags ?? 0) & 8)) return shown;
  const box = h("div", { class: "picture-spoiler" }, shown);
  const reveal = h("button", { type: "button", onclick: () => box.replaceWith(shown) }, "Spoiler");
  box.append(reveal);
  return box;
}

/** Write a number of bytes. */
export function sizeOf(bytes) {
  if (!(bytes >= 0)) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
