// From a question to rows, in the page: all words first, then some of them; exact before misspelt.
// Pure: it is given the library and the time, touches no page and asks nobody.

import { filterOf } from "./search_filters.js";
import { bitsIn, leadsOf } from "./search_phrases.js";
import { placeOf } from "./search_places.js";
import { spelling, stem, withoutFillers, withoutInwardCodes, words } from "./search_text.js";

const ENOUGH = 10; // full matches; below it the next stage looks wider
const NEVER = { starts: Infinity };
const MOST_WORDS = 24; // each word is a bit of a mask

/**
 * Answer a question {q, place, kind, need, day, free: texts, ways: list; all optional} at `now`
 * (milliseconds). Returns `rows` in order of showing, how many of them match every word (`full`),
 * the labels `also` looked for, the typed words `leftOut` because they reach nothing anywhere, and
 * the place as understood.
 */
export function answer(library, question, now) {
  const place = placeOf(library, question.place || "");
  const passes = filterOf(library, question, place);
  const ordered = (hits) => inOrder(hits, library.documents, now);
  const sought = soughtWords(question.q || "");
  if (!sought.stems.length) {
    const all = Array.from({ length: library.count }, (_, row) => ({ row, step: 0 }));
    const rows = ordered(all.filter(({ row }) => passes(row)));
    return { rows, full: rows.length, also: [], leftOut: [], place };
  }
  const { tally, also, surely, reached } = staged(library, sought, passes);
  const hits = hitsOf(tally, { surely, reached }, passes);
  const full = hits.filter((hit) => hit.full);
  const enough = full.length ? ({ sure }) => sure * 2 >= bitsIn(reached) : () => true;
  const some = full.length < ENOUGH ? hits.filter((hit) => !hit.full && enough(hit)) : [];
  const rows = [...ordered(full), ...ordered(some)];
  const leftOut = sought.stems.filter((_, at) => !(reached & (1 << at))).map(sought.asTyped);
  return { rows, full: full.length, also, leftOut, place };
}

/**
 * Return {starts, lasts} of a row's next session that is not over, in minutes since 1970 and in
 * minutes (null where its end is not known); null without one.
 */
export function upcoming({ since, coming }, row, now) {
  const sessions = coming[row];
  for (let at = 0; at < sessions.length; at += 2) {
    const starts = since + sessions[at];
    const lasts = sessions[at + 1];
    if ((starts + (lasts || 0)) * 60000 >= now) return { starts, lasts };
  }
  return null;
}

/** Return the rows of hits {row, step} by relevance, then by the next session. */
function inOrder(hits, documents, now) {
  for (const hit of hits) hit.starts = (upcoming(documents, hit.row, now) || NEVER).starts;
  hits.sort((a, b) => b.step - a.step || compare(a.starts, b.starts) || a.row - b.row);
  return hits.map((hit) => hit.row);
}

const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1); // Infinity - Infinity is no number

function soughtWords(q) {
  const typed = words(withoutInwardCodes(q));
  const all = [...new Set(typed.map(stem))].slice(0, MOST_WORDS);
  const asTyped = (one) => typed.find((word) => stem(word) === one);
  return { all, stems: all.length ? withoutFillers(all) : [], asTyped };
}

/**
 * Look for exact words; then forgive the unknown ones; then forgive all. Stop at enough. A word is
 * `named` where it stands in a closed list; one that only stands in a text may be the beginning of
 * a name. `reached` are the bits of words that led anywhere.
 */
function staged(library, sought, passes) {
  const everything = 2 ** sought.stems.length - 1;
  let tally = tallied(library, sought, 0, 0);
  const { named } = tally;
  const unknown = everything & ~tally.known;
  const cut = everything & ~named & (1 << (sought.stems.length - 1));
  if (unknown | cut) tally = tallied(library, sought, unknown, cut);
  const also = tally.also;
  const surely = everything & ~(unknown | cut);
  if (surely && fullMatches(tally, everything, passes) < ENOUGH) {
    tally = tallied(library, sought, everything, 0);
  }
  return { tally, also, surely, reached: tally.words.reduce((mask, bits) => mask | bits, 0) };
}

function fullMatches(tally, everything, passes) {
  let count = 0;
  tally.words.forEach((bits, row) => {
    if (bits === everything && passes(row)) count += 1;
  });
  return count;
}

/** Add up, for every row, which words it matches, which of them exactly, and how well. */
function tallied(library, sought, forgiven, cut) {
  const tally = {
    words: new Int32Array(library.count),
    exact: new Int32Array(library.count),
    score: new Float64Array(library.count),
    known: 0,
  };
  sought.stems.forEach((word, at) => {
    const bit = 1 << at;
    for (const hit of library.text.search(word, spelling(forgiven & bit ? [word] : []))) {
      const exact = hit.terms.includes(word) ? bit : 0;
      tally.known |= exact;
      add(tally, hit.id, bit, exact, hit.score);
    }
  });
  const { leads, known: named, also } = leadsOf(library, sought, forgiven, cut);
  for (const { rows, bits, exact, score } of leads) {
    for (const row of rows) add(tally, row, bits, exact, score);
  }
  return { ...tally, known: tally.known | named, named, also };
}

function add(tally, row, bits, exact, score) {
  tally.words[row] |= bits;
  tally.exact[row] |= exact;
  tally.score[row] += score;
}

/**
 * Return the rows that pass and match at least half of the words that led anywhere. A row matches
 * in full with all of them, none guessed that is `surely` a word as typed; a guess is half sure.
 */
function hitsOf(tally, { surely, reached }, passes) {
  const hits = [];
  tally.words.forEach((bits, row) => {
    const words = bitsIn(bits);
    if (!words || words * 2 < bitsIn(reached) || !passes(row)) return;
    const guesses = bits & ~tally.exact[row];
    const full = bits === reached && !(guesses & surely);
    const step = Math.round(Math.log2(1 + tally.score[row]) * 2);
    hits.push({ row, full, sure: words - bitsIn(guesses) / 2, step });
  });
  return hits;
}
