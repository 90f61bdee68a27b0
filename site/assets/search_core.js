// From a question to rows, in the page: all words first, then some of them; exact before misspelt.
// Pure: it is given the library and the time, touches no page and asks nobody.

import { IN_BROWSER, RULES } from "./search_constants.js";
import { bitsIn, leadsOf } from "./search_phrases.js";
import { fitting, GROUPS, orderOf, select, where } from "./search_rules.js";
import { spelling, stem, withoutFillers, withoutInwardCodes, words } from "./search_text.js";

const NEVER = { starts: Infinity };

/**
 * Answer a question {q, place, near, kind, need, free, alone, lift, buddy, language, order: texts,
 * within_km, age: numbers, days, times, ways, access, promises: lists; all optional} at `now`
 * (milliseconds). Returns `hits` {row, full, fit} in order of showing, of which `full` say that
 * all words match; `groups` [{group, matching, may, some}]: how many fit for certain, may fit, or
 * fit some of the words; `matching` and `may` of all groups but "further"; how many are `tooOld`;
 * the labels `also` looked for, the typed words `leftOut` because they reach nothing anywhere, and
 * the place as understood.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {SearchResult}
 */
export function answer(library, question, now) {
  const place = where(library, question);
  const order = orderOf(question, place);
  const { fit, tooOld } = withCache(library, fitting(library, question, place));
  const sought = searchWords(question.q || "");
  const { found, also, leftOut } = sought.stems.length
    ? byWords(library, sought, fit, order)
    : { found: everything(library), also: [], leftOut: [] };
  const fits = found.flatMap((hit) => {
    const rowFit = fit(hit.row);
    if (!rowFit) return [];
    return [
      { ...hit, fit: rowFit, starts: (upcoming(library.documents, hit.row, now) || NEVER).starts },
    ];
  });
  const hits = select(library.documents, fits, order);
  const old = found.filter(({ row, full }) => full && tooOld(row)).length;
  return { hits, ...counted(hits), tooOld: old, also, leftOut, place, order };
}

/** @type {(library: SearchLibrary) => WordHit[]} */
const everything = ({ count }) =>
  Array.from({ length: count }, (_, row) => ({ row, full: true, score: 0 }));

/**
 * Work out how a row fits once, however often it is asked.
 * @param {SearchLibrary} library
 * @param {Fitting} fitting
 * @returns {Fitting}
 */
function withCache({ count }, { fit, tooOld }) {
  /** @type {(Fit | null)[]} */
  const known = new Array(count);
  return {
    fit: (row) => {
      if (known[row] === undefined) known[row] = fit(row);
      return known[row];
    },
    tooOld,
  };
}

/**
 * Return the rows the words find: those that fit all of them, and some others where they are few.
 * @param {SearchLibrary} library
 * @param {SoughtWords} sought
 * @param {Fitting["fit"]} fit
 * @param {string} order
 */
function byWords(library, sought, fit, order) {
  /** @param {number} row */
  const passes = (row) => {
    const group = fit(row)?.group;
    return group !== undefined && group !== "further";
  };
  const { tally, also, surely, reached } = staged(library, sought, passes);
  const hits = hitsOf(tally, { surely, reached });
  const full = hits.filter((hit) => hit.full);
  const fitting = full.filter(({ row }) => passes(row)).length;
  /** @type {(hit: SureHit) => boolean} */
  const enough = fitting ? ({ sure }) => sure * 2 >= bitsIn(reached) : () => true;
  const wanted = order === "best" ? RULES.enough : 1; // otherwise they would stand among the full ones
  const some = fitting < wanted ? hits.filter((hit) => !hit.full && enough(hit)) : [];
  const leftOut = sought.stems
    .filter((_, at) => !(reached & (1 << at)))
    .map((stemmed) => sought.asTyped(stemmed));
  return { found: [...full, ...some], also, leftOut };
}

/** @param {SearchHit[]} hits */
function counted(hits) {
  const groups = GROUPS.map((group) => {
    const of = hits.filter(({ fit }) => fit.group === group);
    const full = of.filter(({ full }) => full);
    const matching = full.filter(({ fit }) => !fit.ask.length).length;
    return { group, matching, may: full.length - matching, some: of.length - full.length };
  }).filter(({ matching, may, some }) => matching + may + some);
  const close = groups.filter(({ group }) => group !== "further");
  /** @param {keyof FitCounts} name */
  const sum = (name) => close.reduce((total, counts) => total + counts[name], 0);
  return { groups, matching: sum("matching"), may: sum("may"), some: sum("some") };
}

/**
 * Return {starts, lasts} of a row's next session that is not over, in minutes since 1970 and in
 * minutes (null where its end is not known); null without one.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 */
export function upcoming({ since, coming }, row, now) {
  const sessions = coming[row];
  for (let at = 0; at < sessions.length; at += 2) {
    const starts = since + Number(sessions[at]);
    const lasts = sessions[at + 1];
    if ((starts + (lasts || 0)) * 60000 >= now) return { starts, lasts };
  }
  return null;
}

/**
 * @param {string} q
 * @returns {SoughtWords}
 */
function searchWords(q) {
  const typed = words(withoutInwardCodes(q));
  const all = [...new Set(typed.map(stem))].slice(0, IN_BROWSER.most_words);
  /** @param {string} stemmed */
  const asTyped = (stemmed) => typed.find((word) => stem(word) === stemmed) ?? stemmed;
  return { all, stems: all.length ? withoutFillers(all) : [], asTyped };
}

/**
 * Look for exact words; then forgive the unknown ones; then forgive all. Stop at enough. A word is
 * `named` where it stands in a closed list; one that only stands in a text may be the beginning of
 * a name. `reached` are the bits of words that led anywhere.
 * @param {SearchLibrary} library
 * @param {SoughtWords} sought
 * @param {(row: number) => boolean} passes
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
  if (surely && fullMatches(tally, everything, passes) < RULES.enough) {
    tally = tallied(library, sought, everything, 0);
  }
  return { tally, also, surely, reached: tally.words.reduce((mask, bits) => mask | bits, 0) };
}

/**
 * @param {Tally} tally
 * @param {number} everything
 * @param {(row: number) => boolean} passes
 */
function fullMatches(tally, everything, passes) {
  let count = 0;
  tally.words.forEach((bits, row) => {
    if (bits === everything && passes(row)) count += 1;
  });
  return count;
}

/**
 * Add up, for every row, which words it matches, which of them exactly, and how well.
 * @param {SearchLibrary} library
 * @param {SoughtWords} sought
 * @param {number} forgiven
 * @param {number} cut
 * @returns {FullTally}
 */
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

/**
 * @param {Tally} tally
 * @param {number} row
 * @param {number} bits
 * @param {number} exact
 * @param {number} score
 */
function add(tally, row, bits, exact, score) {
  tally.words[row] |= bits;
  tally.exact[row] |= exact;
  tally.score[row] += score;
}

/**
 * Return the rows that match at least half of the words that led anywhere. A row matches in full
 * with all of them, none guessed that is `surely` a word as typed; a guess is half sure.
 * @param {Tally} tally
 * @param {{ surely: number, reached: number }} bits
 * @returns {SureHit[]}
 */
function hitsOf(tally, { surely, reached }) {
  /** @type {SureHit[]} */
  const hits = [];
  tally.words.forEach((bits, row) => {
    const words = bitsIn(bits);
    if (!words || words * 2 < bitsIn(reached)) return;
    const guesses = bits & ~tally.exact[row];
    const full = bits === reached && !(guesses & surely);
    const step = Math.round(Math.log2(1 + tally.score[row]) * 3);
    const score = step + (full ? IN_BROWSER.all_words : 0);
    hits.push({ row, full, sure: words - bitsIn(guesses) / 2, score });
  });
  return hits;
}
