// A question and the address that asks it. Names are those of the form and of GET /search; what
// stands in an old link and means nothing any more is left out, and named. Pure.

import { LIMITS } from "./search_constants.js";
import { dateFrom, londonDate } from "./search_dates.js";
import { pointOf } from "./search_places.js";
import { DAYS, PARTS, WAYS } from "./search_terms.js";

/** @type {{ [name: string]: number }} */
const TEXTS = { q: LIMITS.q_characters, place: LIMITS.place_characters };
const YES = ["free", "alone", "lift", "buddy", "soon"];
const ORDERS = ["soonest", "nearest", "best"];
/** @type {{ [name: string]: string }} */
const LISTS = { day: "days", time: "times", way: "ways", access: "access", promise: "promises" };
const AS_TYPED = 8; // words of a link that are not to be understood as filters

/**
 * Return {question, page, dropped: names of fields} of an address (URLSearchParams).
 * @param {SearchTerms} terms
 * @param {URLSearchParams} address
 */
export function questionOf(terms, address) {
  /** @type {{ [field: string]: string | string[] }} */
  const question = {};
  /** @type {Set<string>} */
  const dropped = new Set();
  for (const [name, length] of Object.entries(TEXTS)) {
    question[name] = (address.get(name) || "").trim().slice(0, length);
  }
  for (const [name, stands] of Object.entries(single(terms))) {
    const value = (address.get(name) || "").trim();
    question[name] = !value || stands(value) ? value : "";
    if (value && !question[name]) dropped.add(name);
  }
  for (const [name, known] of Object.entries(several(terms))) {
    const values = address.getAll(name).filter(Boolean);
    question[LISTS[name]] = [...new Set(values)].filter((value) => known.includes(value));
    if (values.some((value) => !known.includes(value))) dropped.add(name);
  }
  const asTyped = address.getAll("as_typed").map((words) => words.slice(0, LIMITS.q_characters));
  question.as_typed = asTyped.filter(Boolean).slice(0, AS_TYPED);
  const page = address.get("page") || "1";
  if (!/^[1-9]\d{0,5}$/.test(page)) dropped.add("page");
  return { question, page: dropped.has("page") ? 1 : Number(page), dropped: [...dropped] };
}

/**
 * Return, for each field with one value, what says whether a value stands.
 * @param {SearchTerms} terms
 * @returns {{ [field: string]: (value: string) => boolean }}
 */
function single(terms) {
  /** @type {(list: string[]) => (value: string) => boolean} */
  const oneOf = (list) => (value) => list.includes(value);
  /** @type {(terms: [slug: string, ...unknown[]][]) => (value: string) => boolean} */
  const slugs = (terms) => oneOf(terms.map(([slug]) => slug));
  /** @type {(most: number) => (value: string) => boolean} */
  const upTo = (most) => (value) => /^\d{1,3}$/.test(value) && Number(value) <= most;
  const spoken = ["english", ...terms.languages.map((name) => name.toLowerCase())];
  return {
    kind: slugs(terms.kinds),
    need: slugs(terms.needs),
    ...Object.fromEntries(YES.map((name) => [name, oneOf(["yes"])])),
    language: (value) => spoken.includes(value.toLowerCase()),
    order: oneOf(ORDERS),
    age: upTo(LIMITS.age),
    within_km: upTo(LIMITS.within_km),
    near: (value) => pointOf(value) !== null,
  };
}

/**
 * @param {SearchTerms} terms
 * @returns {{ [field: string]: string[] }}
 */
function several(terms) {
  return {
    day: DAYS,
    time: PARTS,
    way: WAYS,
    access: terms.access.map(([slug]) => slug),
    promise: terms.promises,
  };
}

/**
 * Return the address of a question, "?kind=choir" or nothing. Where a device is (`near`) never
 * stands in it: an address is shared, and kept in the browser's history.
 * @param {SearchQuestion} question
 * @param {number} page
 */
export function addressOf(question, page = 1) {
  const fields = /** @type {{ [field: string]: any }} */ (question);
  const pairs = [
    ...Object.keys(TEXTS),
    "kind",
    "need",
    ...YES,
    "language",
    "age",
    "within_km",
    "order",
  ]
    .filter((name) => fields[name])
    .map((name) => [name, String(fields[name])]);
  const lists = Object.entries(LISTS).flatMap(([name, many]) =>
    (fields[many] || []).map((/** @type {string} */ value) => [name, value]),
  );
  for (const words of question.as_typed ?? []) lists.push(["as_typed", words]);
  const turned = page > 1 ? [["page", String(page)]] : [];
  const text = new URLSearchParams([...pairs, ...lists, ...turned]).toString();
  return text && `?${text}`;
}

/**
 * Return the question with "today or tomorrow" as dates in London.
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {SearchQuestion}
 */
export function withDatesOf(question, now) {
  if (!question.soon) return question;
  const today = londonDate(now);
  return { ...question, soon: "", dates: [today, dateFrom(today, "1")] };
}
