// The filters of a question, joined by "and", and the place as people write it: a name (misspelt
// too), an outward code, or a whole postcode whose second half is dropped. Pure.

import { phrasesIn } from "./search_phrases.js";
import { DAYS, WAYS } from "./search_terms.js";
import { outwardCode, stems } from "./search_text.js";

/** Return a function that says whether a row passes all filters of the question. */
export function filterOf(library, question, place) {
  const { kinds, needs } = library.documents.terms;
  const numbered = (list, slug) => list.findIndex(([one]) => one === slug);
  const need = numbered(needs, question.need);
  const sets = [
    place.known && place.key && [place.key],
    question.kind && [`kind/${numbered(kinds, question.kind)}`],
    question.need && [`need/${need}`, ...(needs[need] || [[], [], [], []])[3].map((kind) => `kind/${kind}`)],
    question.day && [`day/${DAYS.indexOf(question.day)}`],
    question.free && ["free"],
    question.ways && question.ways.length && question.ways.map((way) => `way/${WAYS.indexOf(way)}`),
  ]
    .filter(Boolean)
    .map((keys) => new Set(keys.flatMap((key) => library.rows.get(key) || [])));
  return (row) => sets.every((set) => set.has(row));
}

/**
 * Return the place as understood: {label, key, known}. Without a text the label is empty. An
 * unknown place filters nothing, and the page says so.
 */
export function placeOf(library, text) {
  const code = outwardCode(text);
  if (code) return { label: code, key: `code/${code}`, known: library.rows.has(`code/${code}`) };
  const all = stems(text);
  if (!all.length) return { label: text.trim(), key: "", known: !text.trim() };
  const sought = { all, stems: all };
  const key = nameKey(library, sought, 0) || nameKey(library, sought, 2 ** all.length - 1);
  const area = library.documents.terms.areas[Number(key.slice("area/".length))];
  return key ? { label: area[0], key, known: true } : { label: text.trim(), key, known: false };
}

/** Return the key of the area whose name the text holds; the narrowest, where it names several. */
function nameKey(library, sought, forgiven) {
  const found = phrasesIn(library, sought, forgiven)
    .map(({ phrase, match }) => ({ key: phrase.leads[0][0], match }))
    .filter(({ key, match }) => key.startsWith("area/") && match.share);
  const whole = found.filter(({ match }) => match.whole);
  const narrower = (a, b) => depth(library, b.key) - depth(library, a.key);
  const best = whole.length ? whole.sort(narrower)[0] : found[0];
  return best ? best.key : "";
}

function depth(library, key) {
  const areas = library.documents.terms.areas;
  let steps = 0;
  for (let at = Number(key.slice("area/".length)); at >= 0 && steps < areas.length; steps += 1) {
    at = areas[at][1];
  }
  return steps;
}
