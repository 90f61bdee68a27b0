// The closed lists in the browser, and the documents (rows) that belong to each term. Pure.

import { chainsOf } from "./search_places.js";

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const PARTS = ["morning", "afternoon", "evening"];
export const WAYS = ["in person", "online", "by phone", "comes to you"];

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
 * Return the rows of each term, by key ("kind/3", "code/WR1", "day/1", "free"). "at/0" has what is
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
