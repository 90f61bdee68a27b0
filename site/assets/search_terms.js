// The closed lists in the browser: what people type for a kind, a need, a place, a day or a way,
// and the documents (rows) that belong to each. Pure.

import { IN_BROWSER } from "./search_constants.js";
import { areasOfCode, chainsOf } from "./search_places.js";
import { FILLERS, stems } from "./search_text.js";

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const PARTS = ["morning", "afternoon", "evening"];
export const WAYS = ["in person", "online", "by phone", "comes to you"];
const WEIGHTS = IN_BROWSER.concepts;

/**
 * Return {day, part} of a slot's letter, each counted from 1; 0 is not known.
 * @param {string} letter
 */
export function slotOf(letter) {
  const number = parseInt(letter, 36);
  const parts = PARTS.length + 1;
  return { day: Math.floor(number / parts), part: number % parts };
}

/**
 * Return the phrases of all closed lists, and for each word the numbers of those `having` it.
 * @param {SearchTerms} terms
 * @returns {Lexicon}
 */
export function lexiconOf(terms) {
  const phrases = [...phrasesOf(terms)].flat();
  /** @type {Map<string, number[]>} */
  const having = new Map();
  phrases.forEach(({ needed }, at) => {
    for (const word of needed) having.set(word, [...(having.get(word) || []), at]);
  });
  return { phrases, having };
}

/**
 * Yield every phrase: the words `needed`, where it `leads` (key of rows and weight), and the
 * labels to speak of. A phrase of two words comes a second time, written as one. `loose`: one of
 * its words leads there too, but less.
 * @param {SearchTerms} terms
 * @returns {Generator<Phrase[], void>}
 */
function* phrasesOf(terms) {
  for (const [at, [, label, aliases]] of terms.kinds.entries()) {
    /** @type {Lead[]} */
    const leads = [[`kind/${at}`, WEIGHTS.kind]];
    yield phrase(label, leads, [label], true);
    for (const alias of aliases) yield phrase(alias, leads, [label]);
  }
  for (const [at, [, label, aliases, kinds]] of terms.needs.entries()) {
    const often = kinds.map((kind, order) => lead(`kind/${kind}`, WEIGHTS.need - order / 2));
    /** @type {Lead[]} */
    const leads = [[`need/${at}`, WEIGHTS.need], ...often];
    const labels = kinds.slice(0, 2).map((kind) => terms.kinds[kind][1]);
    for (const text of [label, ...aliases]) yield phrase(text, leads, labels);
  }
  for (const [at, [name]] of terms.areas.entries()) {
    yield phrase(
      name,
      [
        [`area/${at}`, WEIGHTS.place],
        [`at/${at}`, WEIGHTS.place],
      ],
      [],
      true,
    );
  }
  for (const code of new Set(terms.areas.flatMap(([, , codes]) => codes))) {
    const areas = areasOfCode(terms.areas, code).map((area) => lead(`area/${area}`, WEIGHTS.place));
    yield phrase(code, [[`code/${code}`, WEIGHTS.outward_code], ...areas], []);
  }
  for (const [at, day] of DAYS.entries()) yield phrase(day, [[`day/${at}`, WEIGHTS.day]], []);
  for (const [at, way] of WAYS.entries()) yield phrase(way, [[`way/${at}`, WEIGHTS.way]], []);
  yield phrase("free", [["free", WEIGHTS.free]], []);
}

/** @type {(key: string, weight: number) => Lead} */
const lead = (key, weight) => [key, weight];

/**
 * @param {string} text
 * @param {Lead[]} leads
 * @param {string[]} labels
 * @param {boolean} loose
 * @returns {Phrase[]}
 */
function phrase(text, leads, labels, loose = false) {
  const all = stems(text);
  const content = all.filter((word) => !FILLERS.has(word));
  const needed = content.length > 1 ? content : all;
  const written = { needed, leads, labels, loose };
  if (needed.length !== 2) return [written];
  return [written, { ...written, needed: [needed.join("")], loose: false }];
}

/**
 * Return the rows of each term, by key ("kind/3", "code/ZZ3", "day/1", "free"). "at/0" has what is
 * held in an area, "area/0" what is for people there: also what serves it, a part of it, or all
 * around it.
 * @param {SearchDocuments} documents
 */
export function rowsOf(documents) {
  /** @type {Map<string, number[]>} */
  const rows = new Map();
  const reach = reachOf(documents.terms.areas);
  for (let row = 0; row < documents.titles.length; row += 1) {
    for (const key of new Set(keysOf(documents, row, reach))) {
      const having = rows.get(key) ?? [];
      rows.set(key, having);
      having.push(row);
    }
  }
  return rows;
}

/**
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {{ at: string[][], served: string[][] }} reach
 */
function* keysOf(documents, row, reach) {
  for (const kind of documents.kinds[row]) yield `kind/${kind}`;
  for (const need of documents.needs[row]) yield `need/${need}`;
  for (const area of documents.places[row]) yield* reach.at[area];
  for (const area of documents.served[row]) yield* reach.served[area];
  for (const code of documents.codes[row].split(" ")) yield `code/${code}`;
  for (const letter of documents.slots[row]) {
    const { day } = slotOf(letter);
    if (day) yield `day/${day - 1}`;
  }
  for (const way of documents.ways[row]) yield `way/${way}`;
  if (documents.free[row] === "y") yield "free";
}

/**
 * Return, per area, the keys of what is held `at` it and of what it is `served` by.
 * @param {AreaTerm[]} areas
 */
function reachOf(areas) {
  const chains = chainsOf(areas);
  /** @param {number} area */
  const within = (area) => [...areas.keys()].filter((other) => chains[other].includes(area));
  return {
    at: chains.map((chain) => chain.flatMap((area) => [`at/${area}`, `area/${area}`])),
    served: chains.map((chain, at) => [...chain, ...within(at)].map((area) => `area/${area}`)),
  };
}
