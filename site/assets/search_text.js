// What a word is, and how far a misspelt one may stray: catalogue/model/text.py and
// catalogue/outputs/search/word_index.py, in the page. Pure.

import { FOLDING, SPELLING } from "./search_constants.js";

const MARKS = /\p{M}+/gu;
const APOSTROPHES = /['\u2018\u2019\u201b\u2032`\u00b4\u02b9\u02bb\u02bc\uff07]/g;
const INVISIBLE = /\u00ad|\u200c|\u200d|\u2060|\ufeff/g; // soft hyphens, joiners
/** @type {Map<string, string>} */
const LETTERS = new Map(Object.entries(FOLDING.letters));
const LETTER = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "g");
const WORDS = /[\p{L}\p{N}]+/gu;
const POSTCODE = /\b([a-z]{1,2}[0-9][a-z0-9]?) ?[0-9][a-z]{2}\b/gi;
const OUTWARD_CODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const ANY_DIGIT = /\p{N}/u;
const ONLY_LETTERS = /^\p{L}+$/u;
/** @type {Map<string, string>} */
const SAME = new Map(Object.entries(FOLDING.same));
/** @type {Map<string, string[]>} */
const LONG_FORMS = new Map(
  Object.entries(FOLDING.short_forms).map(([short, full]) => [short, full.split(" ")]),
);
const SHORT_FORMS = new Map(
  [...LONG_FORMS].flatMap(([short, full]) => full.map((word) => [word, short])),
);

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
 * Return the words of a document or a question, words for one thing as the same word.
 * @param {string} text
 */
export function tokenise(text) {
  return words(text).map((word) => SAME.get(word) ?? word);
}

/**
 * Return what the forms of one word have in common, as `stem` in outputs/search/word_index.py.
 * @param {string} written
 */
export function stem(written) {
  if (written.length < 4 || !ONLY_LETTERS.test(written)) return written;
  let word = written;
  if (word.endsWith("s") && !/(ss|us|is)$/.test(word)) {
    word = word.endsWith("ies") && word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  }
  const root = word.replace(/(?:ing|ed)$/, "");
  if (root !== word && root.length >= 3 && /[aeiouy]/.test(root)) {
    const last = root.slice(-1);
    const doubled = last === root.slice(-2, -1) && !"aeiouls".includes(last);
    word = doubled ? root.slice(0, -1) : root;
  }
  return word.length > 3 && word.endsWith("e") ? word.slice(0, -1) : word;
}

/**
 * Return the words a short form stands for: "saint" and "street" for "st".
 * @param {string} word
 */
export function longForms(word) {
  return LONG_FORMS.get(word) ?? [];
}

/**
 * Return the short form of a word; nothing where it has none.
 * @param {string} word
 */
export function shortForm(word) {
  return SHORT_FORMS.get(word) ?? "";
}

/**
 * Return what is compared of a title: stems in short forms, without small words.
 * @param {string} text
 */
export function titleKey(text) {
  const content = withoutFillers(tokenise(text));
  return content.map((word) => shortForm(word) || stem(word)).join(" ");
}

/**
 * Return the query with every postcode cut to its outward half: the rest says too much.
 * @param {string} query
 */
export function withoutInwardCodes(query) {
  return query.replace(POSTCODE, "$1");
}

/**
 * Return "WR1" of "wr1 2ab" or "WR1"; nothing where the text is no postcode.
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
