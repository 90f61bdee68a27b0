// The longest phrase that begins at a word of a question: api/search/text/phrase_index.py, in the
// page. Words of a filter are compared as written, those of a kind or a need by their stems. Pure.

import { RANK, SPELLING } from "./search_constants.js";
import { FILLERS, stem } from "./search_text.js";

export const FILTERS = new Set([
  "day",
  "time",
  "way",
  "free",
  "access",
  "someone_else",
  "date",
  "plain",
]);

/** @returns {PhraseNode} */
const node = () => ({ byKey: new Map(), byWord: new Map(), meanings: [] });

/**
 * @param {PhraseNode} parent
 * @param {string} key
 */
function childOf(parent, key) {
  const known = parent.byKey.get(key);
  if (known) return known;
  const made = node();
  parent.byKey.set(key, made);
  return made;
}

/**
 * Return all phrases by their words from left to right, and the words that stand in any.
 * @param {PhraseTerm[]} terms
 * @returns {PhraseIndex}
 */
export function phraseIndexOf(terms) {
  const index = { filters: node(), concepts: node(), named: new Set() };
  for (const [meanings, texts] of terms) {
    const concepts = meanings.filter(([field]) => !FILTERS.has(field));
    const narrows = concepts.length < meanings.length;
    for (const text of texts.split("|")) {
      const words = text.split(" ");
      for (const word of words) index.named.add(word);
      if (narrows) words.reduce(childOf, index.filters).meanings.push(...meanings);
      if (!concepts.length) continue;
      let at = index.concepts;
      for (const word of words) {
        const next = childOf(at, stem(word));
        at.byWord.set(word, next);
        at = next;
      }
      at.meanings.push(...concepts);
    }
  }
  return index;
}

/**
 * Return the longest filter and the longest concept that begin at a word.
 * @param {PhraseIndex} index
 * @param {string[]} typed
 * @param {Candidate[][]} candidates what each word may stand for
 * @param {number} start
 * @returns {{ narrowing: PhraseMatch | null, concept: PhraseMatch | null }}
 */
export function longest(index, typed, candidates, start) {
  const nothing = { words: [], least: 100, most: 0 };
  const question = { typed, candidates };
  const filters = [...walk(question, index.filters, start, nothing, false)];
  const concepts = [...walk(question, index.concepts, start, nothing, true)];
  return {
    narrowing: merged(bestOf(filters.filter((match) => weightOf(match) === 100)).slice(0, 1)),
    concept: merged(bestOf(concepts)),
  };
}

/**
 * Return how surely a phrase was meant.
 * @param {PhraseMatch} match
 */
export function weightOf({ meanings }) {
  return Math.max(...meanings.map(([, , weight]) => weight));
}

/**
 * Yield every phrase that goes on from a node at a word of the question.
 * @param {PhraseQuestion} question
 * @param {PhraseNode} from
 * @param {number} at
 * @param {PhrasePath} path
 * @param {boolean} byStem
 * @returns {Generator<PhraseMatch, void>}
 */
function* walk(question, from, at, path, byStem) {
  const { typed } = question;
  for (const [end, word, weight] of steps(question, at)) {
    const child = from.byKey.get(byStem ? stem(word) : word);
    if (child) yield* arrive(question, child, end, andWord(path, word, weight), byStem);
  }
  const isLast = at === typed.length - 1;
  const begun = path.words.length > 0;
  if (byStem && begun && isLast && !FILLERS.has(typed[at])) {
    for (const [word, child] of from.byWord) {
      if (!word.startsWith(typed[at]) || word === typed[at]) continue;
      yield* arrive(question, child, at + 1, andWord(path, word, SPELLING.completed), byStem);
    }
  }
  if (begun && at < typed.length && FILLERS.has(typed[at])) {
    yield* walk(question, from, at + 1, path, byStem);
  }
}

/**
 * @param {PhraseQuestion} question
 * @param {PhraseNode} at
 * @param {number} end
 * @param {PhrasePath} path
 * @param {boolean} byStem
 * @returns {Generator<PhraseMatch, void>}
 */
function* arrive(question, at, end, path, byStem) {
  if (at.meanings.length) {
    const sure = path.most === 100 ? Math.max(path.least, RANK.in_phrase) : path.least;
    /** @type {MeaningTerm[]} */
    const meanings = at.meanings.map(([field, value, weight]) => [
      field,
      value,
      Math.floor((weight * sure) / 100),
    ]);
    yield { end, words: path.words, meanings };
  }
  yield* walk(question, at, end, path, byStem);
}

/**
 * @param {PhrasePath} path
 * @param {string} word
 * @param {number} weight
 * @returns {PhrasePath}
 */
function andWord({ words, least, most }, word, weight) {
  return { words: [...words, word], least: Math.min(least, weight), most: Math.max(most, weight) };
}

/**
 * Yield the words that may be read at a place, with the place after each and its weight.
 * @param {PhraseQuestion} question
 * @param {number} at
 * @returns {Generator<[number, string, number], void>}
 */
function* steps({ typed, candidates }, at) {
  for (const { word, weight } of candidates[at] ?? []) yield [at + 1, word, weight];
  if (at + 1 < typed.length) yield [at + 2, typed[at] + typed[at + 1], 100];
}

/**
 * Return the longest of the matches, the surest first.
 * @param {PhraseMatch[]} matches
 */
function bestOf(matches) {
  const end = Math.max(...matches.map((match) => match.end));
  const ending = matches.filter((match) => match.end === end);
  const length = Math.max(...ending.map(({ words }) => words.length));
  return ending
    .filter(({ words }) => words.length === length)
    .sort((a, b) => weightOf(b) - weightOf(a) || byWords(a, b));
}

/**
 * Return matches as one: the surest weight of each meaning.
 * @param {PhraseMatch[]} matches
 * @returns {PhraseMatch | null}
 */
function merged(matches) {
  if (!matches.length) return null;
  /** @type {Map<string, MeaningTerm>} */
  const surest = new Map();
  for (const meaning of matches.flatMap(({ meanings }) => meanings)) {
    const key = `${meaning[0]}/${meaning[1]}`;
    const known = surest.get(key);
    if (!known || known[2] < meaning[2]) surest.set(key, meaning);
  }
  const [{ end, words }] = matches;
  return { end, words, meanings: [...surest.values()] };
}

/**
 * Compare word by word.
 * @param {PhraseMatch} a
 * @param {PhraseMatch} b
 */
function byWords(a, b) {
  const at = a.words.findIndex((word, place) => word !== b.words[place]);
  return at < 0 ? 0 : a.words[at] < b.words[at] ? -1 : 1;
}
