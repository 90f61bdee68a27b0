// Places as people write them, understood as catalogue/model/gazetteer.py does: a name, half a name, a
// name misspelt, an outward code, a whole postcode whose second half is dropped, a point. Pure.

import { RULES } from "./search_constants.js";
import { kilometres, middle } from "./search_distance.js";
import { codeWithin, slips, tolerance, words } from "./search_text.js";

const COORDINATES = /^(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)$/;

/**
 * Return, per area, itself and all areas around it, nearest first.
 * @param {AreaTerm[]} areas
 */
export function chainsOf(areas) {
  return areas.map((_, area) => {
    /** @type {number[]} */
    const chain = [];
    for (let at = area; at >= 0 && !chain.includes(at); at = areas[at][1]) chain.push(at);
    return chain;
  });
}

/**
 * Return the numbers of the narrowest areas an outward code belongs to.
 * @param {AreaTerm[]} areas
 * @param {string} code
 */
export function areasOfCode(areas, code) {
  const having = [...areas.keys()].filter((area) => areas[area][2].includes(code));
  const chains = chainsOf(areas);
  /** @param {number} area */
  const holdsAnother = (area) =>
    having.some((other) => other !== area && chains[other].includes(area));
  return having.filter((area) => !holdsAnother(area));
}

/**
 * Return where a device says it is, {latitude, longitude}; null where it says what cannot be.
 * @param {string} near
 * @returns {Position | null}
 */
export function pointOf(near) {
  const found = COORDINATES.exec(near);
  if (!found) return null;
  const [latitude, longitude] = found.slice(1).map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

/**
 * Return the place a question {place, near} asks for, of which `near` goes first: {label, areas,
 * code, point, device, known}. Without either the label is empty; an unknown place filters
 * nothing.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @returns {SearchPlace}
 */
export function placeOf(library, { place = "", near = "" }) {
  const { areas } = library.documents.terms;
  const point = near ? pointOf(near) : null;
  const nowhere = { label: "", areas: [], code: "", point: null, device: false, known: true };
  if (point) return { ...nowhere, point, areas: areasAt(areas, point), device: true };
  const asked = place.trim();
  if (!asked) return nowhere;
  for (const part of [asked, asked.split(",")[0]]) {
    const found = byCode(library, part) || byName(areas, part);
    if (found) return { ...nowhere, ...found };
  }
  return { ...nowhere, label: asked, known: false };
}

/**
 * @param {SearchLibrary} library
 * @param {string} text
 * @returns {Partial<SearchPlace> | null}
 */
function byCode({ documents, rows, middles }, text) {
  const code = codeWithin(text);
  if (!code) return null;
  const areas = areasOfCode(documents.terms.areas, code);
  if (!areas.length && !rows.has(`code/${code}`)) return null;
  const around = areas
    .map((at) => areaPoint(documents.terms.areas, at))
    .filter((it) => it !== null);
  return { label: code, areas, code, point: middles.get(code) || middle(around) };
}

/**
 * @param {AreaTerm[]} areas
 * @param {string} text
 * @returns {Partial<SearchPlace> | null}
 */
function byName(areas, text) {
  const sought = slugOf(text);
  const slugs = areas.map(([name]) => slugOf(name));
  if (slugs.includes(sought)) return areaPlace(areas, slugs.indexOf(sought));
  const parts = sought ? slugs.map((slug) => `-${slug}-`.includes(`-${sought}-`)) : [];
  if (parts.includes(true)) {
    return { label: capitals(text.trim()), areas: [...slugs.keys()].filter((at) => parts[at]) };
  }
  return misspelt(areas, slugs, sought);
}

/**
 * Return the one area this may be a misspelling of; null where it may be several.
 * @param {AreaTerm[]} areas
 * @param {string[]} slugs
 * @param {string} sought
 */
function misspelt(areas, slugs, sought) {
  const distances = slugs.map((slug) => slips(slug, sought, tolerance(sought)));
  const least = Math.min(...distances);
  const several = distances.indexOf(least) !== distances.lastIndexOf(least);
  return least === Infinity || several ? null : areaPlace(areas, distances.indexOf(least));
}

/**
 * Return the middle of an area; null of one that has others within it, whose middle says nothing.
 * @param {AreaTerm[]} areas
 * @param {number} at
 * @returns {Point | null}
 */
function areaPoint(areas, at) {
  const [, , , latitude, longitude] = areas[at];
  const holds = areas.some(([, within]) => within === at);
  return holds || latitude === null || longitude === null
    ? null
    : { latitude, longitude, about: true };
}

/**
 * Return the narrowest area whose middle is nearest to a point; none far from all.
 * @param {AreaTerm[]} areas
 * @param {Position} point
 */
function areasAt(areas, point) {
  let nearest = { km: RULES.area_km, name: "", at: -1 };
  for (const [at, [name]] of areas.entries()) {
    const middleOf = areaPoint(areas, at);
    const km = middleOf ? kilometres(middleOf, point) : Infinity;
    if (km < nearest.km || (km === nearest.km && name < nearest.name)) nearest = { km, name, at };
  }
  return nearest.at < 0 ? [] : [nearest.at];
}

/** @param {string} text */
const capitals = (text) => text.replace(/(^|[^\p{L}])\p{Ll}/gu, (start) => start.toUpperCase());
/**
 * @param {AreaTerm[]} areas
 * @param {number} at
 */
const areaPlace = (areas, at) => ({
  label: areas[at][0],
  areas: [at],
  point: areaPoint(areas, at),
});
/** @param {string} text */
const slugOf = (text) => words(text.replace(/['’]/g, " ")).join("-");
