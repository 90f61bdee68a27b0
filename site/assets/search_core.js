// From a question to rows, in the page: plan, match, filter, rank, as api/search/embedded/engine.py
// does it. Pure: it is given the library and the time, touches no page and asks nobody.

import { isUnfitOf } from "./search_audience.js";
import { RANK, RULES } from "./search_constants.js";
import { isLeft, isOnDate, londonDate, partsOf, sessionsOf } from "./search_dates.js";
import { slotFits } from "./search_filters.js";
import { matchGroup, titleBonuses } from "./search_match.js";
import { alsoLookedFor, contentWords, isGuess, isPlace, narrows, planOf } from "./search_plan.js";
import { fitting, GROUPS, orderOf, select, where, worldsOf } from "./search_rules.js";
import { PARTS } from "./search_terms.js";

const FITS_ALL_WORDS = 2; // how good an attempt is: 1 fits something, 0 nothing
const NO_WORLD = /** @type {const} */ ("");
const NEVER = { starts: Infinity };

/**
 * Answer a question {q, place, near, kind, need, free, alone, lift, buddy, language, order: texts,
 * within_km, age: numbers, days, times, ways, access, promises, as_typed: lists; all optional} at
 * `now` (milliseconds). Returns `hits` {row, full, fit} in order of showing, of which `full` say
 * that all words match; `groups` [{group, matching, may, some}]: how many fit for certain, may fit,
 * or fit some of the words; `matching` and `may` of all groups but "further"; how many are
 * `tooOld`; the words `also` looked for and `leftOut`, the filters `understood`, the question as it
 * was `asked` with them, and the place as understood. Hits are real or invented, never both; where
 * the directory holds both and no place says which is meant, `world` does.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {SearchResult}
 */
export function answer(library, question, now) {
  const plan = planOf(library.source, question.q || "", londonDate(now), question.as_typed ?? []);
  const place = where(library, question);
  const worlds = worldsOf(library, question, place, plan);
  /** @type {{ found: SearchResult, quality: number } | null} */
  let best = null;
  for (const invented of worlds.toTry) {
    const tried = bestAttempt(library, plan, question, { place, invented, now });
    if (!best || tried.quality > best.quality) {
      const world = worlds.isNamed ? (invented ? "invented" : "real") : "";
      best = { ...tried, found: { ...tried.found, world } };
    }
    if (best.quality === FITS_ALL_WORDS) break;
  }
  return /** @type {{ found: SearchResult }} */ (best).found;
}

/**
 * Return what fits the words in one world; if nothing does, what fits the filters among them alone.
 * @param {SearchLibrary} library
 * @param {SearchPlan} plan
 * @param {SearchQuestion} question
 * @param {AttemptScope} scope
 */
function bestAttempt(library, plan, question, scope) {
  const found = attempt(library, plan, question, scope);
  const names = plan.groups.some(({ concepts }) => concepts.length);
  if (found.hits.length || names || !plan.understood.some(narrows)) {
    const quality = found.hits.some(({ full }) => full) ? FITS_ALL_WORDS : found.hits.length && 1;
    return { found, quality };
  }
  const unknownWords = [...plan.unknownWords, ...plan.groups.flatMap(contentWords)];
  const bare = attempt(library, { ...plan, groups: [], unknownWords }, question, scope);
  return { found: bare, quality: bare.hits.length && 1 };
}

/**
 * Return the question with the filters that its words were understood as. What it asks by itself
 * stays: a day that was chosen counts, not the one in the words.
 * @param {SearchQuestion} question
 * @param {Understood[]} understood
 * @returns {SearchQuestion}
 */
function narrow(question, understood) {
  const pairs = understood.flatMap(({ filters }) => filters);
  /** @param {string} name */
  const values = (name) => [
    ...new Set(pairs.flatMap(([field, value]) => (field === name ? [value] : []))),
  ];
  /** @param {"times" | "ways"} name */
  const chosen = (name) => (question[name]?.length ? question[name] : values(name));
  const isDayChosen = question.days?.length || question.dates?.length;
  return {
    ...question,
    days: isDayChosen ? question.days : values("days"),
    dates: isDayChosen ? question.dates : values("dates"),
    times: chosen("times"),
    ways: chosen("ways"),
    access: [...new Set([...(question.access ?? []), ...values("access")])],
    free: question.free || (values("free").length ? "yes" : ""),
  };
}

/**
 * Return what fits all groups of a plan; where that is too little, some with fewer.
 * @param {SearchLibrary} library
 * @param {SearchPlan} plan
 * @param {SearchQuestion} question
 * @param {AttemptScope} scope
 * @returns {SearchResult}
 */
function attempt(library, plan, question, scope) {
  const { place } = scope;
  const narrowed = narrow(question, plan.understood);
  const asked = plan.groups.length ? narrowed : { ...narrowed, q: "" };
  const order = orderOf(asked, place);
  const isUnfit = isUnfitOf(library.documents, plan.audience);
  const isAgeAsked = String(question.age ?? "") !== ""; // 0 is an age
  const aged = isAgeAsked ? asked : { ...asked, age: plan.audience.age };
  const ranker = rankerOf(library, aged, { ...scope, order }, isUnfit);
  const pages = library.sitePages.find(question.q ?? "");
  const common = { place, order, asked, understood: plan.understood, pages, world: NO_WORLD };
  if (!plan.groups.length) {
    const meansNothing = plan.unknownWords.length && !plan.understood.some(narrows);
    const all = Array.from({ length: library.count }, (_, row) => ({ row, full: true, score: 0 }));
    const ranked = ranker(meansNothing ? [] : all);
    return { ...common, ...ranked, also: [], leftOut: plan.unknownWords };
  }
  const scored = scoredOf(library, plan);
  /** @type {SearchResult | null} */
  let best = null;
  for (const { groups, dropped } of withFewerGroups(plan.groups, scored.matches)) {
    const ranked = ranker(scored.rows(groups));
    if (!best || ranked.hits.length > best.hits.length) {
      const leftOut = [...plan.unknownWords, ...dropped];
      best = { ...common, ...ranked, also: alsoLookedFor(groups), leftOut };
    }
    const isPage = library.sitePages.isMeant(question.q ?? "");
    if (best.hits.length >= RULES.enough || isPage) break; // a page is meant: no need for a part
  }
  return /** @type {SearchResult} */ (best);
}

/**
 * Return how well each row fits each group, and the rows that fit all of some groups.
 * @param {SearchLibrary} library
 * @param {SearchPlan} plan
 */
function scoredOf(library, plan) {
  const matches = new Map(plan.groups.map((group) => [group, matchGroup(library, group)]));
  const scores = new Float64Array(library.count);
  const all = [...matches.values()];
  /** @type {(row: number, among: Float64Array[]) => boolean} */
  const fitsAll = (row, among) => among.every((match) => match[row] > 0);
  for (const match of all) for (const [row, score] of match.entries()) scores[row] += score;
  for (const [row, bonus] of titleBonuses(library.index, plan.titleKey)) scores[row] += bonus;
  /** @param {PlanGroup[]} groups */
  const rows = (groups) => {
    const among = groups.map((group) => /** @type {Float64Array} */ (matches.get(group)));
    const hits = [];
    for (let row = 0; row < library.count; row += 1) {
      if (!fitsAll(row, among)) continue;
      const full = fitsAll(row, all);
      hits.push({ row, full, score: scores[row] + (full ? RANK.all_words : 0) });
    }
    return hits;
  };
  return { matches, rows };
}

/**
 * Yield the groups, then fewer and fewer down to one, with the words given up so far. What reaches
 * nothing goes first, then guesses that fit with nothing, then places, then the commonest of those that name no kind or
 * need. In the end each kind or need is tried alone.
 * @param {PlanGroup[]} groups
 * @param {Map<PlanGroup, Float64Array>} matches
 */
function* withFewerGroups(groups, matches) {
  const each = [...matches.values()];
  const fitsAll = each[0].some((_, row) => each.every((scores) => scores[row] > 0));
  const keyed = groups.map((group, at) => {
    const reach = [.../** @type {Float64Array} */ (matches.get(group))].filter(Boolean).length;
    const key = [
      !reach,
      isGuess(group) && !fitsAll,
      isPlace(group),
      !group.concepts.length,
      isGuess(group),
      reach,
      at,
    ];
    return { group, key: key.map(Number) };
  });
  keyed.sort((a, b) => {
    const at = a.key.findIndex((value, place) => value !== b.key[place]);
    return a.key[at] - b.key[at];
  });
  yield { groups, dropped: /** @type {string[]} */ ([]) };
  /** @type {string[]} */
  const dropped = [];
  /** @type {PlanGroup[]} */
  const givenUp = [];
  while (keyed.length > 1) {
    const { group } = /** @type {{ group: PlanGroup }} */ (keyed.pop());
    givenUp.push(group);
    dropped.push(...contentWords(group));
    yield { groups: keyed.map((one) => one.group), dropped: [...dropped] };
  }
  for (const other of givenUp.reverse()) {
    const reaches = /** @type {Float64Array} */ (matches.get(other)).some(Boolean);
    if (!other.concepts.length || isPlace(other) || !reaches) continue;
    const others = groups.filter((group) => group !== other);
    yield { groups: [other], dropped: others.flatMap(contentWords) };
  }
}

/**
 * Return the function that filters, ranks and counts the rows that the words find.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {AttemptScope & { order: string }} asked
 * @param {(row: number) => boolean} isUnfit
 */
function rankerOf(library, question, { place, invented, order, now }, isUnfit) {
  const { documents } = library;
  const { fit, tooOld } = fitting(library, question, { place, invented, now });
  /** @param {WordHit[]} words */
  return (words) => {
    const found = words.filter(({ row }) => !isUnfit(row));
    const fits = found.flatMap((hit) => {
      const rowFit = fit(hit.row);
      if (!rowFit) return [];
      const { starts } = upcoming(documents, hit.row, now, question) ?? NEVER;
      return [{ ...hit, fit: rowFit, starts }];
    });
    const hits = select(documents, fits, order);
    return { hits, ...counted(hits), tooOld: found.filter(({ row }) => tooOld(row)).length };
  };
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
 * Return {starts, lasts} of a row's next session that is not over and falls on the days, dates
 * and times asked for, in minutes since 1970 and in minutes (null where its end is not known); null without.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 * @param {SearchQuestion} question
 */
export function upcoming(documents, row, now, question) {
  const isOn = isOnOf(question);
  const next = sessionsOf(documents, row).find((one) => isLeft(one, now) && isOn(one));
  return next ? { starts: next.starts, lasts: next.lasts } : null;
}

/**
 * Return what says whether a session falls on the days, dates and times asked for.
 * @param {SearchQuestion} question
 * @returns {(session: HeldSession) => boolean}
 */
function isOnOf({ days = [], dates = [], times = [] }) {
  if (!days.length && !dates.length && !times.length) return () => true;
  const parts = [0, ...times.map((part) => PARTS.indexOf(part) + 1)];
  return (session) => {
    const isInPart = !times.length || partsOf(session).some((part) => parts.includes(part));
    if (dates.length && isInPart && isOnDate(session, dates)) return true;
    if (dates.length && !days.length) return false;
    return session.letters.some((letter) => slotFits(letter, days, times));
  };
}
