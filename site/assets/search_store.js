// What the browser searches: the documents as columns, the index of words, the closed lists. Pure.

import { middlesOf } from "./search_distance.js";
import { isTitle, WordIndex } from "./search_match.js";
import { phraseIndexOf } from "./search_phrases.js";
import { rowsOf } from "./search_terms.js";
import { Vocabulary } from "./search_vocabulary.js";

/**
 * Return all the page needs to answer questions: documents, index, closed lists, their rows.
 * @param {SearchDocuments} documents
 * @param {PackedIndex} packed
 * @returns {SearchLibrary}
 */
export function library(documents, packed) {
  if (packed.stamp !== documents.stamp) throw new Error("documents and index are of two builds");
  const rows = rowsOf(documents);
  const index = new WordIndex(documents, packed, rows);
  const phrases = phraseIndexOf(documents.terms.phrases);
  const vocabulary = new Vocabulary(index.words(), phrases.named, (word) => index.countOf(word));
  return {
    count: documents.titles.length,
    documents,
    index,
    rows,
    source: { vocabulary, phrases, isTitle: (key) => isTitle(index, key) },
    middles: middlesOf(documents),
    ukPlaces: null,
  };
}
