// Handing a page on with what the device offers. The plain links beside it work without this.

import { _ } from "./i18n.js";

const TOLD_SECONDS = 4;

/** Offer the device's own way of sharing, where it has one. */
function offerSharing(root) {
  for (const button of root.querySelectorAll("[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const address = root.querySelector("[data-address]").dataset.address;
      const title = root.querySelector("h1").textContent;
      navigator.share({ title, url: address }).catch(() => {}); // somebody thought better of it
    });
  }
}

/** Offer to copy the address; a browser lets nobody copy on a page that came unprotected. */
function offerCopying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(
        button.parentElement.querySelector("[data-address]").dataset.address,
      );
      say(button, _("Copied"));
    });
  }
}

/** Say something in place of a button's words, and aloud, for a moment. */
function say(button, words) {
  const before = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.textContent = words;
  setTimeout(() => (button.textContent = before), TOLD_SECONDS * 1000);
}

export function offerSharingAndCopying(root) {
  offerSharing(root);
  offerCopying(root);
}
