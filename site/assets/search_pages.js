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

/**
 * Return the few pages that hold most of the words of a question, best first.
 * @param {SitePage[]} pages
 * @param {string} q
 */
export function findPages(pages, q) {
  const asked = stems(q);
  if (!asked.size) return [];
  const scored = pages.map((page) => ({ page, score: scoreOf(page, asked) }));
  const found = scored.filter(({ score }) => score);
  found.sort((a, b) => b.score - a.score || (a.page[0] < b.page[0] ? -1 : 1));
  return found.slice(0, SITE_PAGES.at_most).map(({ page }) => page);
}

/**
 * A page must hold half of the words, one of them in its title, or all of them.
 * @param {SitePage} page
 * @param {Set<string>} asked
 */
function scoreOf([, title, , words], asked) {
  const [titled, others] = [stems(title), new Set(words.split(" "))];
  const inTitle = [...asked].filter((word) => titled.has(word)).length;
  const held = inTitle + [...asked].filter((word) => others.has(word)).length;
  const fits = held * 2 >= asked.size && (inTitle || held === asked.size);
  return fits ? SITE_PAGES.in_title * inTitle + held : 0;
}
