// Layers over the page: anchored to an element or a point; one at a time; Escape and a click elsewhere close them.
import { byId, h } from "./dom.js";

let closeOpen = null;

/** Show an element beside an anchor (element or {x, y}); return what closes it. onclose is called once. */
export function popover(element, anchor, { onclose, match = false, returnTo = document.activeElement } = {}) {
  closeOpen?.(false);
  const layer = h("div", { class: "layer" }, element);
  byId("layers").append(layer);
  place(layer, anchor, match);

  function close(restore = true) {
    if (closeOpen !== close) return;
    closeOpen = null;
    layer.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", key, true);
    window.removeEventListener("resize", close);
    if (restore) returnTo?.focus?.();
    onclose?.();
  }
  const outside = (event) => {
    if (!layer.contains(event.target) && !(anchor instanceof Element && anchor.contains(event.target))) close(false);
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  closeOpen = close;
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", key, true);
  window.addEventListener("resize", close);
  return close;
}

/** Close what is open. */
export const closePopover = () => closeOpen?.(false);

// A dialog lies in the browser's top layer, so that what belongs to it must lie in it too.
function place(layer, anchor, match) {
  const dialog = anchor instanceof Element && anchor.closest("dialog");
  if (dialog) dialog.append(layer);
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0);
  if (match) layer.style.width = `${Math.max(box.width, 180)}px`;
  const { width, height } = layer.getBoundingClientRect();
  const below = box.bottom + 4 + height <= innerHeight - 8;
  const above = box.top - 4 - height >= 8;
  const top = below || !above ? Math.min(box.bottom + 4, innerHeight - height - 8) : box.top - 4 - height;
  layer.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  layer.style.top = `${Math.max(8, top)}px`;
}
