// What a word is, and how far a misspelt one may stray. Pure; shared by the page, the index
// builder and the tests, so that a word is cut the same way when it is stored and when it is sought.

const MARKS = /\p{M}+/gu;
const APOSTROPHES = /['’‘`]/g;
const WORDS = /[\p{L}\p{N}]+/gu;
const POSTCODE = /\b([a-z]{1,2}[0-9][a-z0-9]?) ?[0-9][a-z]{2}\b/gi;
const OUTWARD_CODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const ANY_DIGIT = /\p{N}/u;
const PREFIX_LETTERS = 2;

export const FILLERS = new Set(
  ("a about am an and any are around at be by can close do find for from get i im in is it like " +
    "looking me my near nearby need of on or please someone somebody something somewhere " +
    "so some that the there to too very want we what where which with would you your").split(" "),
);

/** Return the words of a text: small letters, no accents, "men's" as "mens". */
export function words(text) {
  const plain = text.normalize("NFKD").replace(MARKS, "").replace(APOSTROPHES, "");
  return plain.toLowerCase().match(WORDS) || [];
}

/** Return the stems of a text, each once: a plural is stored and sought as its singular. */
export function stems(text) {
  return [...new Set(words(text).map(stem))];
}

/** Return a word without the s of its plural; no other ending is touched. */
export function stem(word) {
  if (word.length < 4 || !word.endsWith("s") || /(ss|us|is)$/.test(word)) return word;
  return /[^ae]ies$/.test(word) ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}

/** Return the query with every postcode cut to its outward half: the rest says too much. */
export function withoutInwardCodes(query) {
  return query.replace(POSTCODE, "$1");
}

/** Return "ZZ3" of "zz3 1aa" or "ZZ3"; nothing where the text is no postcode. */
export function outwardCode(text) {
  const tidy = withoutInwardCodes(text.trim()).toUpperCase();
  return OUTWARD_CODE.test(tidy) ? tidy : "";
}

/** Return the words that carry meaning; all of them where none does ("something to do"). */
export function withoutFillers(list) {
  const kept = list.filter((word) => !FILLERS.has(word));
  return kept.length ? kept : list;
}

/** Return how many letters of a word may be wrong: none in short words and in numbers. */
export function tolerance(word) {
  if (word.length < 4 || ANY_DIGIT.test(word)) return 0;
  return word.length < 6 ? 1 : 2;
}

/** Return a short word with each pair of neighbouring letters swapped: a slip counted as two. */
export function swaps(word) {
  if (tolerance(word) !== 1) return [];
  return Array.from({ length: word.length - 1 }, (_, i) =>
    word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2),
  ).filter((other) => other !== word);
}

/** Return the search options that forgive these words: their ends, slips and swapped letters. */
export function spelling(forgiven) {
  const may = new Set(forgiven);
  return {
    processTerm: (term) => (may.has(term) ? [term, ...swaps(term)] : term),
    fuzzy: (term) => (may.has(term) ? tolerance(term) : false),
    prefix: (term) => may.has(term) && term.length >= PREFIX_LETTERS,
  };
}
