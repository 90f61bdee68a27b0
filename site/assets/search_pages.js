// Pages beside the activities that hold the words of a question: pledges, who keeps them, courses,
// guidance. The same as catalogue/outputs/search/site_pages.py. Pure.

import { SITE_PAGES } from "./search_constants.js";
import { FILLERS, stem, tokenise } from "./search_text.js";

/** @param {string} text */
function stems(text) {
  return new Set(
    tokenise(text)
      .filter((word) => !FILLERS.has(word))
      .map(stem),
  );
}

/** Finds pages by the stems of their titles and of what they say beside. */
export class SitePageIndex {
  /** @param {SitePage[]} pages */
  constructor(pages = []) {
    this.pages = pages;
    /** @type {Map<string, Set<number>>} */
    this.titled = new Map();
    /** @type {Map<string, Set<number>>} */
    this.held = new Map();
    for (const [number, [, title, , words]] of pages.entries()) {
      const titled = stems(title);
      for (const word of titled) add(this.titled, word, number);
      for (const word of [...titled, ...words.split(" ")]) add(this.held, word, number);
    }
  }

  /** Return the stems of all titles: words that are known, be they in no activity. */
  titleStems() {
    return this.titled.keys();
  }

  /**
   * Return the few pages that hold most of the words of a question, best first. A page must hold
   * half of them, one of them in its title, or two thirds. Words that say what it is ("pledged",
   * "course") ask for all of its kind.
   * @param {string} q
   */
  find(q) {
    const asked = [...stems(q)];
    const held = countOf(this.held, asked);
    const titled = countOf(this.titled, asked);
    const scored = [...held].flatMap(([number, count]) => {
      const inTitle = titled.get(number) ?? 0;
      const isMost = count * 3 >= asked.length * 2 || (inTitle && count * 2 >= asked.length);
      const fits = isMost || asked.includes(stem(this.pages[number][2]));
      const score = SITE_PAGES.in_title * inTitle + count;
      return fits ? [{ page: this.pages[number], score }] : [];
    });
    scored.sort((a, b) => b.score - a.score || (a.page[0] < b.page[0] ? -1 : 1));
    return scored.slice(0, SITE_PAGES.at_most).map(({ page }) => page);
  }

  /**
   * Say whether a page holds all the words of a question, one of them in its title: then it is
   * what is looked for.
   * @param {string} q
   */
  isMeant(q) {
    const asked = [...stems(q)];
    const titled = countOf(this.titled, asked);
    const held = [...countOf(this.held, asked)];
    return held.some(([number, count]) => count === asked.length && titled.has(number));
  }
}

/**
 * @param {Map<string, Set<number>>} index
 * @param {string} word
 * @param {number} number
 */
function add(index, word, number) {
  const having = index.get(word);
  if (having) having.add(number);
  else index.set(word, new Set([number]));
}

/**
 * Return how many of some words each page has.
 * @param {Map<string, Set<number>>} index
 * @param {string[]} words
 */
function countOf(index, words) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const word of words) {
    for (const number of index.get(word) ?? []) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}
