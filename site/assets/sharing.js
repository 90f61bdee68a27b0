// Shares a page with what the device offers, or copies its address. The plain links beside the buttons
// work without this.

import { _ } from "./i18n.js";

const NOTICE_MS = 4000;

/**
 * Offer the device's own way of sharing, where it has one.
 * @param {ParentNode} root
 */
function offerSharing(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = root.querySelectorAll("[data-share]");
  for (const button of buttons) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const title = root.querySelector("h1")?.textContent ?? "";
      navigator.share({ title, url: addressIn(root) }).catch(() => {}); // somebody thought better of it
    });
  }
}

/**
 * Offer to copy the address; a browser lets nobody copy on a page that came unprotected.
 * @param {ParentNode} root
 */
function offerCopying(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = root.querySelectorAll("[data-copy]");
  for (const button of buttons) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(addressIn(button.parentElement ?? root));
      showForAMoment(button, _("Copied"));
    });
  }
}

/**
 * Return the address that a part of the page gives to pass on.
 * @param {ParentNode} root
 */
function addressIn(root) {
  const element = /** @type {HTMLElement} */ (root.querySelector("[data-address]"));
  return element.dataset.address ?? "";
}

/**
 * Show a text in place of a button's own, and have it read aloud, for a moment.
 * @param {HTMLElement} button
 * @param {string} text
 */
function showForAMoment(button, text) {
  const before = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.textContent = text;
  setTimeout(() => (button.textContent = before), NOTICE_MS);
}

/** @param {ParentNode} root */
export function offerSharingAndCopying(root) {
  offerSharing(root);
  offerCopying(root);
}
