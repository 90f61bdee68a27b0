// The facts a question asks for, joined by "and", as api/search/filters.py reads them: what holds,
// what does not, and what nobody wrote down and must be asked. Pure.

import { LIMITS } from "./search_constants.js";
import { DAYS, PARTS, slotOf, WAYS } from "./search_terms.js";

const ANY_AGE = [0, LIMITS.age];
const NOTHING = Object.freeze([]);

/**
 * Return a function from a row to what must be asked of it ("free", "when", "access/step-free"):
 * an empty list where all is known to hold, null where something does not.
 */
export function askingOf(library, question) {
  const fits = fixedOf(library, question);
  const known = knownOf(library.documents, question);
  return (row) => {
    if (!fits.every((holds) => holds(row))) return null;
    if (!known.length) return NOTHING;
    const found = known.map(([name, of]) => [name, of(row)]);
    if (found.some(([, one]) => one === "n")) return null;
    return found.filter(([, one]) => one === "u").map(([name]) => name);
  };
}

/** Return the filters that know no "unknown", as functions of a row. */
function fixedOf({ documents }, question) {
  const { terms } = documents;
  const { kind, need, ways = [], promises = [], language, age } = question;
  const asked = age === undefined || age === null || age === "" ? null : Number(age);
  const wanted = ways.map((way) => String(WAYS.indexOf(way)));
  const promised = promises.map((slug) => terms.promises.indexOf(slug));
  const filters = [
    [kind, has(documents.kinds, numbered(terms.kinds, kind))],
    [need, hasNeed(documents, numbered(terms.needs, need))],
    [wanted.length, (row) => wanted.some((way) => documents.ways[row].includes(way))],
    [promised.length, (row) => promised.every((one) => documents.promises[row].includes(one))],
    [asked !== null, (row) => isWithin(documents.ages[row], asked)],
    [language, speaks(documents, language)],
  ];
  return filters.filter(([isAsked]) => isAsked).map(([, holds]) => holds);
}

const numbered = (list, slug) => list.findIndex(([one]) => one === slug);
const has = (column, number) => (row) => column[row].includes(number);

/** A need is met by the entries that name it, and by those of the kinds that often help. */
function hasNeed({ terms, needs, kinds }, need) {
  const helping = need < 0 ? [] : terms.needs[need][3];
  return (row) => needs[row].includes(need) || kinds[row].some((kind) => helping.includes(kind));
}

function isWithin(limits, age) {
  if (!limits) return age >= ANY_AGE[0] && age <= ANY_AGE[1];
  const [youngest, oldest] = limits.split("-").map((one, at) => Number(one) || ANY_AGE[at]);
  return youngest <= age && age <= oldest;
}

/** Nobody writes down that English is spoken. */
function speaks({ terms, languages }, language = "") {
  const sought = language.toLowerCase();
  const same = terms.languages.map((name) => name.toLowerCase() === sought);
  return (row) => {
    const spoken = languages[row];
    return spoken.length ? spoken.some((one) => same[one]) : sought === "english";
  };
}

/** Return each fact asked for, with what is known of it in a row: y, n or u. */
function knownOf(documents, question) {
  const { days = [], times = [], access = [] } = question;
  const facts = ["free", "alone", "lift", "buddy"].filter((name) => question[name]);
  const slugs = documents.terms.access.map(([slug]) => slug);
  return [
    ...(days.length || times.length ? [["when", isOn(documents, days, times)]] : []),
    ...facts.map((name) => [name, (row) => documents[name][row]]),
    ...access.map((slug) => {
      const at = slugs.indexOf(slug);
      return [`access/${slug}`, (row) => documents.access[row][at] || "n"];
    }),
  ];
}

/** Say whether it can be on, on one of the days at one of the times: both in one slot. */
function isOn({ slots }, days, times) {
  const onDays = new Set(days.map((day) => DAYS.indexOf(day) + 1));
  const atTimes = new Set(times.map((part) => PARTS.indexOf(part) + 1));
  const fits = (asked, one) => !asked.size || asked.has(one);
  return (row) => {
    let best = slots[row] ? "n" : "u";
    for (const letter of slots[row]) {
      const { day, part } = slotOf(letter);
      const [dayFits, partFits] = [fits(onDays, day), fits(atTimes, part)];
      if (dayFits && partFits) return "y";
      if ((dayFits || !day) && (partFits || !part)) best = "u";
    }
    return best;
  };
}
