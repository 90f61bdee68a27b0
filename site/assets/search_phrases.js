// What the words of a question stand for in the closed lists: "my husband died" leads to a need,
// "cofee mornng" to a kind, "temeford" to a place. Pure.

import { IN_BROWSER, SPELLING } from "./search_constants.js";
import { slips, stems, tolerance } from "./search_text.js";

const BY_SLIPS = [1, IN_BROWSER.one_slip, IN_BROWSER.two_slips];

/**
 * Return the rows the question's phrases lead to, each as {rows, bits, exact, score}; `known`, the
 * bits of words that stand in a phrase as typed; and the labels `also` looked for. `forgiven` are
 * the bits of words that may be misspelt, `cut` those that may only be the beginning of one.
 * @param {SearchLibrary} library
 * @param {SoughtWords} sought
 * @param {number} forgiven
 * @param {number} cut
 * @returns {{ leads: ScoredLead[], known: number, also: string[] }}
 */
export function leadsOf(library, sought, forgiven, cut) {
  /** @type {Map<string, TermLead>} */
  const found = new Map();
  const hits = phrasesIn(library.lexicon, sought, forgiven, cut);
  for (const { phrase, match } of hits.filter(({ match }) => match.share)) {
    for (const [key, weight] of phrase.leads) lead(found, key, match, weight);
  }
  return {
    leads: [...found].map(([key, term]) => ({ ...term, ...rowsAndScore(library, key, term) })),
    known: hits.reduce((mask, { match }) => mask | match.exact, 0),
    also: alsoLookedFor(
      sought,
      hits.filter(({ match }) => match.whole),
    ),
  };
}

/**
 * Return the labels whole phrases stand for, but of "coffee morning" not those of "coffee".
 * @param {SoughtWords} sought
 * @param {PhraseHit[]} hits
 */
function alsoLookedFor(sought, hits) {
  /** @type {(a: PhraseMatch, b: PhraseMatch) => boolean} */
  const within = (a, b) => a.bits !== b.bits && (a.bits & b.bits) === a.bits;
  const longest = hits.filter(({ match }) => !hits.some((other) => within(match, other.match)));
  const surest = longest.sort((a, b) => b.match.share - a.match.share);
  const labels = new Set(surest.flatMap(({ phrase }) => phrase.labels));
  return [...labels].filter((label) => !stems(label).every((word) => sought.all.includes(word)));
}

/**
 * Return the phrases that have a word of the question, and how they match it.
 * @param {Lexicon} lexicon
 * @param {SoughtWords} sought
 * @param {number} forgiven
 * @param {number} cut
 * @returns {PhraseHit[]}
 */
function phrasesIn({ phrases, having }, sought, forgiven, cut) {
  /** @type {Map<number, WordUse[]>} */
  const touched = new Map();
  for (const source of sourcesOf(sought)) {
    for (const [word, weight] of guesses(having, source, forgiven, cut)) {
      for (const at of having.get(word) ?? []) {
        const uses = touched.get(at) ?? [];
        touched.set(at, uses);
        uses.push({ word, weight, source });
      }
    }
  }
  return [...touched].map(([at, uses]) => {
    return { phrase: phrases[at], match: matched(phrases[at], uses) };
  });
}

/**
 * Return what is looked up: each word, and each pair of neighbours as one word ("wood work").
 * @param {SoughtWords} sought
 * @returns {WordSource[]}
 */
function sourcesOf({ all, stems: meaningful }) {
  /** @param {string} word */
  const bit = (word) => (meaningful.includes(word) ? 1 << meaningful.indexOf(word) : 0);
  const single = all.map((text, at) => ({ text, places: 1 << at, bits: bit(text) }));
  const pairs = all.slice(1).flatMap((word, at) => {
    const bits = bit(all[at]) | bit(word);
    return bit(all[at]) && bit(word) ? [{ text: all[at] + word, places: 3 << at, bits }] : [];
  });
  return [...single, ...pairs];
}

/**
 * Return the words of phrases a typed one may stand for, each with its worth: itself is 1.
 * @param {Map<string, number[]>} having
 * @param {WordSource} source
 * @param {number} forgiven
 * @param {number} cut
 * @returns {[word: string, weight: number][]}
 */
function guesses(having, { text, bits }, forgiven, cut) {
  if (having.has(text)) return [[text, 1], ...(bits & forgiven ? near(having, text) : [])];
  const may = bits & forgiven;
  const completed = may || bits & cut ? completions(having, text) : [];
  return may ? [...completed, ...near(having, text, completed.length)] : completed;
}

/**
 * @param {Map<string, number[]>} having
 * @param {string} text
 * @returns {[word: string, weight: number][]}
 */
function completions(having, text) {
  if (text.length < SPELLING.completed_from) return [];
  const longer = [...having.keys()].filter((word) => word.length > text.length);
  const words = longer.filter((word) => word.startsWith(text));
  return words.map((word) => [word, SPELLING.completed * Math.sqrt(text.length / word.length)]);
}

/**
 * @param {Map<string, number[]>} having
 * @param {string} text
 * @param {number} completed
 * @returns {[word: string, weight: number][]}
 */
function near(having, text, completed = 1) {
  const most =
    text.length === IN_BROWSER.short && !completed && !/\d/.test(text) ? 1 : tolerance(text);
  if (!most) return [];
  return [...having.keys()]
    .map((word) => /** @type {[string, number]} */ ([word, BY_SLIPS[slips(word, text, most)]]))
    .filter(([word, weight]) => weight && word !== text);
}

/**
 * @param {Phrase} phrase
 * @param {WordUse[]} uses
 * @returns {PhraseMatch}
 */
function matched(phrase, uses) {
  /** @param {string} word */
  const of = (word) => uses.filter((use) => use.word === word);
  const best = phrase.needed.map((word) => Math.max(0, ...of(word).map(({ weight }) => weight)));
  /** @type {(uses: WordUse[], name: "bits" | "places") => number} */
  const union = (uses, name) => uses.reduce((mask, { source }) => mask | source[name], 0);
  const exact = union(
    uses.filter(({ weight }) => weight === 1),
    "bits",
  );
  const typed = bitsIn(union(uses, "places"));
  const whole = best.every(Boolean) && typed >= phrase.needed.length;
  const worth = best.reduce((total, weight) => total + weight, 0) / best.length;
  const share = whole ? worth : phrase.loose ? IN_BROWSER.loose * worth : 0;
  return { bits: union(uses, "bits"), exact, whole, share };
}

/**
 * @param {Map<string, TermLead>} found
 * @param {string} key
 * @param {PhraseMatch} match
 * @param {number} weight
 */
function lead(found, key, match, weight) {
  const before = found.get(key) || { bits: 0, exact: 0, weight: 0 };
  const worth = weight * match.share * Math.max(1, bitsIn(match.bits));
  found.set(key, {
    bits: before.bits | match.bits,
    exact: before.exact | match.exact,
    weight: Math.max(before.weight, worth),
  });
}

/**
 * Return a key's rows and a score beside which MiniSearch's BM25 scores are of the same size.
 * @param {SearchLibrary} library
 * @param {string} key
 * @param {TermLead} lead
 */
function rowsAndScore(library, key, { weight }) {
  const rows = library.rows.get(key) || [];
  const rarity = Math.log(1 + (library.count - rows.length + 0.5) / (rows.length + 0.5));
  return { rows, score: weight * IN_BROWSER.closed_list * rarity };
}

/**
 * Return how many bits of a mask are set.
 * @param {number} mask
 */
export function bitsIn(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count += 1;
  return count;
}
