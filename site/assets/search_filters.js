// The filters of a question, joined by "and"; several ways are joined by "or". Pure.

import { DAYS, WAYS } from "./search_terms.js";

/** Return a function that says whether a row passes all filters of the question. */
export function filterOf({ documents, rows }, question, place) {
  const { kinds, needs } = documents.terms;
  const numbered = (list, slug) => list.findIndex(([one]) => one === slug);
  const ways = question.ways || [];
  const asked = [
    place.keys,
    question.kind ? [`kind/${numbered(kinds, question.kind)}`] : [],
    question.need ? needKeys(needs, numbered(needs, question.need)) : [],
    question.day ? [`day/${DAYS.indexOf(question.day)}`] : [],
    question.free ? ["free"] : [],
    ways.map((way) => `way/${WAYS.indexOf(way)}`),
  ].filter((keys) => keys.length);
  const sets = asked.map((keys) => new Set(keys.flatMap((key) => rows.get(key) || [])));
  return (row) => sets.every((set) => set.has(row));
}

/** Return the keys of a need: the entries that name it, and those of the kinds that often help. */
function needKeys(needs, need) {
  const kinds = need < 0 ? [] : needs[need][3];
  return [`need/${need}`, ...kinds.map((kind) => `kind/${kind}`)];
}
