// What the words of a question stand for in the closed lists: "my husband died" leads to a need,
// "cofee mornng" to a kind, "temeford" to a place. Pure.

import { spelling, stems, swaps } from "./search_text.js";

const PREFIX_SLACK = 2; // the first half of a phrase written as one is not the phrase
const GUESSED = 0.6; // what a misspelt phrase is worth beside the right one
const LOOSE = 0.4; // and one word of a name ("cafe") beside the name ("repair cafe")

/**
 * Return the rows the question's phrases lead to, each as {rows, bits, exact, score}; `known`, the
 * bits of words that stand in a phrase as typed; and the labels `also` looked for.
 */
export function leadsOf(library, sought, forgiven) {
  const found = new Map();
  const hits = phrasesIn(library, sought, forgiven);
  for (const { phrase, match } of hits.filter(({ match }) => match.share)) {
    for (const [key, weight] of phrase.leads) lead(found, key, match, weight);
  }
  return {
    leads: [...found].map(([key, one]) => ({ ...one, ...rowsAndScore(library, key, one) })),
    known: hits.reduce((mask, { match }) => mask | match.exact, 0),
    also: alsoLookedFor(sought, hits.filter(({ match }) => match.whole)),
  };
}

/** Return the labels that whole phrases stand for, but of "coffee morning" not those of "coffee". */
function alsoLookedFor(sought, hits) {
  const within = (a, b) => a.bits !== b.bits && (a.bits & b.bits) === a.bits;
  const longest = hits.filter(({ match }) => !hits.some((other) => within(match, other.match)));
  const labels = new Set(longest.flatMap(({ phrase }) => phrase.labels));
  return [...labels].filter((label) => !stems(label).every((word) => sought.all.includes(word)));
}

/** Return the phrases that share a word with the question, best first, and how they match it. */
export function phrasesIn(library, sought, forgiven) {
  const sources = sourcesOf(sought);
  const loose = [...sources.keys()].filter((term) => sources.get(term).bits & forgiven);
  const query = [...sources.keys()].join(" ");
  for (const term of loose) {
    for (const other of swaps(term)) {
      if (!sources.has(other)) sources.set(other, { ...sources.get(term), swapped: true });
    }
  }
  const { index, phrases } = library.lexicon;
  const hits = index.search(query, spelling(loose));
  return hits.map((hit) => ({ phrase: phrases[hit.id], match: matched(phrases[hit.id], hit, sources) }));
}

/** Return what is looked up: each word, and each pair of neighbours written as one ("wood work"). */
function sourcesOf({ all, stems: meaningful }) {
  const bit = (word) => (meaningful.includes(word) ? 1 << meaningful.indexOf(word) : 0);
  const sources = new Map(all.map((word, at) => [word, { places: 1 << at, bits: bit(word) }]));
  all.slice(1).forEach((word, at) => {
    const pair = all[at] + word;
    if (sources.has(pair) || !bit(all[at]) || !bit(word)) return;
    sources.set(pair, { places: 3 << at, bits: bit(all[at]) | bit(word) });
  });
  return sources;
}

function matched(phrase, hit, sources) {
  const used = hit.queryTerms.map((term) => sources.get(term));
  const bits = used.reduce((mask, { bits }) => mask | bits, 0);
  const places = used.reduce((mask, { places }) => mask | places, 0);
  const literal = (word) => sources.has(word) && !sources.get(word).swapped;
  const typed = [...phrase.needed, phrase.joined].filter(literal);
  const exact = typed.reduce((mask, word) => mask | sources.get(word).bits, 0);
  const whole =
    asOneWord(phrase.joined, hit) ||
    (phrase.needed.every((word) => hit.terms.includes(word)) && bitsIn(places) >= phrase.needed.length);
  const asTyped = phrase.needed.every(literal) || literal(phrase.joined);
  const part = phrase.loose ? (LOOSE * hit.terms.length) / phrase.needed.length : 0;
  return { bits, exact, whole, share: whole ? (asTyped ? 1 : GUESSED) : part };
}

function asOneWord(joined, hit) {
  if (!joined || !hit.terms.includes(joined)) return false;
  return hit.queryTerms.some((term) => Math.abs(term.length - joined.length) <= PREFIX_SLACK);
}

function lead(found, key, match, weight) {
  const one = found.get(key) || { bits: 0, exact: 0, weight: 0 };
  const worth = weight * match.share * Math.max(1, bitsIn(match.bits));
  found.set(key, {
    bits: one.bits | match.bits,
    exact: one.exact | match.exact,
    weight: Math.max(one.weight, worth),
  });
}

/** Return a key's rows and a score beside which MiniSearch's BM25 scores are of the same size. */
function rowsAndScore(library, key, { weight }) {
  const rows = library.rows.get(key) || [];
  const rarity = Math.log(1 + (library.count - rows.length + 0.5) / (rows.length + 0.5));
  return { rows, score: weight * 1.5 * rarity };
}

/** Return how many bits of a mask are set. */
export function bitsIn(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count += 1;
  return count;
}
