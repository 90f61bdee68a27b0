// What the browser searches: the documents as columns, the index of words, the closed lists. Pure.

import { middlesOf } from "./search_distance.js";
import { WordIndex, withTitle } from "./search_match.js";
import { SitePageIndex } from "./search_pages.js";
import { phraseIndexOf } from "./search_phrases.js";
import { rowsOf } from "./search_terms.js";
import { Vocabulary } from "./search_vocabulary.js";

/**
 * Return all the page needs to answer questions: documents, index, closed lists, their rows.
 * @param {SearchDocuments} documents
 * @param {PackedIndex} packed
 * @param {SitePage[]} pages beside the activities
 * @returns {SearchLibrary}
 */
export function library(documents, packed, pages = []) {
  if (packed.stamp !== documents.stamp) throw new Error("documents and index are of two builds");
  const sitePages = new SitePageIndex(pages);
  const rows = rowsOf(documents);
  const index = new WordIndex(documents, packed, rows);
  const phrases = phraseIndexOf(documents.terms.phrases);
  const vocabulary = new Vocabulary(
    index.words(),
    phrases.named,
    (word) => index.countOf(word),
    sitePages.titleStems(),
  );
  return {
    count: documents.titles.length,
    documents,
    index,
    rows,
    source: { vocabulary, phrases, isTitle: (key) => withTitle(index, key).length > 0 },
    middles: middlesOf(documents),
    ukPlaces: null,
    holdsBoth: documents.worlds.includes("0") && documents.worlds.includes("1"),
    sitePages,
  };
}
