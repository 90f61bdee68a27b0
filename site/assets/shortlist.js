// The shortlist that somebody gathers while browsing. It is stored in the fragment of the page's address
// and nowhere else, so every link, every form and the way back must carry it.

import { fragmentOf, MOST, readFragment } from "./shortlist_address.js";
import { announceChange, drawLink, offerToKeep } from "./shortlist_buttons.js";

const PAGE = /\/[^/.]*$/; // the path of a page, not of a file
/** @type {(() => void)[]} */
const listeners = [];
/** @type {string[]} */
let current = []; // slugs, in order
let invalid = 0; // pieces of the address that cannot be activities

/**
 * Return the slugs on the list, in order.
 * @returns {string[]}
 */
export const shortlist = () => [...current];

/** Return how many pieces of the address cannot be activities. */
export const invalidCount = () => invalid;

/**
 * Call a function after every change.
 * @param {() => void} listener
 */
export const onChange = (listener) => listeners.push(listener);

/**
 * Replace the list.
 * @param {string[]} slugs
 */
export function setList(slugs) {
  current = slugs;
  invalid = 0;
  writeAddress(readFragment(location.hash).to);
  for (const listener of listeners) listener();
}

/**
 * Write the list into the address, with the element that the address goes `to`. An address without
 * a list stays as it is while the list is empty.
 * @param {string} to
 */
function writeAddress(to) {
  if (!current.length && !readFragment(location.hash).slugs) return;
  const address = location.pathname + location.search + fragmentOf(current, to);
  history.replaceState({ ...history.state, listed: true }, "", address);
}

/**
 * Return the list of the previous page where it is the one to go on with, else null: on the way
 * back, and after a link or a form that was pressed before this script could run there.
 * @param {string[] | null} slugs
 * @returns {string[] | null}
 */
function inheritedList(slugs) {
  const { navigationType, from } = window.navigation?.activation ?? {};
  const isFollowed = slugs === null && document.referrer.startsWith(`${location.origin}/`);
  if (!from?.url || (navigationType !== "traverse" && !isFollowed)) return null;
  return readFragment(new URL(from.url).hash).slugs ?? [];
}

/** Read the list as the page loads, and go to the element that is named beside it. */
function start() {
  const fragment = readFragment(location.hash);
  current = inheritedList(fragment.slugs) ?? fragment.slugs ?? [];
  invalid = fragment.invalid;
  writeAddress(fragment.to);
  const target = fragment.slugs && document.getElementById(fragment.to);
  if (target) {
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }
}

/** Follow a change of the fragment: to another element of the page, or to another list. */
function followFragment() {
  const { slugs, invalid: count, to } = readFragment(location.hash);
  if (slugs && !history.state?.listed) [current, invalid] = [slugs, count];
  writeAddress(to);
  for (const listener of listeners) listener();
}

/**
 * Add the list, as it is when somebody presses, to a link to a page of ours.
 * @param {Event} event
 */
function carryOnLink({ target }) {
  /** @type {HTMLAnchorElement | null} */
  const link = target instanceof Element ? target.closest("a[href]") : null;
  if (!link || link.getAttribute("href")?.startsWith("#") || !leadsToPage(link)) return;
  const { slugs, to } = readFragment(link.hash);
  if (slugs && !link.dataset.carries) return; // a list that an editor made
  if (!slugs && !current.length) return;
  link.dataset.carries = "yes";
  link.setAttribute("href", link.pathname + link.search + fragmentOf(current, to));
}

/** @param {HTMLAnchorElement} link */
function leadsToPage(link) {
  return (
    link.origin === location.origin && !link.hasAttribute("download") && PAGE.test(link.pathname)
  );
}

/**
 * Add the list to a form's action. Browsers do not send it, but add it to the answer's address.
 * @param {Event} event
 */
function carryOnForm({ target }) {
  const form = /** @type {HTMLFormElement} */ (target);
  const action = form.getAttribute("action");
  if (!action) return;
  const url = new URL(action, location.href);
  if (url.origin !== location.origin) return;
  form.setAttribute("action", url.pathname + url.search + fragmentOf(current));
}

/**
 * Add an activity to the list, or take it off. A full list stays as it is.
 * @param {string} slug
 */
function toggle(slug) {
  const without = current.filter((other) => other !== slug);
  if (without.length < current.length) setList(without);
  else if (current.length < MOST) setList([...current, slug]);
  announceChange(current, slug);
}

/** Offer the list on this page. Whoever draws cards later calls offerToKeepDrawn. */
export function offerShortlist() {
  const draw = () => {
    drawLink(document, current);
    offerToKeep(document, current);
  };
  onChange(draw);
  draw();
  for (const name of ["pointerdown", "click"])
    addEventListener(name, carryOnLink, { capture: true });
  addEventListener("submit", carryOnForm, { capture: true });
  addEventListener("hashchange", followFragment);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return; // only a page that the browser kept in memory
    setList(inheritedList(current) ?? current);
  });
  document.addEventListener("click", ({ target }) => {
    /** @type {HTMLElement | null} */
    const button = target instanceof Element ? target.closest("[data-keep]") : null;
    if (button?.dataset.keep) toggle(button.dataset.keep);
  });
}

/** Offer to keep the cards that were drawn after the page loaded. */
export const offerToKeepDrawn = () => offerToKeep(document, current);

start();
