// What every page runs: relative days, the shortlist, forms, printing. Pages work without it.

import { showRelativeDays } from "./days.js";
import { ngettext } from "./i18n.js";
import { offerPrinting } from "./printing.js";
import { offerShortlist } from "./shortlist.js";

// imports of imports, named here so that the browser fetches all of them at once
import "./shortlist_address.js";
import "./shortlist_buttons.js";
import "./words.js";

const LEAVE_WITHIN_MS = 3_000; // three presses of Shift in this time leave the page

/**
 * Give each form a key, so that a repeated press of its button counts once.
 * @param {ParentNode} root
 */
function setIdempotencyKeys(root) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const fields = root.querySelectorAll("input[name=idempotency_key]");
  for (const field of fields) {
    if (!field.value && crypto.randomUUID) field.value = crypto.randomUUID();
  }
}

/**
 * Fill in the activity that somebody came from, so that they need not write its name.
 * @param {ParentNode} root
 */
function fillInActivity(root) {
  /** @type {HTMLInputElement | null} */
  const field = root.querySelector("form input[name=activity]");
  const slug = new URLSearchParams(location.search).get("activity") || "";
  const notice = root.querySelector("[data-about-activity]"); // absent where the service writes its own
  if (!field || !notice || !/^[a-z0-9-]{1,80}$/.test(slug)) return;
  field.value = slug;
  notice.removeAttribute("hidden");
}

/**
 * Show how many characters are left, only near the end.
 * @param {ParentNode} root
 */
function countCharacters(root) {
  /** @type {NodeListOf<HTMLTextAreaElement>} */
  const areas = root.querySelectorAll("textarea[data-count]");
  for (const area of areas) {
    const status = document.createElement("p");
    status.className = "left";
    status.setAttribute("role", "status");
    area.after(status);
    area.addEventListener("input", () => {
      const left = area.maxLength - area.value.length;
      status.textContent =
        left <= 100 ? ngettext("%(num)s character left", "%(num)s characters left", left) : "";
    });
  }
}

/**
 * Leave a page for its neutral link without a way back to it: by the button, or by Shift three times.
 * @param {ParentNode} root
 */
function offerLeaving(root) {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = root.querySelectorAll("a[data-leave]");
  const address = links[0]?.href;
  if (!address) return;
  const leave = () => {
    document.body.hidden = true;
    location.replace(address);
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  /** @type {number[]} */
  let presses = [];
  root.addEventListener("keydown", (event) => {
    const { key, timeStamp } = /** @type {KeyboardEvent} */ (event);
    if (key !== "Shift") presses = [];
    else presses = [...presses.filter((at) => timeStamp - at < LEAVE_WITHIN_MS), timeStamp];
    const isOffered = [...links].some((link) => link.getClientRects().length);
    if (presses.length >= 3 && isOffered) leave();
  });
}

/** Keep the pages that were read readable without a connection. */
function registerServiceWorker() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
}

if (typeof document !== "undefined") {
  showRelativeDays(document);
  offerShortlist();
  setIdempotencyKeys(document);
  fillInActivity(document);
  countCharacters(document);
  offerPrinting(document);
  offerLeaving(document);
  if (document.querySelector("[data-copy]")) {
    import("./sharing.js").then(({ offerSharingAndCopying }) => offerSharingAndCopying(document));
  }
  /** @type {HTMLInputElement | null} */
  const challenge = document.querySelector("input[data-bits]");
  if (challenge) import("./proof_of_work.js").then(({ workFor }) => workFor(challenge));
  document.getElementById("problems")?.focus();
  addEventListener("load", registerServiceWorker);
}
