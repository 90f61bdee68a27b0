// What the browser searches: the documents as columns, the packed index, the closed lists.
// Pure; the index builder packs with the same settings the page unpacks with.

/** @import { AsPlainObject } from "minisearch" */

import { IN_BROWSER } from "./search_constants.js";
import { middlesOf } from "./search_distance.js";
import { lexiconOf, rowsOf } from "./search_terms.js";
import { stems } from "./search_text.js";

export const TEXT = {
  idField: "row",
  fields: ["title", "venue", "provider", "summary"],
  tokenize: stems,
  /** @param {string} term */
  processTerm: (term) => term,
  searchOptions: {
    boost: IN_BROWSER.fields,
    /** @param {string} term */
    tokenize: (term) => [term],
    weights: { fuzzy: IN_BROWSER.fuzzy, prefix: IN_BROWSER.prefix },
  },
};

/**
 * Return the packed index of the documents: per term a list of gaps between rows, per field.
 * @param {typeof import("minisearch").default} MiniSearch
 * @param {SearchDocuments} documents
 * @returns {PackedIndex}
 */
export function packedIndex(MiniSearch, documents) {
  const text = new MiniSearch(TEXT);
  for (const [row, title] of documents.titles.entries()) {
    const [venue, provider, summary] = [
      documents.venues[row],
      documents.providers[row],
      documents.summaries[row],
    ];
    text.add({ row, title, venue, provider, summary });
  }
  const terms = text.toJSON().index.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    stamp: documents.stamp,
    terms: terms.map(([term]) => term).join(" "),
    rows: terms.map(([, byField]) => TEXT.fields.map((_, field) => gaps(byField[field])).join(";")),
  };
}

/**
 * Return what MiniSearch.loadJS reads. How often a word stands in a field is not kept: once.
 * @param {PackedIndex} packed
 * @param {number} count
 */
export function unpackedIndex(packed, count) {
  const lengths = Array.from({ length: count }, () => TEXT.fields.map(() => 0));
  const totals = TEXT.fields.map(() => 0);
  const rows = packed.rows;
  /** @type {AsPlainObject["index"]} */
  const index = packed.terms.split(" ").map((term, at) => {
    /** @type {{ [field: string]: { [row: string]: number } }} */
    const byField = {};
    rows[at].split(";").forEach((written, field) => {
      if (!written) return;
      /** @type {{ [row: string]: number }} */
      const once = {};
      byField[field] = once;
      let row = -1;
      for (const gap of written.split(" ")) {
        row += parseInt(gap, 36);
        once[row] = 1;
        lengths[row][field] += 1;
        totals[field] += 1;
      }
    });
    return [term, byField];
  });
  const numbers = Object.fromEntries(lengths.map((_, row) => [row, row]));
  return {
    documentCount: count,
    nextId: count,
    documentIds: numbers,
    fieldIds: Object.fromEntries(TEXT.fields.map((name, field) => [name, field])),
    fieldLength: Object.fromEntries(lengths.entries()),
    averageFieldLength: totals.map((total) => total / Math.max(1, count)),
    storedFields: {},
    dirtCount: 0,
    index,
    serializationVersion: 2,
  };
}

/** @param {{ [row: string]: number } | undefined} byRow */
function gaps(byRow) {
  const rows = Object.keys(byRow || {})
    .map(Number)
    .sort((a, b) => a - b);
  return rows.map((row, at) => (at ? row - rows[at - 1] : row + 1).toString(36)).join(" ");
}

/**
 * Return all the page needs to answer questions: documents, index, closed lists, their rows.
 * @param {typeof import("minisearch").default} MiniSearch
 * @param {SearchDocuments} documents
 * @param {PackedIndex} packed
 * @returns {Promise<SearchLibrary>}
 */
export async function library(MiniSearch, documents, packed) {
  if (packed.stamp !== documents.stamp) throw new Error("documents and index are of two builds");
  const count = documents.titles.length;
  const text = await MiniSearch.loadJSAsync(unpackedIndex(packed, count), TEXT);
  return {
    count,
    documents,
    text,
    lexicon: lexiconOf(documents.terms),
    rows: rowsOf(documents),
    middles: middlesOf(documents),
  };
}
