// From a question to rows, in the page: plan, match, filter, rank, as api/search/embedded/engine.py
// does it. Pure: it is given the library and the time, touches no page and asks nobody.

import { RANK, RULES } from "./search_constants.js";
import { slotFits } from "./search_filters.js";
import { matchGroup, titleBonuses } from "./search_match.js";
import { alsoLookedFor, contentWords, isGuess, isPlace, narrows, planOf } from "./search_plan.js";
import { fitting, GROUPS, orderOf, select, where } from "./search_rules.js";
import { DAYS } from "./search_terms.js";

const NEVER = { starts: Infinity };
const MINUTE = 60000;
const weekday = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", weekday: "long" });

/**
 * Answer a question {q, place, near, kind, need, free, alone, lift, buddy, language, order: texts,
 * within_km, age: numbers, days, times, ways, access, promises, as_typed: lists; all optional} at
 * `now` (milliseconds). Returns `hits` {row, full, fit} in order of showing, of which `full` say
 * that all words match; `groups` [{group, matching, may, some}]: how many fit for certain, may fit,
 * or fit some of the words; `matching` and `may` of all groups but "further"; how many are
 * `tooOld`; the words `also` looked for and `leftOut`, the filters `understood`, the question as it
 * was `asked` with them, and the place as understood.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {SearchResult}
 */
export function answer(library, question, now) {
  const today = DAYS.indexOf(weekday.format(now).toLowerCase());
  const plan = planOf(library.source, question.q || "", today, question.as_typed ?? []);
  const found = attempt(library, plan, question, now);
  const names = plan.groups.some(({ concepts }) => concepts.length);
  if (found.hits.length || names || !plan.understood.some(narrows)) return found;
  const unknownWords = [...plan.unknownWords, ...plan.groups.flatMap(contentWords)];
  return attempt(library, { ...plan, groups: [], unknownWords }, question, now);
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
  /** @param {"days" | "times" | "ways"} name */
  const chosen = (name) => (question[name]?.length ? question[name] : values(name));
  return {
    ...question,
    days: chosen("days"),
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
 * @param {number} now
 * @returns {SearchResult}
 */
function attempt(library, plan, question, now) {
  const narrowed = narrow(question, plan.understood);
  const asked = plan.groups.length ? narrowed : { ...narrowed, q: "" };
  const place = where(library, asked);
  const order = orderOf(asked, place);
  const ranker = rankerOf(library, asked, { place, order, now });
  const pages = library.sitePages.find(question.q ?? "");
  const common = { place, order, asked, understood: plan.understood, pages };
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
 * @param {{ place: PlaceFilter, order: string, now: number }} asked
 */
function rankerOf(library, question, { place, order, now }) {
  const { documents } = library;
  const { fit, tooOld } = fitting(library, question, place);
  /** @param {WordHit[]} found */
  return (found) => {
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
 * Return {starts, lasts} of a row's next session that is not over and falls on the days and times
 * asked for, in minutes since 1970 and in minutes (null where its end is not known); null without.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 * @param {SearchQuestion} question
 */
export function upcoming({ since, coming, fits, slots }, row, now, { days = [], times = [] }) {
  const sessions = coming[row];
  const slotsOf = fits[row] ? fits[row].split(".") : [];
  const anyTime = !days.length && !times.length;
  for (let at = 0; at < sessions.length; at += 2) {
    const starts = since + Number(sessions[at]);
    const lasts = sessions[at + 1];
    const letters = [...(slotsOf[at / 2] ?? slots[row]).replace("-", "")];
    const isOn = anyTime || letters.some((letter) => slotFits(letter, days, times));
    if (isOn && (starts + (lasts || 0)) * MINUTE >= now) return { starts, lasts };
  }
  return null;
}
