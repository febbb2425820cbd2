// Which parts of the page are open: drawers on narrow screens, the member list, the transcript.
import { byId } from "./dom.js";

/** Make the layout; views are told "layout" when it changes. */
export function makeLayout(store) {
  const root = byId("app");
  const transcript = byId("transcript");
  const narrow = matchMedia("(max-width: 900px)");
  const crowded = matchMedia("(max-width: 1400px)"); // the transcript then takes the members' place

  const transcriptIsOpen = () => !transcript.hidden;
  const isCovered = () => crowded.matches && transcriptIsOpen();

  /** Open a drawer ("left", "right") on a narrow screen, or close them ("none"). */
  function drawer(which) {
    const was = root.dataset.drawer;
    root.dataset.drawer = which;
    byId("scrim").tabIndex = which === "none" ? -1 : 0;
    store.tell("layout");
    if (which === "left") byId("channels").querySelector("[aria-current]")?.focus();
    if (which === "right") byId("members").querySelector("button")?.focus();
    if (which === "none" && was !== "none") document.querySelector("#header button")?.focus();
  }

  function toggleTranscript() {
    transcript.hidden = transcriptIsOpen();
    root.classList.toggle("with-transcript", transcriptIsOpen());
    store.tell("layout");
    if (transcriptIsOpen()) transcript.querySelector("input").focus();
    else document.querySelector(".transcript-toggle")?.focus();
  }

  function toggleMembers() {
    if (narrow.matches) return drawer(root.dataset.drawer === "right" ? "none" : "right");
    if (isCovered()) {
      root.classList.remove("no-members");
      return toggleTranscript();
    }
    root.classList.toggle("no-members");
    store.tell("layout");
  }

  narrow.addEventListener("change", () => drawer("none"));
  crowded.addEventListener("change", () => store.tell("layout"));
  byId("scrim").addEventListener("click", () => drawer("none"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (root.dataset.drawer !== "none") drawer("none");
    else if (narrow.matches && transcriptIsOpen()) toggleTranscript(); // it covers the whole page there
  });

  return {
    drawer,
    toggleTranscript,
    toggleMembers,
    transcriptIsOpen,
    isNarrow: () => narrow.matches,
    membersAreOpen: () => (narrow.matches ? root.dataset.drawer === "right" : !root.classList.contains("no-members") && !isCovered()),
  };
}
