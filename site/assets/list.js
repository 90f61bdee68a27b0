// The page of a shortlist: reads the address, fetches the page of each activity, draws what they say.

import { _, ngettext } from "./i18n.js";
import { drawEntries, drawNotes, focusAfter, showParts } from "./list_draw.js";
import { updateExports } from "./list_export.js";
import { ActivityGone, factsOf } from "./list_facts.js";
import { invalidCount, onChange, setList, shortlist } from "./shortlist.js";
import { fragmentOf, MOST, readFragment } from "./shortlist_address.js";

const PAUSE = 300; // milliseconds in which most lists are there
/** @type {Map<string, ListEntry | Error>} */
const fetched = new Map(); // by slug: its facts, or the error that came instead
/** @type {{ slug: string, title: string, at: number } | null} */
let takenOff = null; // what was taken off last

/** Draw the list that the address has now. */
async function show() {
  const slow = setTimeout(() => drawNotes([{ text: _("Getting your list…") }]), PAUSE);
  const slugs = shortlist().slice(0, MOST);
  await Promise.all(slugs.filter((slug) => !fetched.has(slug)).map(fetchFacts));
  clearTimeout(slow);
  draw();
}

/** @param {string} slug */
async function fetchFacts(slug) {
  try {
    fetched.set(slug, await factsOf(slug));
  } catch (error) {
    fetched.set(slug, error instanceof Error ? error : new Error(String(error)));
  }
}

function draw() {
  const slugs = shortlist();
  const shown = slugs.slice(0, MOST).filter((slug) => fetched.has(slug));
  const entries = shown.flatMap((slug) => entryOf(slug) ?? []);
  const gone = shown.filter((slug) => fetched.get(slug) instanceof ActivityGone);
  const missing = shown.length - entries.length - gone.length;
  const empty = !slugs.length && !invalidCount();
  showParts({ read: true, empty, filled: entries.length > 0 });
  drawEntries(entries, press);
  drawNotes(notesOf({ gone, missing, beyond: slugs.length - MOST }));
  updateExports(entries, address());
}

/**
 * Return the facts of an activity; null where there are none.
 * @param {string} slug
 */
function entryOf(slug) {
  const result = fetched.get(slug);
  return result && !(result instanceof Error) ? result : null;
}

/**
 * Return the notes on what is not shown: gone, not fetched, too much, or taken off.
 * @param {{ gone: string[], missing: number, beyond: number }} counts
 * @returns {ListNote[]}
 */
function notesOf({ gone, missing, beyond }) {
  const lost = gone.length + invalidCount();
  return [
    ...(takenOff
      ? [
          {
            text: _("Taken off: %(title)s.", { title: takenOff.title }),
            action: _("Put it back"),
            onPress: putBack,
          },
        ]
      : []),
    ...(lost
      ? [{ text: goneText(lost), action: _("Tidy the list"), onPress: () => tidy(gone) }]
      : []),
    ...(missing ? [{ text: missingText(missing), action: _("Try again"), onPress: tryAgain }] : []),
    ...(beyond > 0
      ? [
          {
            text: ngettext(
              "A list can hold %(num)s thing. This is the first.",
              "A list can hold %(num)s things. These are the first.",
              MOST,
            ),
          },
        ]
      : []),
  ];
}

/** @param {number} count */
function goneText(count) {
  return ngettext(
    "One thing on your list is not here any more.",
    "%(num)s things on your list are not here any more.",
    count,
  );
}

/** @param {number} count */
function missingText(count) {
  return ngettext(
    "One thing could not be loaded. Are you online?",
    "%(num)s things could not be loaded. Are you online?",
    count,
  );
}

const address = () => location.origin + location.pathname + fragmentOf(shortlist());

/**
 * Move an entry past its neighbour, or take it off.
 * @param {EntryAction} name
 * @param {string} slug
 */
function press(name, slug) {
  const slugs = shortlist();
  const at = slugs.indexOf(slug);
  if (name === "off") {
    takenOff = { slug, title: entryOf(slug)?.title ?? "", at };
    setList(slugs.filter((other) => other !== slug));
  } else {
    takenOff = null;
    setList(moved(slugs, at, name === "up" ? -1 : 1));
  }
  focusAfter(name, name === "off" ? (shortlist()[at] ?? shortlist().at(-1)) : slug);
}

/**
 * Return the list with an entry put past the next one that is shown in that direction.
 * @param {string[]} slugs
 * @param {number} at
 * @param {number} step
 */
function moved(slugs, at, step) {
  let to = at + step;
  while (fetched.get(slugs[to]) instanceof Error) to += step;
  const rest = slugs.filter((slug) => slug !== slugs[at]);
  return [...rest.slice(0, to), slugs[at], ...rest.slice(to)];
}

function putBack() {
  if (!takenOff) return;
  const { slug, at } = takenOff;
  takenOff = null;
  const slugs = shortlist();
  setList([...slugs.slice(0, at), slug, ...slugs.slice(at)]);
  focusAfter("off", slug);
}

/** @param {string[]} gone */
function tidy(gone) {
  setList(
    shortlist()
      .filter((slug) => !gone.includes(slug))
      .slice(0, MOST),
  );
  focusAfter("off", shortlist()[0]);
}

function tryAgain() {
  for (const [slug, result] of fetched)
    if (result instanceof Error && !(result instanceof ActivityGone)) fetched.delete(slug);
  show();
}

// Another list in the address has nothing to put back; in the capture phase, before it is drawn.
addEventListener(
  "hashchange",
  () => {
    if (readFragment(location.hash).slugs) takenOff = null;
  },
  { capture: true },
);
onChange(() => (shortlist().every((slug) => fetched.has(slug)) ? draw() : show()));
show();
