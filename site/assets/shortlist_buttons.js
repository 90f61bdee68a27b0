// What one sees of the shortlist on other pages: "Keep this one" on a card and on an activity's page,
// and the way to the list in the header. Without scripts there is neither.

import { _, ngettext } from "./i18n.js";
import { fragmentOf, MOST } from "./shortlist_address.js";

const LIST = new URL("../list/", import.meta.url).pathname;
const SLUG = /\/activities\/([a-z0-9-]+)\/$/;

/**
 * Give each card and each place that waits for one its button, in the words that hold now.
 * @param {ParentNode} root
 * @param {string[]} kept
 */
export function offerToKeep(root, kept) {
  for (const card of root.querySelectorAll(".card")) {
    /** @type {HTMLAnchorElement | null} */
    const link = card.querySelector(".card__title a");
    const slug = link && SLUG.exec(link.pathname)?.[1];
    if (slug && !card.querySelector("[data-keep]")) card.append(keepButton(slug, link.textContent));
  }
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = root.querySelectorAll("[data-keep]");
  for (const button of buttons) {
    button.hidden = false;
    label(button, kept.includes(button.dataset.keep ?? ""), kept.length >= MOST);
  }
}

/**
 * @param {string} slug
 * @param {string} title
 */
function keepButton(slug, title) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button--quiet button--small keep" });
  Object.assign(button.dataset, { keep: slug, about: title });
  return button;
}

/**
 * Say what a press does; the title, unseen, tells one card's button from another's.
 * @param {HTMLElement} button
 * @param {boolean} isKept
 * @param {boolean} isFull
 */
function label(button, isKept, isFull) {
  const full = ngettext(
    "Your list is full: %(num)s thing",
    "Your list is full: %(num)s things",
    MOST,
  );
  const words = isKept ? _("Kept. Take it off") : isFull ? full : _("Keep this one");
  button.textContent = words;
  button.classList.toggle("keep--kept", isKept);
  const title = button.dataset.about;
  if (title)
    button.setAttribute("aria-label", _("%(button)s: %(title)s", { button: words, title }));
}

/**
 * Say aloud, to those who do not see the header, what has become of the list.
 * @param {string[]} kept
 * @param {string} slug
 */
export function sayKept(kept, slug) {
  const count = ngettext(
    "%(num)s thing on your list.",
    "%(num)s things on your list.",
    kept.length,
  );
  const done = kept.includes(slug) ? _("Kept.") : kept.length < MOST ? _("Taken off.") : "";
  speaker().textContent = `${done} ${count}`.trim();
}

function speaker() {
  const known = document.getElementById("shortlist-said");
  if (known) return known;
  const region = document.createElement("p");
  Object.assign(region, { id: "shortlist-said", className: "visually-hidden" });
  region.setAttribute("role", "status");
  document.getElementById("content")?.append(region);
  return region;
}

/**
 * Draw the way to the list into the header as soon as there is something on it.
 * @param {Document} root
 * @param {string[]} kept
 */
export function drawLink(root, kept) {
  /** @type {HTMLAnchorElement | null} */
  const known = root.querySelector(".menu__list");
  if (!kept.length) known?.remove();
  const menu = root.querySelector(".menu");
  if (!kept.length || !menu) return;
  const link = known ?? menu.appendChild(root.createElement("a"));
  link.className = "menu__list";
  link.href = LIST + fragmentOf(kept);
  link.dataset.carries = "yes";
  link.textContent = ngettext("Your list (%(num)s)", "Your list (%(num)s)", kept.length);
  if (location.pathname === LIST) link.setAttribute("aria-current", "page");
}
