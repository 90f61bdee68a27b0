// The shortlist somebody gathers while looking around. It stands in the fragment of the page's
// address and nowhere else, so it is carried along on every link, every form and the way back.

import { fragmentOf, MOST, readFragment } from "./shortlist_address.js";
import { drawLink, offerToKeep, sayKept } from "./shortlist_buttons.js";

const PAGE = /\/[^/.]*$/; // the path of a page, not of a file
const told = []; // functions that hear of every change
let kept = []; // slugs, in order
let strange = 0; // what stood in the address and cannot be an activity

/** Return the slugs on the list, in order. */
export const shortlist = () => [...kept];

/** Return how many things stood in the address that cannot be activities. */
export const strangeCount = () => strange;

/** Have a function hear of every change. */
export const onChange = (hear) => told.push(hear);

/** Put this list in the place of the old one. */
export function setList(slugs) {
  kept = slugs;
  strange = 0;
  write(readFragment(location.hash).to);
  for (const hear of told) hear();
}

/** Write the list into the address, with the place on the page that was gone to. An address that
 * has nothing to do with a list stays as it is. */
function write(to) {
  if (!kept.length && !readFragment(location.hash).slugs) return;
  const address = location.pathname + location.search + fragmentOf(kept, to);
  history.replaceState({ ...history.state, listed: true }, "", address);
}

/** Return the list of the page one came from where it is the one to go on with, else null: on the
 * way back, and after a link or a form that was pressed before this script could run there. */
function broughtAlong(slugs) {
  const { navigationType, from } = window.navigation?.activation ?? {};
  const isFollowed = slugs === null && document.referrer.startsWith(`${location.origin}/`);
  if (!from?.url || (navigationType !== "traverse" && !isFollowed)) return null;
  return readFragment(new URL(from.url).hash).slugs ?? [];
}

/** Take up the list as one arrives, and go to the place on the page that is named beside it. */
function arrive() {
  const read = readFragment(location.hash);
  kept = broughtAlong(read.slugs) ?? read.slugs ?? [];
  strange = read.strange;
  write(read.to);
  const place = read.slugs && document.getElementById(read.to);
  if (place) {
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }
}

/** A place on the page was gone to, or somebody opened another list in this very page. */
function moved() {
  const read = readFragment(location.hash);
  if (read.slugs && !history.state?.listed) ({ slugs: kept, strange } = read);
  write(read.to);
  for (const hear of told) hear();
}

/** Let a link to a page of ours carry the list, as it stands when one presses. */
function carryOn({ target }) {
  const link = target.closest?.("a[href]");
  if (!link || link.getAttribute("href").startsWith("#") || !leadsToPage(link)) return;
  const { slugs, to } = readFragment(link.hash);
  if (slugs && !link.dataset.carries) return; // a list that an editor made
  if (!slugs && !kept.length) return;
  link.dataset.carries = "yes";
  link.setAttribute("href", link.pathname + link.search + fragmentOf(kept, to));
}

function leadsToPage(link) {
  return (
    link.origin === location.origin && !link.hasAttribute("download") && PAGE.test(link.pathname)
  );
}

/** Let a form carry it too. The fragment stays behind; browsers add it to the answer's address. */
function carryThrough({ target }) {
  const written = target.getAttribute?.("action");
  if (!written) return;
  const url = new URL(written, location.href);
  if (url.origin !== location.origin) return;
  target.setAttribute("action", url.pathname + url.search + fragmentOf(kept));
}

/** Keep an activity, or take it off. A full list stays as it is. */
function toggle(slug) {
  const without = kept.filter((one) => one !== slug);
  if (without.length < kept.length) setList(without);
  else if (kept.length < MOST) setList([...kept, slug]);
  sayKept(kept, slug);
}

/** Offer the list on this page. Cards that are drawn later are offered by who draws them. */
export function offerShortlist() {
  const draw = () => {
    drawLink(document, kept);
    offerToKeep(document, kept);
  };
  onChange(draw);
  draw();
  for (const name of ["pointerdown", "click"]) addEventListener(name, carryOn, { capture: true });
  addEventListener("submit", carryThrough, { capture: true });
  addEventListener("hashchange", moved);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return; // a page that was left as it stood, not one that comes anew
    setList(broughtAlong(kept) ?? kept);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-keep]");
    if (button) toggle(button.dataset.keep);
  });
}

/** Offer to keep what was drawn into the page after it came. */
export const offerToKeepDrawn = () => offerToKeep(document, kept);

arrive();
