// Places as people write them, understood as catalogue/model/gazetteer.py does: a name, an outward
// code, a whole postcode whose second half is dropped, a point. What only looks like a place, or is
// one of several, is offered and never taken. Pure.

import { RULES, SPELLING } from "./search_constants.js";
import { kilometres, middle } from "./search_distance.js";
import { slips, words } from "./search_text.js";
import { placeKey } from "./search_uk_places.js";

const COORDINATES = /^(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)$/;
const POSTCODE = /\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b/;
const OUTWARD_CODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const OFFERS = 6; // places offered at most
// What people write before a place, and after any, as `placeKey` has it.
const NEAR_WORDS = new Set("nr in at around round by close to from outside".split(" "));
const ANYWHERE = new Set("area uk united-kingdom gb great-britain britain".split(" "));
const COUNTY_KM = 15; // the county of an area is that of a place so near

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
 * code, point, device, known, town, offers, invented}. Without either the label is empty; one that
 * is not known for sure filters nothing, and has as `offers` what it may mean.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @returns {SearchPlace}
 */
export function placeOf(library, { place = "", near = "" }) {
  const { areas } = library.documents.terms;
  const point = near ? pointOf(near) : null;
  if (point) {
    return withWorld(library, { ...NOWHERE, point, areas: areasAt(areas, point), device: true });
  }
  const asked = place.trim();
  if (!asked) return NOWHERE;
  const found = lookUp(library, asked);
  return withWorld(library, { ...NOWHERE, label: asked, known: false, ...found });
}

/**
 * Say whether the place of a question may be found among those of the UK, once they are there.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 */
export function needsUkPlaces(library, question) {
  return !library.ukPlaces && !placeOf(library, question).known;
}

/** @type {SearchPlace} */
const NOWHERE = {
  label: "",
  areas: [],
  code: "",
  point: null,
  device: false,
  known: true,
  town: "",
  offers: [],
  invented: null,
};

/**
 * Say of a place whether it belongs to the demonstration; null where that is not known.
 * @param {SearchLibrary} library
 * @param {SearchPlace} place
 * @returns {SearchPlace}
 */
function withWorld({ documents: { terms } }, place) {
  const chains = place.areas.length ? chainsOf(terms.areas) : [];
  const isInvented = () =>
    place.areas.some((at) => chains[at].some((area) => terms.invented.includes(area)));
  const isReal = place.point && terms.areas.some((area) => middleOf(area));
  const invented = place.areas.length ? isInvented() : isReal ? false : null;
  return { ...place, invented };
}

/**
 * @param {SearchLibrary} library
 * @param {string} text
 * @returns {Partial<SearchPlace>}
 */
function lookUp(library, text) {
  const byCode = placeOfCode(library, text);
  if (byCode) return { ...byCode, known: true };
  const parts = placeKey(text).split("-");
  const names = namesOf(library);
  /** @type {string[]} */
  const offers = [];
  const starts = [parts, withoutNear(parts)];
  for (const some of starts[1].length === parts.length ? [parts] : starts) {
    for (let length = some.length; length > 0; length -= 1) {
      const named = names.named(some.slice(0, length).join("-"));
      const fitting = named.filter((one) => fits(library, one, some.slice(length)));
      const match = chosen(fitting, some.join("-"));
      if (match) return match;
      offers.push(...named.map(({ label }) => label));
    }
  }
  const last = text.split(",").filter((part) => part.trim());
  if (last.length > 1) {
    offers.push(...names.named(placeKey(last[last.length - 1])).map(({ label }) => label));
  }
  return { offers: offers.length ? first(offers) : resembling(names, text) };
}

/**
 * @param {SearchLibrary} library
 * @param {string} text
 * @returns {Partial<SearchPlace> | null}
 */
function placeOfCode({ documents, rows, middles, ukPlaces }, text) {
  const code = codeOf(text);
  if (!code) return null;
  const { areas: terms } = documents.terms;
  const areas = areasOfCode(terms, code);
  if (areas.length || rows.has(`code/${code}`)) {
    const around = areas.map((at) => areaPoint(terms, at)).filter((it) => it !== null);
    return { label: code, areas, code, point: middles.get(code) || middle(around) };
  }
  const imported = ukPlaces?.codes.get(code);
  if (imported) return { label: code, areas: areasAt(terms, imported), code, point: imported };
  const town = ukPlaces?.towns.get(code.replace(/\d.*/, ""));
  return town ? { label: code, code, point: town.point, town: town.name } : null;
}

/**
 * Return the outward code of the postcode in a text, however it is spaced.
 * @param {string} text
 */
function codeOf(text) {
  const parts = words(text);
  const together = parts.join("").toUpperCase();
  const whole = POSTCODE.exec(together);
  if (whole && whole[0] === together) return whole[1];
  const within = POSTCODE.exec(parts.join(" ").toUpperCase());
  return within ? within[1] : halfPostcode(parts);
}

/**
 * Return "WR12" of "wr12" and "WR 12", nothing of "WR1 2": that is of WR1, and cut short.
 * @param {string[]} parts
 */
function halfPostcode(parts) {
  const together = parts.join("").toUpperCase();
  const isHalf = OUTWARD_CODE.test(together) && (parts.length === 1 || /^[a-z]+$/i.test(parts[0]));
  return isHalf ? together : "";
}

/**
 * Return "WR1 2AB" of "wr12ab", "WR1" of "wr1"; a text that is no postcode as it was written.
 * @param {string} text
 */
export function tidyPostcode(text) {
  const parts = words(text);
  const together = parts.join("").toUpperCase();
  const whole = POSTCODE.exec(together);
  const isWhole = whole && whole[0] === together;
  return isWhole ? `${whole[1]} ${whole[2]}` : halfPostcode(parts) || text;
}

/**
 * Return how to find places by the key of a name: those of the directory first, then the UK's.
 * @param {SearchLibrary} library
 * @returns {PlaceNames}
 */
function namesOf({ documents, ukPlaces }) {
  const { areas } = documents.terms;
  const own = new Map(areas.map(([name], at) => [placeKey(name), at]));
  /** @param {string} key */
  const named = (key) => {
    const at = own.get(key);
    /** @type {PlaceCandidate[]} */
    const found = at === undefined ? [] : [{ label: areas[at][0], key, area: at, uk: null }];
    for (const uk of ukPlaces?.named(key) ?? []) {
      const point = at === undefined ? null : middleOf(areas[at]);
      const isTheSame = at !== undefined && (!point || kilometres(point, uk.point) < RULES.area_km);
      if (!isTheSame) found.push({ label: uk.label, key: placeKey(uk.label), area: -1, uk });
    }
    return found.map((one) => ({ ...one, place: placeOfCandidate(areas, one) }));
  };
  return { own, named, ukPlaces };
}

/**
 * @param {AreaTerm[]} areas
 * @param {PlaceCandidate} candidate
 * @returns {Partial<SearchPlace>}
 */
function placeOfCandidate(areas, { label, area, uk }) {
  if (!uk) return { label, areas: [area], point: areaPoint(areas, area) };
  return { label, areas: areasAt(areas, uk.point, RULES.near_km), point: uk.point };
}

/**
 * Say whether the words after a name say where that place lies: "somerset", "mendip uk".
 * @param {SearchLibrary} library
 * @param {PlaceCandidate} candidate
 * @param {string[]} around
 * @returns {boolean}
 */
function fits(library, candidate, around) {
  return (
    !around.length ||
    around.some(
      (_, at) =>
        liesIn(library, candidate, around.slice(0, at + 1).join("-")) &&
        fits(library, candidate, around.slice(at + 1)),
    )
  );
}

/**
 * @param {SearchLibrary} library
 * @param {PlaceCandidate} candidate
 * @param {string} key
 */
function liesIn({ documents, ukPlaces }, { area, uk }, key) {
  if (ANYWHERE.has(key)) return true;
  /** @param {Position} point */
  const isNear = (point) =>
    (ukPlaces?.named(key) ?? []).some((town) => kilometres(point, town.point) < RULES.area_km);
  /** @param {UkPlace} place */
  const isInCounty = (place) => place.counties.some(({ keys }) => keys.has(key));
  if (uk) return isInCounty(uk) || isNear(uk.point);
  const { areas } = documents.terms;
  if (chainsOf(areas)[area].some((at) => placeKey(areas[at][0]) === key)) return true;
  const point = middleOf(areas[area]);
  if (!point || !ukPlaces) return false;
  const nearest = ukPlaces.places.reduce(
    (best, place) => {
      const km = kilometres(point, place.point);
      return km < best.km ? { km, place } : best;
    },
    { km: COUNTY_KM, place: /** @type {UkPlace | null} */ (null) },
  );
  return Boolean(nearest.place && isInCounty(nearest.place)) || isNear(point);
}

/**
 * Return the one of these places that a text means, or all of them to choose from: one of this
 * directory goes first; then one whose shown name was written; then the one that is always meant.
 * @param {PlaceCandidate[]} fitting
 * @param {string} key
 * @returns {Partial<SearchPlace> | null}
 */
function chosen(fitting, key) {
  if (!fitting.length) return null;
  const written = fitting.filter((one) => one.key === key);
  const sure = fitting.length === 1 || !fitting[0].uk ? fitting : written;
  if (sure !== written || written.length === 1) return { ...sure[0].place, known: true };
  const main = fitting.find(({ uk }) => uk?.isMain);
  const offers = first(fitting.filter((one) => one !== main).map(({ label }) => label));
  return main ? { ...main.place, known: true, offers } : { offers };
}

/**
 * Return what has these words in its name, or is spelt almost so.
 * @param {PlaceNames} names
 * @param {string} text
 */
function resembling(names, text) {
  for (const part of new Set([text, text.split(",")[0]])) {
    const key = withoutNear(placeKey(part).split("-")).join("-");
    const found = key ? longerNames(names, key) : [];
    if (found.length) return found;
    const near = key ? misspelt(names, key) : [];
    if (near.length) return near;
  }
  return [];
}

/**
 * @param {PlaceNames} names
 * @param {string} key
 */
function longerNames({ own, named, ukPlaces }, key) {
  const areas = [...own.keys()].filter((other) => `-${other}-`.includes(`-${key}-`));
  const longer = (ukPlaces?.keys ?? []).filter((other) => other.startsWith(`${key}-`));
  const labels = areas.map((other) => named(other)[0].label).sort();
  return first([...labels, ...labelsOf(named, longer)]);
}

/**
 * Return the names nearest to a misspelt one; words run together count as apart.
 * @param {PlaceNames} names
 * @param {string} key
 */
function misspelt({ own, named, ukPlaces }, key) {
  const keys = [...new Set([...own.keys(), ...(ukPlaces?.keys ?? [])])];
  const sought = key.replaceAll("-", "");
  if (sought.length < SPELLING.one_slip_from) return [];
  const most = sought.length < SPELLING.two_slips_from ? 1 : 2;
  const distances = keys.map((other) => slips(other.replaceAll("-", ""), sought, most));
  const least = distances.reduce((low, one) => Math.min(low, one), Infinity);
  if (least === Infinity) return [];
  const nearest = keys.filter((_, at) => distances[at] === least);
  return first(labelsOf(named, nearest));
}

/**
 * @param {PlaceNames["named"]} named
 * @param {string[]} keys
 */
const labelsOf = (named, keys) => keys.flatMap((key) => named(key).map(({ label }) => label));
/** @param {string[]} offers */
const first = (offers) => [...new Set(offers)].slice(0, OFFERS);
/**
 * Return the words after "near", "in", "close to"; all of them where there is no other.
 * @param {string[]} parts
 */
function withoutNear(parts) {
  const at = parts.findIndex((word) => !NEAR_WORDS.has(word));
  return parts.slice(Math.max(0, at));
}

/**
 * Return the middle of an area; null of one that has others within it, whose middle says nothing.
 * @param {AreaTerm[]} areas
 * @param {number} at
 * @returns {Point | null}
 */
function areaPoint(areas, at) {
  return areas.some(([, within]) => within === at) ? null : middleOf(areas[at]);
}

/**
 * @param {AreaTerm} area
 * @returns {Point | null}
 */
function middleOf([, , , latitude, longitude]) {
  return latitude === null || longitude === null ? null : { latitude, longitude, about: true };
}

/**
 * Return the narrowest area whose middle is nearest to a point; none far from all.
 * @param {AreaTerm[]} areas
 * @param {Position} point
 * @param {number} within kilometres
 */
function areasAt(areas, point, within = RULES.area_km) {
  let nearest = { km: within, name: "", at: -1 };
  for (const [at, [name]] of areas.entries()) {
    const middleOf = areaPoint(areas, at);
    const km = middleOf ? kilometres(middleOf, point) : Infinity;
    if (km < nearest.km || (km === nearest.km && name < nearest.name)) nearest = { km, name, at };
  }
  return nearest.at < 0 ? [] : [nearest.at];
}
