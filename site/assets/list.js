// The page of a shortlist: reads the address, fetches the page of each activity, draws what they say.

import { _, ngettext } from "./i18n.js";
import { drawEntries, drawNotes, focusAfter, showParts } from "./list_draw.js";
import { updateExports } from "./list_export.js";
import { factsOf, Gone } from "./list_facts.js";
import { onChange, setList, shortlist, strangeCount } from "./shortlist.js";
import { fragmentOf, MOST, readFragment } from "./shortlist_address.js";

const PAUSE = 300; // milliseconds in which most lists are there
const known = new Map(); // slug: its facts, or the error that came instead
let takenOff = null; // {slug, title, at} of what was taken off last

/** Draw the list as the address has it now. */
async function show() {
  const slow = setTimeout(() => drawNotes([{ words: _("Fetching your list…") }]), PAUSE);
  const slugs = shortlist().slice(0, MOST);
  await Promise.all(slugs.filter((slug) => !known.has(slug)).map(learn));
  clearTimeout(slow);
  draw();
}

async function learn(slug) {
  try {
    known.set(slug, await factsOf(slug));
  } catch (error) {
    known.set(slug, error);
  }
}

function draw() {
  const slugs = shortlist();
  const asked = slugs.slice(0, MOST).filter((slug) => known.has(slug));
  const entries = asked.map((slug) => known.get(slug)).filter((one) => !(one instanceof Error));
  const gone = asked.filter((slug) => known.get(slug) instanceof Gone);
  const missing = asked.length - entries.length - gone.length;
  const empty = !slugs.length && !strangeCount();
  showParts({ read: true, empty, filled: entries.length > 0 });
  drawEntries(entries, press);
  drawNotes(notesOf({ gone, missing, beyond: slugs.length - MOST }));
  updateExports(entries, address());
}

/** Return what is to be said of what is not shown: gone, not fetched, too much, or taken off. */
function notesOf({ gone, missing, beyond }) {
  const lost = gone.length + strangeCount();
  return [
    ...(takenOff
      ? [
          {
            words: _("Taken off: %(title)s.", { title: takenOff.title }),
            offer: _("Put it back"),
            press: putBack,
          },
        ]
      : []),
    ...(lost
      ? [{ words: goneWords(lost), offer: _("Tidy the list"), press: () => tidy(gone) }]
      : []),
    ...(missing ? [{ words: missingWords(missing), offer: _("Try again"), press: tryAgain }] : []),
    ...(beyond > 0
      ? [
          {
            words: ngettext(
              "A list has room for %(num)s thing. These are the first.",
              "A list has room for %(num)s things. These are the first.",
              MOST,
            ),
          },
        ]
      : []),
  ];
}

function goneWords(count) {
  return ngettext(
    "One thing on your list is not here any more.",
    "%(num)s things on your list are not here any more.",
    count,
  );
}

function missingWords(count) {
  return ngettext(
    "One thing could not be fetched. Are you connected?",
    "%(num)s things could not be fetched. Are you connected?",
    count,
  );
}

const address = () => location.origin + location.pathname + fragmentOf(shortlist());

/** Move an entry past its neighbour, or take it off. */
function press(name, slug) {
  const slugs = shortlist();
  const at = slugs.indexOf(slug);
  if (name === "off") {
    takenOff = { slug, title: known.get(slug).title, at };
    setList(slugs.filter((one) => one !== slug));
  } else {
    takenOff = null;
    setList(moved(slugs, at, name === "up" ? -1 : 1));
  }
  focusAfter(name, name === "off" ? (shortlist()[at] ?? shortlist().at(-1)) : slug);
}

/** Return the list with an entry put past the next one that is shown in that direction. */
function moved(slugs, at, step) {
  let to = at + step;
  while (known.get(slugs[to]) instanceof Error) to += step;
  const rest = slugs.filter((slug) => slug !== slugs[at]);
  return [...rest.slice(0, to), slugs[at], ...rest.slice(to)];
}

function putBack() {
  const { slug, at } = takenOff;
  takenOff = null;
  const slugs = shortlist();
  setList([...slugs.slice(0, at), slug, ...slugs.slice(at)]);
  focusAfter("off", slug);
}

function tidy(gone) {
  setList(
    shortlist()
      .filter((slug) => !gone.includes(slug))
      .slice(0, MOST),
  );
  focusAfter("off", shortlist()[0]);
}

function tryAgain() {
  for (const [slug, one] of known)
    if (one instanceof Error && !(one instanceof Gone)) known.delete(slug);
  show();
}

// An address that brings another list has nothing to put back: before anything is drawn of it.
addEventListener(
  "hashchange",
  () => {
    if (readFragment(location.hash).slugs) takenOff = null;
  },
  { capture: true },
);
onChange(() => (shortlist().every((slug) => known.has(slug)) ? draw() : show()));
show();
