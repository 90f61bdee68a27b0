// What a word is, and how far a misspelt one may stray. Pure; shared by the page and the index
// builder, so that a word is cut the same way when it is stored and when it is sought.

import { FOLDING, SPELLING } from "./search_constants.js";

const MARKS = /\p{M}+/gu;
const APOSTROPHES = /['\u2018\u2019\u201b\u2032`\u00b4\u02b9\u02bb\u02bc\uff07]/g;
const INVISIBLE = /[\u00ad\u200c\u200d\u2060\ufeff]/g; // soft hyphens, joiners
/** @type {Map<string, string>} */
const LETTERS = new Map(Object.entries(FOLDING.letters));
const LETTER = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "g");
const WORDS = /[\p{L}\p{N}]+/gu;
const POSTCODE = /\b([a-z]{1,2}[0-9][a-z0-9]?) ?[0-9][a-z]{2}\b/gi;
const OUTWARD_CODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const ANY_DIGIT = /\p{N}/u;

export const FILLERS = new Set(SPELLING.small_words.split(" "));

/**
 * Return a text as it is compared: small letters, no accents, apostrophes or ligatures; "&" is
 * "and". The same as `fold` in catalogue/model/text.py, held to the same vectors.
 * @param {string} text
 */
export function fold(text) {
  const plain = text.replace(APOSTROPHES, "").replaceAll("&", " and ").replace(INVISIBLE, "");
  const unmarked = plain.normalize("NFKD").replace(MARKS, "").toLowerCase();
  const letters = unmarked.replace(LETTER, (letter) => LETTERS.get(letter) ?? letter);
  return letters.replace(APOSTROPHES, "");
}

/**
 * Return the words of a text in order, folded.
 * @param {string} text
 */
export function words(text) {
  return fold(text).match(WORDS) || [];
}

/**
 * Return the stems of a text, each once: a plural is stored and sought as its singular.
 * @param {string} text
 */
export function stems(text) {
  return [...new Set(words(text).map(stem))];
}

/**
 * Return a word without the s of its plural; no other ending is touched.
 * @param {string} word
 */
export function stem(word) {
  if (word.length < 4 || !word.endsWith("s") || /(ss|us|is)$/.test(word)) return word;
  return /[^ae]ies$/.test(word) ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}

/**
 * Return the query with every postcode cut to its outward half: the rest says too much.
 * @param {string} query
 */
export function withoutInwardCodes(query) {
  return query.replace(POSTCODE, "$1");
}

/**
 * Return "ZZ3" of "zz3 1aa" or "ZZ3"; nothing where the text is no postcode.
 * @param {string} text
 */
export function outwardCode(text) {
  const tidy = withoutInwardCodes(text.trim()).toUpperCase();
  return OUTWARD_CODE.test(tidy) ? tidy : "";
}

/**
 * Return the outward code of the first whole postcode in a text, or of one that stands alone.
 * @param {string} text
 */
export function codeWithin(text) {
  const whole = new RegExp(POSTCODE.source, "i").exec(text);
  return whole ? whole[1].toUpperCase() : outwardCode(text);
}

/**
 * Return the words that carry meaning; all of them where none does ("something to do").
 * @param {string[]} list
 */
export function withoutFillers(list) {
  const kept = list.filter((word) => !FILLERS.has(word));
  return kept.length ? kept : list;
}

/**
 * Return how many letters of a word may be wrong: none in short words and in numbers.
 * @param {string} word
 */
export function tolerance(word) {
  if (word.length < SPELLING.one_slip_from || ANY_DIGIT.test(word)) return 0;
  return word.length < SPELLING.two_slips_from ? 1 : 2;
}

/**
 * Return how many slips part two words: a letter more, less, other, or two in the wrong order. It
 * stops counting beyond `most`, and says Infinity.
 * @param {string} a
 * @param {string} b
 * @param {number} most
 */
export function slips(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  /** @type {number[]} */
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = new Array(b.length + 1).fill(Infinity);
    if (i <= most) row[0] = i;
    let least = row[0];
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + other);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      least = Math.min(least, row[j]);
    }
    if (least > most) return Infinity;
    [before, last] = [last, row];
  }
  return last[b.length] > most ? Infinity : last[b.length];
}

/**
 * Return a short word with each pair of neighbouring letters swapped: a slip counted as two.
 * @param {string} word
 */
export function swaps(word) {
  if (tolerance(word) !== 1) return [];
  return Array.from(
    { length: word.length - 1 },
    (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2),
  ).filter((other) => other !== word);
}

/**
 * Return the search options that forgive these words: their ends, slips and swapped letters.
 * @param {string[]} forgiven
 */
export function spelling(forgiven) {
  const may = new Set(forgiven);
  return {
    /** @param {string} term */
    processTerm: (term) => (may.has(term) ? [term, ...swaps(term)] : term),
    /** @param {string} term */
    fuzzy: (term) => (may.has(term) ? tolerance(term) : false),
    /** @param {string} term */
    prefix: (term) => may.has(term) && term.length >= SPELLING.completed_from,
  };
}
