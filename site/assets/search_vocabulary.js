// The words of the documents and how often: what a misspelt or unfinished word may have meant. The
// same as api/search/text/vocabulary.py, in whole numbers, held to the same vectors. Pure.

import { FOLDING, RANK, SPELLING } from "./search_constants.js";
import { longForms, shortForm, slips, stem, tolerance } from "./search_text.js";

const GUESSED_FROM = 3; // letters of a word that may be a phrase's with one slip more
const CORRECTIONS = 4; // corrections of one word
const COMPLETIONS = 12;
const SURE_FROM = 5; // letters of a word that stands in documents only, and may have one slip
const HALF_FROM = 3; // letters of each half of two words written as one
const SLIP = 20; // what costs are counted in: one mistake
const ONLY_LETTERS = /^\p{L}+$/u;

/** @type {<Value extends string | number>(a: Value, b: Value) => number} */
const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
/** @param {number} count */
const bitLength = (count) => (count ? 32 - Math.clz32(count) : 0);

/**
 * Return which letters a word has, a bit for each; a slip changes two of them at most.
 * @param {string} word
 */
function lettersIn(word) {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

/** @param {number} mask */
function bitsIn(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count += 1;
  return count;
}

export class Vocabulary {
  /**
   * @param {Iterable<string>} held the words of the documents
   * @param {Iterable<string>} named the words of phrases
   * @param {(word: string) => number} count how many documents hold a word
   * @param {Iterable<string>} alsoKnown stems that are known besides
   */
  constructor(held, named, count, alsoKnown = []) {
    this.held = new Set(held);
    this.named = new Set(named);
    this.count = count;
    this.namedStems = new Set([...this.named].map(stem));
    this.stems = new Set([...this.held].map(stem).concat(...this.namedStems, ...alsoKnown));
    this.sorted = [...new Set([...this.held, ...this.named])].sort(compare);
    /** @type {Map<string, number>} */
    this.letters = new Map();
    /** @type {Map<number, string[]>} */
    this.ofLength = new Map();
    for (const word of this.sorted.filter((one) => ONLY_LETTERS.test(one))) {
      const same = this.ofLength.get(word.length);
      if (same) same.push(word);
      else this.ofLength.set(word.length, [word]);
    }
  }

  /**
   * Say whether a document or a phrase has the word, be it in another form ("years").
   * @param {string} word
   */
  knows(word) {
    return this.stems.has(stem(word));
  }

  /**
   * Say whether a phrase has the word, be it in another form.
   * @param {string} word
   */
  isNamed(word) {
    return this.namedStems.has(stem(word));
  }

  /**
   * Return the known words that a word is short for, or the short form of it: "saint", "st".
   * @param {string} word
   * @returns {Candidate[]}
   */
  shortAndLong(word) {
    const short = shortForm(word);
    const full = longForms(word).map((one) => ({ word: one, weight: 100 }));
    const others = short ? [...full, { word: short, weight: SHORT_WEIGHT }] : full;
    return others.filter((one) => this.knows(one.word));
  }

  /**
   * Return the likeliest words this one may be a misspelling of, best first.
   * @param {string} typed
   * @returns {Candidate[]}
   */
  corrections(typed) {
    const allowed = tolerance(typed);
    const near = allowed ? this.within(typed, allowed, typed.length - allowed, () => true) : [];
    if (!near.length) return this.guesses(typed, allowed + 1);
    const likely = near.slice(0, CORRECTIONS).filter(({ cost }) => cost < near[0].cost + SLIP);
    return likely.map(({ word, cost, mistakes }) => {
      const trust = this.trust(typed, word, mistakes);
      return { word, weight: cost === near[0].cost ? trust : Math.floor(trust / 2) };
    });
  }

  /**
   * Return words of phrases a little further off.
   * @param {string} typed
   * @param {number} allowed
   * @returns {Candidate[]}
   */
  guesses(typed, allowed) {
    if (!ONLY_LETTERS.test(typed) || typed.length < GUESSED_FROM) return [];
    const shortest = Math.max(GUESSED_FROM + 1, typed.length - allowed);
    const near = this.within(
      typed,
      allowed,
      shortest,
      (word) => this.named.has(word) && isSameStart(typed, word),
    );
    return near.slice(0, CORRECTIONS).map(({ word }) => ({ word, weight: RANK.doubt }));
  }

  /**
   * Return the words within so many mistakes, the likeliest first.
   * @param {string} typed
   * @param {number} allowed
   * @param {number} shortest
   * @param {(word: string) => boolean} may
   */
  within(typed, allowed, shortest, may) {
    const found = [];
    const letters = lettersIn(typed);
    for (let length = shortest; length <= typed.length + allowed; length += 1) {
      for (const word of this.ofLength.get(length) ?? []) {
        if (bitsIn(letters ^ this.lettersOf(word)) > allowed * 2) continue; // much quicker
        const mistakes = slips(typed, word, allowed);
        if (mistakes > allowed || !may(word)) continue;
        found.push({ word, mistakes, cost: this.cost(typed, word, mistakes) });
      }
    }
    return found.sort((a, b) => a.cost - b.cost || compare(a.word, b.word));
  }

  /** @param {string} word */
  lettersOf(word) {
    const known = this.letters.get(word);
    if (known !== undefined) return known;
    const letters = lettersIn(word);
    this.letters.set(word, letters);
    return letters;
  }

  /**
   * Return a cost: mistakes first, then a wrong first letter, then how rare the word is.
   * @param {string} typed
   * @param {string} word
   * @param {number} mistakes
   */
  cost(typed, word, mistakes) {
    const wrongStart = typed[0] === word[0] ? 0 : SLIP / 2;
    const named = this.named.has(word) ? (SLIP * 3) / 4 : 0;
    return SLIP * mistakes + wrongStart - named - bitLength(this.count(word));
  }

  /**
   * Return 100, or less where the typed word may be a right one that no document holds.
   * @param {string} typed
   * @param {string} word
   * @param {number} mistakes
   */
  trust(typed, word, mistakes) {
    const isSure = this.named.has(word) || (mistakes === 1 && typed.length >= SURE_FROM);
    return isSure && isSameStart(typed, word) ? 100 : RANK.doubt;
  }

  /**
   * Return the words that begin so, without `start` itself: named ones first, then common. The more
   * of a word was typed, the surer it is.
   * @param {string} start
   * @returns {Candidate[]}
   */
  completions(start) {
    if (start.length < SPELLING.completed_from) return [];
    const beginning = this.sorted.filter((word) => word.startsWith(start) && word !== start);
    const ranked = beginning
      .map((word) => ({ word, named: this.named.has(word) ? 0 : 1, count: this.count(word) }))
      .sort((a, b) => a.named - b.named || b.count - a.count || compare(a.word, b.word));
    return ranked.slice(0, COMPLETIONS).map(({ word }) => {
      const more = Math.floor((SPELLING.completed_more * start.length) / word.length);
      return { word, weight: SPELLING.completed + more };
    });
  }

  /**
   * Return the two words that were written as one ("coffeemorning"), the commonest pair; or null.
   * @param {string} word
   * @returns {[string, string] | null}
   */
  halves(word) {
    /** @type {{ pair: [string, string] | null, least: number }} */
    let best = { pair: null, least: -1 };
    for (let cut = HALF_FROM; cut <= word.length - HALF_FROM; cut += 1) {
      const [first, second] = [word.slice(0, cut), word.slice(cut)];
      if (!this.held.has(first) || !this.held.has(second)) continue;
      const least = Math.min(this.count(first), this.count(second));
      if (least > best.least) best = { pair: [first, second], least };
    }
    return best.pair;
  }
}

const SHORT_WEIGHT = FOLDING.short_weight;

/**
 * Say whether the first letter is right, only left out, or swapped with the second.
 * @param {string} typed
 * @param {string} word
 */
function isSameStart(typed, word) {
  return (
    typed[0] === word[0] ||
    typed === word.slice(1) ||
    (typed[0] === word[1] && typed[1] === word[0])
  );
}
