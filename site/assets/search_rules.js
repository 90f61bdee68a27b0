// What fits a question, in which group it stands and in which order: api/search/filters.py, in the
// page. Pure; a test asks both the same questions.
//
// Groups, asked near a place: "near" happens there, "serves" is for people there though it happens
// elsewhere, "comes" to them, "remote" reaches them by screen or phone. Coverage is not proximity.
// Where nothing is near, "further" has the nearest.

import { RULES } from "./search_constants.js";
import { distanceTo } from "./search_distance.js";
import { askingOf } from "./search_filters.js";
import { withTitle } from "./search_match.js";
import { chainsOf, placeOf } from "./search_places.js";
import { isOneThing, placesIn } from "./search_plan.js";
import { WAYS } from "./search_terms.js";
import { tokenise } from "./search_text.js";

/** @type {GroupName[]} */
export const GROUPS = ["all", "near", "serves", "comes", "remote", "further"];
const OLD = "4"; // the level of what nobody has checked for a year
const AGEING = Object.values(RULES.ageing); // by level
const AGEING_MINUTES = RULES.ageing_days * 24 * 60;
const [IN_PERSON, ONLINE, BY_PHONE, COMES] = WAYS.map((_, at) => String(at));

/**
 * Return the place a question asks for, with how far counts as near (0: only inside it).
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @returns {PlaceFilter}
 */
export function where(library, question) {
  const place = placeOf(library, question);
  const usual = !place.point ? 0 : place.point.about ? RULES.about_km : RULES.near_km;
  const asked = Number(question.within_km) || usual;
  const isAsked = place.known && Boolean(place.label || place.device);
  return { ...place, isAsked, within_km: place.point ? asked : 0 };
}

/**
 * Return the order asked for; what cannot be done falls to the next.
 * @param {SearchQuestion} question
 * @param {PlaceFilter} place
 */
export function orderOf(question, place) {
  const wanted = question.order || "best";
  if (wanted === "best" && (question.q || "").trim()) return "best";
  if (["best", "nearest"].includes(wanted) && place.isAsked && place.point) return "nearest";
  return "soonest";
}

/**
 * Return {fit, tooOld}: functions of a row. `fit` is {group, ask, km, about, inside}, or null;
 * `tooOld` says that a row fits, but was not checked for a year and is left out near a place.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {AttemptScope} scope
 * @returns {Fitting}
 */
export function fitting(library, question, { place, invented, now }) {
  const { documents } = library;
  const asking = askingOf(library, question, now);
  /** @param {number} row */
  const isOld = (row) => place.isAsked && documents.levels[row] === OLD;
  /** @param {number} row */
  const isOfWorld = (row) => invented === null || (documents.worlds[row] === "1") === invented;
  const grouped = groupedOf(library, place);
  return {
    fit: (row) => {
      const ask = isOld(row) || !isOfWorld(row) ? null : asking(row);
      if (ask === null) return null;
      return place.isAsked ? grouped(row, ask) : { group: "all", ask, km: null, about: false };
    },
    tooOld: (row) => isOld(row) && isOfWorld(row) && asking(row) !== null,
  };
}

/**
 * Return whether a question is answered with what is real (false) or with what is invented (true),
 * in the order to try them; null stands for all there is. `isNamed` says that the answer tells.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {PlaceFilter} place
 * @param {SearchPlan} plan
 * @returns {{ toTry: (boolean | null)[], isNamed: boolean }}
 */
export function worldsOf(library, question, place, plan) {
  if (place.isAsked && place.invented !== null) return { toTry: [place.invented], isNamed: false };
  if (!library.holdsBoth) return { toTry: [null], isNamed: false };
  if (question.invented) return { toTry: [true], isNamed: true };
  if (namesInvented(library, plan)) return { toTry: [true], isNamed: false };
  return { toTry: [false, true], isNamed: true };
}

/**
 * Say whether the words are the title of something invented, or name places of it alone. A title
 * that is a mere kind ("Coffee morning") asks for all of that kind.
 * @param {SearchLibrary} library
 * @param {SearchPlan} plan
 */
function namesInvented({ documents, index }, plan) {
  const { areas, invented } = documents.terms;
  const typed = plan.typed.join(" ");
  const isTyped = (/** @type {number} */ row) => tokenise(index.titles[row]).join(" ") === typed;
  const titled = isOneThing(plan) ? [] : withTitle(index, plan.titleKey).filter(isTyped);
  if (titled.length) return titled.every((row) => documents.worlds[row] === "1");
  const named = placesIn(plan, areas);
  const chains = named.length ? chainsOf(areas) : [];
  const isInvented = (/** @type {number} */ at) =>
    chains[at].some((area) => invented.includes(area));
  return named.length > 0 && named.every(isInvented);
}

/**
 * @param {SearchLibrary} library
 * @param {PlaceFilter} place
 * @returns {(row: number, ask: readonly string[]) => Fit | null}
 */
function groupedOf(library, place) {
  const { ways, served } = library.documents;
  const { isInside, covers } = areasOf(library, place);
  return (row, ask) => {
    const { km, about } = distanceTo(library.documents, row, place.point);
    const inside = isInside(row);
    const isNear = inside || (km !== null && km <= place.within_km);
    const anywhere = !served[row].length;
    const group = groupOf(ways[row], { isNear, covers: covers(row), anywhere, km });
    if (!group) return null;
    return {
      group,
      ask: group === "comes" && anywhere ? [...ask, "area"] : ask,
      km,
      about,
      inside,
    };
  };
}

/**
 * @param {string} ways
 * @param {{ isNear: boolean, covers: boolean, anywhere: boolean, km: number | null }} reach
 * @returns {GroupName | ""}
 */
function groupOf(ways, { isNear, covers, anywhere, km }) {
  const inPerson = ways.includes(IN_PERSON);
  if (inPerson && isNear) return "near";
  if (inPerson && covers) return "serves";
  if (ways.includes(COMES) && (covers || anywhere)) return "comes";
  const isRemote = ways.includes(ONLINE) || ways.includes(BY_PHONE);
  if (isRemote && (covers || anywhere)) return "remote";
  return inPerson && km !== null ? "further" : "";
}

/**
 * Return whether a row happens in the very area asked for, and whether it serves people there.
 * @param {SearchLibrary} library
 * @param {PlaceFilter} place
 */
function areasOf({ documents }, place) {
  const chains = chainsOf(documents.terms.areas);
  /** @param {number[]} areas */
  const meets = (areas) => areas.some((area) => place.areas.includes(area));
  const inside = chains.map(meets);
  const within = chains.map((_, at) =>
    [...chains.keys()].filter((other) => chains[other].includes(at)),
  );
  const reached = chains.map((chain, at) => meets(chain) || meets(within[at]));
  /** @param {number} row */
  const hasCode = (row) => place.code && documents.codes[row].split(" ").includes(place.code);
  return {
    /** @param {number} row */
    isInside: (row) => documents.places[row].some((area) => inside[area]) || Boolean(hasCode(row)),
    /** @param {number} row */
    covers: (row) => documents.served[row].some((area) => reached[area]),
  };
}

/**
 * Return hits {row, score, starts, fit} in the order of showing: by group; in each what is sure
 * before what must be asked, then as the `order` says, by slug last. `starts` is in minutes, or
 * Infinity. Of what is further off only the nearest are kept, and none where anything is near.
 * @param {SearchDocuments} documents
 * @param {SearchHit[]} hits
 * @param {string} order
 * @returns {SearchHit[]}
 */
export function select(documents, hits, order) {
  /** @type {{ [group: string]: (SearchHit & SortKey)[] }} */
  const groups = Object.fromEntries(GROUPS.map((group) => [group, []]));
  /** @typedef {(a: SearchHit & SortKey, b: SearchHit & SortKey) => number} Comparison */
  for (const hit of hits)
    groups[hit.fit.group].push(Object.assign(hit, keyOf(documents, hit, order)));
  /** @type {Comparison} */
  const bySlug = (a, b) => compare(documents.slugs[a.row], documents.slugs[b.row]);
  /** @type {Comparison} */
  const nearest = (a, b) => compare(a.fit.km ?? Infinity, b.fit.km ?? Infinity) || bySlug(a, b);
  groups.further = groups.near.length ? [] : groups.further.sort(nearest).slice(0, RULES.further);
  /** @type {Comparison} */
  const inOrder = (a, b) =>
    a.mustAsk - b.mustAsk ||
    b.relevance - a.relevance ||
    compare(a.distance, b.distance) ||
    compare(a.begins, b.begins) ||
    bySlug(a, b);
  return GROUPS.flatMap((group) => groups[group].sort(inOrder));
}

/**
 * Distances sort by whole kilometres, so that of two next to each other the sooner comes first.
 * @param {SearchDocuments} documents
 * @param {SearchHit} hit
 * @param {string} order
 * @returns {SortKey}
 */
function keyOf({ levels }, { row, score, starts, fit }, order) {
  const step = AGEING[Number(levels[row])];
  const away = fit.inside ? 0 : fit.km === null ? Infinity : Math.round(fit.km);
  return {
    mustAsk: fit.ask.length ? 1 : 0,
    relevance: order === "best" ? score : 0,
    distance: order === "nearest" ? away + RULES.ageing_km * step : 0,
    begins: starts + AGEING_MINUTES * step,
  };
}

/** @type {(a: string | number, b: string | number) => number} */
const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1); // Infinity - Infinity is no number
