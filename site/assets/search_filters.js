// The facts a question asks for, joined by "and", as api/search/filters.py reads them: what holds,
// what does not, and what nobody wrote down and must be asked. Pure.

import { LIMITS } from "./search_constants.js";
import { isLeft, isOnDate, partsOf, sessionsOf } from "./search_dates.js";
import { DAYS, PARTS, slotOf, WAYS } from "./search_terms.js";

const ANY_AGE = [0, LIMITS.age];
const YES_NO_FACTS = /** @type {const} */ (["free", "alone", "lift", "buddy"]);
/** @type {readonly string[]} */
const NOTHING = Object.freeze([]);

/** @typedef {[name: string, ofRow: (row: number) => string]} KnownFact */

/**
 * Return a function from a row to what must be asked of it ("free", "when", "access/step-free"):
 * an empty list where all is known to hold, null where something does not.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {(row: number) => readonly string[] | null}
 */
export function askingOf(library, question, now) {
  const fits = fixedOf(library, question);
  const known = knownOf(library.documents, question, now);
  return (row) => {
    if (!fits.every((holds) => holds(row))) return null;
    if (!known.length) return NOTHING;
    const facts = known.map(([name, ofRow]) => [name, ofRow(row)]);
    if (facts.some(([, value]) => value === "n")) return null;
    return facts.filter(([, value]) => value === "u").map(([name]) => name);
  };
}

/**
 * Return the filters that know no "unknown", as functions of a row.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @returns {((row: number) => boolean)[]}
 */
function fixedOf({ documents }, question) {
  const { terms } = documents;
  const { kind, need, ways = [], promises = [], language, age } = question;
  const asked = age === undefined || age === null || age === "" ? null : Number(age);
  const wanted = ways.map((way) => String(WAYS.indexOf(way)));
  const promised = promises.map((slug) => terms.promises.indexOf(slug));
  /** @type {[isAsked: unknown, holds: (row: number) => boolean][]} */
  const filters = [
    [kind, has(documents.kinds, numbered(terms.kinds, kind))],
    [need, hasNeed(documents, numbered(terms.needs, need))],
    [wanted.length, (row) => wanted.some((way) => documents.ways[row].includes(way))],
    [
      promised.length,
      (row) => promised.every((promise) => documents.promises[row].includes(promise)),
    ],
    [asked !== null, (row) => isWithin(documents.ages[row], Number(asked))],
    [language, speaks(documents, language)],
  ];
  return filters.filter(([isAsked]) => isAsked).map(([, holds]) => holds);
}

/** @type {(list: [slug: string, ...unknown[]][], slug?: string) => number} */
const numbered = (list, slug) => list.findIndex(([other]) => other === slug);
/** @type {(column: number[][], number: number) => (row: number) => boolean} */
const has = (column, number) => (row) => column[row].includes(number);

/**
 * A need is met by the entries that name it, and by those of the kinds that often help.
 * @param {SearchDocuments} documents
 * @param {number} need
 * @returns {(row: number) => boolean}
 */
function hasNeed({ terms, needs, kinds }, need) {
  const helping = need < 0 ? [] : terms.needs[need][3];
  return (row) => needs[row].includes(need) || kinds[row].some((kind) => helping.includes(kind));
}

/**
 * @param {string} limits
 * @param {number} age
 */
function isWithin(limits, age) {
  if (!limits) return age >= ANY_AGE[0] && age <= ANY_AGE[1];
  const [youngest, oldest] = limits.split("-").map((limit, at) => Number(limit) || ANY_AGE[at]);
  return youngest <= age && age <= oldest;
}

/**
 * Nobody writes down that English is spoken.
 * @param {SearchDocuments} documents
 * @param {string} language
 * @returns {(row: number) => boolean}
 */
function speaks({ terms, languages }, language = "") {
  const sought = language.toLowerCase();
  const same = terms.languages.map((name) => name.toLowerCase() === sought);
  return (row) => {
    const spoken = languages[row];
    return spoken.length ? spoken.some((number) => same[number]) : sought === "english";
  };
}

/**
 * Return each fact asked for, with what is known of it in a row: y, n or u.
 * @param {SearchDocuments} documents
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {KnownFact[]}
 */
function knownOf(documents, question, now) {
  const { days = [], dates = [], times = [], access = [] } = question;
  const asksWhen = days.length || dates.length || times.length;
  const facts = YES_NO_FACTS.filter((name) => question[name]);
  const slugs = documents.terms.access.map(([slug]) => slug);
  return [
    ...(asksWhen ? [fact("when", isOn(documents, { days, dates, times, now }))] : []),
    ...facts.map((name) => fact(name, (row) => documents[name][row])),
    ...access.map((slug) => {
      const at = slugs.indexOf(slug);
      return fact(`access/${slug}`, (row) => documents.access[row][at] || "n");
    }),
  ];
}

/** @type {(name: string, ofRow: (row: number) => string) => KnownFact} */
const fact = (name, ofRow) => [name, ofRow];

/**
 * Say whether it can be on, on one of the days or dates at one of the times.
 * @param {SearchDocuments} documents
 * @param {{ days: string[], dates: string[], times: string[], now: number }} asked
 * @returns {(row: number) => string}
 */
function isOn(documents, { days, dates, times, now }) {
  const tests = [
    ...(dates.length ? [isOnDates(documents, { dates, times, now })] : []),
    ...(days.length || !dates.length ? [isOnDays(documents, days, times)] : []),
  ];
  return (row) => {
    const known = tests.map((test) => test(row));
    return known.includes("y") ? "y" : known.includes("u") ? "u" : "n";
  };
}

/**
 * Say whether a session that is not over is held on a date; one whose day is not known may be.
 * @param {SearchDocuments} documents
 * @param {{ dates: string[], times: string[], now: number }} asked
 * @returns {(row: number) => string}
 */
function isOnDates(documents, { dates, times, now }) {
  const wanted = times.map((part) => PARTS.indexOf(part) + 1);
  return (row) => {
    const onDate = sessionsOf(documents, row).filter(
      (session) => isLeft(session, now) && isOnDate(session, dates),
    );
    const parts = onDate.flatMap(partsOf);
    if (parts.length && (!times.length || parts.some((part) => wanted.includes(part)))) return "y";
    const letters = [...documents.slots[row]];
    const mayBe = letters.some((letter) => !slotOf(letter).day && slotFits(letter, [], times));
    return mayBe || !letters.length || parts.includes(0) ? "u" : "n";
  };
}

/**
 * Say whether it can be on, on one of the days at one of the times: both in one slot.
 * @param {SearchDocuments} documents
 * @param {string[]} days
 * @param {string[]} times
 * @returns {(row: number) => string}
 */
function isOnDays({ slots }, days, times) {
  return (row) => {
    let best = slots[row] ? "n" : "u";
    for (const letter of slots[row]) {
      if (!slotFits(letter, days, times)) continue;
      const { day, part } = slotOf(letter);
      if ((day || !days.length) && (part || !times.length)) return "y";
      best = "u";
    }
    return best;
  };
}

/**
 * Say whether a slot is not ruled out by the days and times asked for; no days are any day.
 * @param {string} letter
 * @param {string[]} days
 * @param {string[]} times
 */
export function slotFits(letter, days, times) {
  const { day, part } = slotOf(letter);
  const dayFits = !days.length || !day || days.includes(DAYS[day - 1]);
  return dayFits && (!times.length || !part || times.includes(PARTS[part - 1]));
}
