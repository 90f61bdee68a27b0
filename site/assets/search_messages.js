// What the search says: how much was found, under which heading, how far, and what to ask. Pure.

import { _, ngettext } from "./i18n.js";
import { dateWords, longDate } from "./search_cards.js";

const ALSO_AT_MOST = 2;
const MILE_KM = 1.609344;

/**
 * Return what the count says: "6 things within reach of WR1. We also looked for coffee morning."
 * @param {SearchResult} result
 */
export function countOf(result) {
  const also = result.hits.length ? result.also.slice(0, ALSO_AT_MOST).map(inSentence) : [];
  return [
    ...howMany(result),
    ...(result.place.known || result.place.offers.length ? [] : [unknownPlace(result.place.label)]),
    ...(result.place.town ? [townWords(result.place)] : []),
    ...(result.tooOld ? [tooOldWords(result.tooOld)] : []),
    ...(result.leftOut.length ? [leftOutWords(result.leftOut)] : []),
    ...(also.length ? [_("We also looked for %(words)s.", { words: together(also) })] : []),
  ].join(" ");
}

/** @param {SearchResult} result */
function howMany({ matching, may, some, place, hits, pages, world }) {
  if (world === "invented" && hits.length) {
    return [
      ngettext(
        "Nothing real found, but %(num)s made-up example.",
        "Nothing real found, but %(num)s made-up examples.",
        hits.length,
      ),
    ];
  }
  if (!(matching + may + some) && pages.length) {
    const count = pages.length;
    return [ngettext("%(num)s page about this.", "%(num)s pages about this.", count)];
  }
  if (!(matching + may + some)) return [nothingWords(place, hits)];
  const none = may
    ? _("We are not sure that any of these fit.")
    : _("Nothing fits all your words.");
  return [
    matching ? thingsWords(matching, place) : none,
    ...(may ? [ngettext("%(num)s more may fit: ask.", "%(num)s more may fit: ask.", may)] : []),
    ...(some ? [partly(some)] : []),
  ];
}

/** @param {number} count */
function partly(count) {
  return ngettext(
    "%(num)s more fits some of your words.",
    "%(num)s more fit some of your words.",
    count,
  );
}

/**
 * @param {number} count
 * @param {SearchPlace} place
 */
function thingsWords(count, { label, device, known }) {
  if (device) {
    return ngettext("%(num)s thing you can get to.", "%(num)s things you can get to.", count);
  }
  if (!label || !known) return ngettext("%(num)s thing.", "%(num)s things.", count);
  return ngettext(
    "%(num)s thing within reach of %(place)s.",
    "%(num)s things within reach of %(place)s.",
    count,
    { place: label },
  );
}

/**
 * @param {PlaceFilter} place
 * @param {SearchHit[]} hits
 */
function nothingWords({ label, device, known, within_km }, hits) {
  const away = hits.flatMap(({ fit }) => (fit.km === null ? [] : [fit]));
  if (label && known && away.length) {
    const nearest = away.reduce((best, fit) => (Number(fit.km) < Number(best.km) ? fit : best));
    return ngettext(
      "There is nothing within %(num)s mile of %(place)s. The nearest is %(distance)s away.",
      "There is nothing within %(num)s miles of %(place)s. The nearest is %(distance)s away.",
      Math.round(within_km / MILE_KM),
      { place: label, distance: distanceWords(nearest) },
    );
  }
  if (device) return _("We found nothing that you can get to.");
  if (!label || !known) return _("Nothing found.");
  return _("Nothing found within reach of %(place)s.", { place: label });
}

/** @param {string} place */
const unknownPlace = (place) =>
  _("We do not know a place called “%(place)s”, so we looked everywhere.", { place });
/** @param {SearchPlace} place */
const townWords = ({ label, town }) =>
  _("We measure from %(town)s, the main town of %(place)s, so distances are rough.", {
    town,
    place: label,
  });

/**
 * Return what stands over the places that may have been meant.
 * @param {SearchPlace} place
 */
export function offersLead({ label, known }) {
  if (known) return _("We looked near %(place)s. Did you mean somewhere else?", { place: label });
  return _(
    "Which place do you mean by “%(place)s”? Until you choose, we look everywhere. Did you mean:",
    { place: label },
  );
}

/** @param {string[]} words */
const leftOutWords = (words) =>
  _("We left out %(words)s.", { words: together(words.map((word) => `“${word}”`)) });

/** @param {number} count */
function tooOldWords(count) {
  return ngettext(
    "%(num)s more is not shown: nobody has checked it for a year.",
    "%(num)s more are not shown: nobody has checked them for a year.",
    count,
  );
}

/**
 * Return the heading of a group; none over those that nobody asked a place of.
 * @param {GroupName} group
 * @param {SearchPlace} place
 */
export function headingOf(group, { label, device }) {
  const place = label;
  /** @type {{ [group: string]: () => string }} */
  const headings = {
    near: () => (device ? _("Near you") : _("Near %(place)s", { place })),
    serves: () =>
      device
        ? _("Somewhere else, but open to people where you live")
        : _("Somewhere else, but open to people in %(place)s", { place }),
    comes: () => _("They come to you"),
    remote: () => _("Online or by phone"),
    further: () => _("Further away: the nearest we know of"),
  };
  return headings[group] ? headings[group]() : "";
}

/** Return the heading of what is invented: it never stands in a list with what is real. */
export const inventedHeading = () => _("From the invented example place");

/** @param {number} count */
export const inventedWords = (count) =>
  ngettext("%(num)s made-up example", "%(num)s made-up examples", count);

/** @param {string} place */
export const inventedMore = (place) => _("See more in %(place)s", { place });

/**
 * Return what stands under a heading: "3 fit, 4 more may: ask".
 * @param {FitCounts} counts
 */
export function groupWords({ matching, may, some }) {
  return [
    ...(matching ? [ngettext("%(num)s fits", "%(num)s fit", matching)] : []),
    ...(may ? [ngettext("%(num)s may fit: ask", "%(num)s may fit: ask", may)] : []),
    ...(some ? [ngettext("%(num)s comes close", "%(num)s come close", some)] : []),
  ].join(", ");
}

/**
 * Return how far away something is: "about 3 miles"; nothing where it is not known.
 * @param {Distance} distance
 */
export function distanceWords({ km, about }) {
  if (km === null) return "";
  const miles = km / MILE_KM;
  if (miles < 0.5) return about ? _("about half a mile") : _("under half a mile");
  const count = Math.max(1, Math.round(miles));
  return about
    ? ngettext("about %(num)s mile", "about %(num)s miles", count)
    : ngettext("%(num)s mile", "%(num)s miles", count);
}

/**
 * Return what to ask before one goes: "Ask: When is it on?"; nothing without any. Of a cost nobody
 * knows the card's own tag speaks.
 * @param {SearchDocuments} documents
 * @param {readonly string[]} facts
 */
export function askWords({ terms }, facts) {
  const ask = facts.filter((fact) => fact !== "free");
  if (!ask.length) return "";
  /** @type {{ [fact: string]: () => string }} */
  const questions = {
    when: () => _("When is it on?"),
    alone: () => _("May I come on my own?"),
    lift: () => _("Can somebody collect me?"),
    buddy: () => _("Can somebody meet me at the door?"),
    area: () => _("Do you come to where I am?"),
  };
  const labels = new Map(terms.access);
  /** @param {string} fact */
  const question = (fact) =>
    questions[fact]
      ? questions[fact]()
      : _("%(fact)s?", { fact: labels.get(fact.slice("access/".length)) || fact });
  return _("Ask: %(questions)s", { questions: ask.map(question).join(" ") });
}

/**
 * Return what is said of values from an old link that the directory does not know.
 * @param {string[]} names
 */
export function droppedWords(names) {
  /** @type {{ [name: string]: string }} */
  const fields = {
    kind: _("kind"),
    need: _("need"),
    day: _("day"),
    time: _("time of day"),
    way: _("way"),
    access: _("access"),
    promise: _("promise"),
    age: _("age"),
    language: _("language"),
    order: _("order"),
    within_km: _("distance"),
    near: _("position"),
    free: _("cost"),
    alone: _("coming alone"),
    lift: _("lift"),
    buddy: _("company at the door"),
    page: _("page"),
  };
  const labels = names.map((name) => fields[name] || name);
  return _("We do not know what the link says about: %(fields)s. We left it out.", {
    fields: labels.join(", "),
  });
}

/**
 * Return what words were understood as, in the words of the form: "Saturday or Sunday".
 * @param {Understood} understood
 * @param {(field: string, value: string) => string} labelOf
 * @param {number} now
 */
export function understoodWords({ filters }, labelOf, now) {
  /** @type {{ [field: string]: string }} */
  const fields = { days: "day", times: "time", ways: "way" };
  const dates = filters.filter(([field]) => field === "dates");
  /** @param {string} date */
  const dateOf = (date) => (dates.length > 1 ? longDate(date) : dateWords(date, now));
  /** @type {Map<string, string[]>} */
  const byField = new Map();
  for (const [field, value] of filters) {
    const label =
      field === "someone_else"
        ? _("For somebody else")
        : field === "dates"
          ? dateOf(value)
          : labelOf(fields[field] ?? field, value);
    byField.set(field, [...(byField.get(field) ?? []), label]);
  }
  const lists = [...byField.values()].map((labels) => either(labels.filter(Boolean)));
  return lists.filter(Boolean).join(", ");
}

/** @param {string[]} list */
function either(list) {
  if (list.length < 2) return list.join("");
  const [last] = list.slice(-1);
  return _("%(first)s or %(last)s", { first: list.slice(0, -1).join(", "), last });
}

/**
 * Return a label as it stands inside a sentence: small first letter, but "LGBT+" as it is.
 * @param {string} label
 */
function inSentence(label) {
  return /^.\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}

/** @param {string[]} list */
function together(list) {
  if (list.length < 2) return list.join("");
  const [last] = list.slice(-1);
  return _("%(first)s and %(last)s", { first: list.slice(0, -1).join(", "), last });
}
