// The shortlist on other pages: "Keep this one" on a card and on an activity's page, and the link to the
// list in the header. Without scripts there is neither.

import { _, ngettext } from "./i18n.js";
import { fragmentOf, MOST } from "./shortlist_address.js";

const LIST = new URL("../list/", import.meta.url).pathname;
const SLUG = /\/activities\/([a-z0-9-]+)\/$/;

/**
 * Give each card its button, and label these and the buttons that the page has already.
 * @param {ParentNode} root
 * @param {string[]} shortlist
 */
export function offerToKeep(root, shortlist) {
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
    label(button, shortlist.includes(button.dataset.keep ?? ""), shortlist.length >= MOST);
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
 * Label a button with what a press does; the title, unseen, tells one card's button from another's.
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
  const text = isKept ? _("Kept. Take it off") : isFull ? full : _("Keep this one");
  button.textContent = text;
  button.classList.toggle("keep--kept", isKept);
  const title = button.dataset.about;
  offerToOpen(button, isKept);
  if (title) button.setAttribute("aria-label", _("%(button)s: %(title)s", { button: text, title }));
}

/**
 * Put the way to the list beside the button of something kept.
 * @param {HTMLElement} button
 * @param {boolean} isKept
 */
function offerToOpen(button, isKept) {
  const next = button.nextElementSibling;
  const existing = next?.classList.contains("keep__open") ? next : null;
  if (!isKept) return existing?.remove();
  if (existing) return;
  const link = document.createElement("a");
  Object.assign(link, { className: "keep__open", href: LIST, textContent: _("See what you kept") });
  button.after(link);
}

/**
 * Tell those who do not see the header, by a screen reader, what has become of the list.
 * @param {string[]} shortlist
 * @param {string} slug
 */
export function announceChange(shortlist, slug) {
  const count = ngettext(
    "%(num)s thing on your list.",
    "%(num)s things on your list.",
    shortlist.length,
  );
  const done = shortlist.includes(slug)
    ? _("Kept.")
    : shortlist.length < MOST
      ? _("Taken off.")
      : "";
  statusRegion().textContent = `${done} ${count}`.trim();
}

function statusRegion() {
  const existing = document.getElementById("shortlist-said");
  if (existing) return existing;
  const region = document.createElement("p");
  Object.assign(region, { id: "shortlist-said", className: "visually-hidden" });
  region.setAttribute("role", "status");
  document.getElementById("content")?.append(region);
  return region;
}

/**
 * Draw the link to the list into the header as soon as there is something on it.
 * @param {Document} root
 * @param {string[]} shortlist
 */
export function drawLink(root, shortlist) {
  /** @type {HTMLAnchorElement | null} */
  const existing = root.querySelector(".menu__list");
  if (!shortlist.length) existing?.remove();
  const menu = root.querySelector(".menu");
  if (!shortlist.length || !menu) return;
  const link = existing ?? menu.appendChild(root.createElement("a"));
  link.className = "menu__list";
  link.href = LIST + fragmentOf(shortlist);
  link.dataset.carries = "yes";
  link.textContent = ngettext("Your list (%(num)s)", "Your list (%(num)s)", shortlist.length);
  if (location.pathname === LIST) link.setAttribute("aria-current", "page");
}
