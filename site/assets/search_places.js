// Places as people write them, understood as catalogue/model/gazetteer.py does: a name, an outward
// code, a whole postcode whose second half is dropped, a venue, a point. What only looks like a
// place, or is one of several, is offered and never taken. Pure.

import { PLACES, RULES, SPELLING } from "./search_constants.js";
import { kilometres, middle, pointsOf } from "./search_distance.js";
import { outwardCodeIn } from "./search_postcodes.js";
import { slips } from "./search_text.js";
import { NATIONS, placeKey } from "./search_uk_places.js";

const COORDINATES = /^(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)$/;
const OFFERS = 6; // places offered at most
const LETTERS = 2; // of a postcode area that stands alone; one letter begins anything
const COUNTY_KM = 15; // the county of an area is that of a place so near, and so its outward code
const TOWN_KM = 50; // an outward code of which only its main town is known lies no further from that
const ROAD = placeKey("street"); // also the name of a town, which no address means
/** @param {string} text */
const keysOf = (text) => new Set(text.split(/\n| \| /).map(placeKey));
const NEAR = keysOf(PLACES.before); // what people write before a place,
const ANYWHERE = keysOf(PLACES.anywhere); // and after any
const SHORT_FOR = keysOf(PLACES.short_for);
const SELF = keysOf(PLACES.self);
const COMMON = keysOf(PLACES.common);
// What stands before the key of a place and says how far from it, or of what sort it is.
const MEASURED =
  /^(?:(?:within-)?\d+-(?:miles?|km)-(?:of|from|around)|(?:city|town|village|county)-of)-/;

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
  const names = namesOf(library);
  if (byCode) return { ...byCode, known: true, offers: labels(names.named(placeKey(text))) };
  const parts = placeKey(text).split("-");
  const bare = withoutNear(parts);
  /** @type {string[]} */
  const offers = [];
  for (const some of bare.length === parts.length ? [parts] : [parts, bare]) {
    const textKey = some.join("-");
    if (NATIONS.has(textKey)) return { offers: first(labels(names.named(textKey))) };
    for (let length = some.length; length > 0; length -= 1) {
      const [name, around] = [some.slice(0, length).join("-"), some.slice(length)];
      const candidates = names.named(name);
      const longer = candidates.length ? longForms(names, name) : [];
      const match = chosen(library, { candidates, longer, around, key: textKey });
      if (match) return match;
      offers.push(...labels(fitting(library, longer, around)));
      offers.push(...labels(ofAddresses(candidates, length)));
    }
  }
  const turned = turnedRound(library, names, bare);
  if (turned) return turned;
  const found = [...spacedOtherwise(names, bare), ...offers, ...withinText(library, names, bare)];
  return { offers: found.length ? first(found) : resembling(names, text) };
}

/**
 * Return the places that people may mean by a name, cut short.
 * @param {PlaceNames} names
 * @param {string} key
 */
function longForms({ named, ukPlaces }, key) {
  const isLong = (/** @type {string} */ other) =>
    other.startsWith(`${key}-`) && SHORT_FOR.has(other.slice(key.length + 1).split("-")[0]);
  return (ukPlaces?.keys ?? []).filter(isLong).flatMap(named);
}

/**
 * Return the place of "somerset, wells", where the last words lie in the first.
 * @param {SearchLibrary} library
 * @param {PlaceNames} names
 * @param {string[]} parts
 */
function turnedRound(library, names, parts) {
  for (let at = 1; at < parts.length; at += 1) {
    const [around, key] = [parts.slice(0, at), parts.slice(at).join("-")];
    const candidates = ANYWHERE.has(around.join("-")) ? [] : names.named(key);
    const match = chosen(library, { candidates, longer: [], around, key });
    if (match) return match;
  }
  return null;
}

/**
 * Return the places that an address names after its first word: "3 Mill Lane, Wells".
 * @param {SearchLibrary} library
 * @param {PlaceNames} names
 * @param {string[]} parts
 */
function withinText(library, names, parts) {
  /** @type {string[]} */
  const found = [];
  for (let start = 1; start < parts.length; start += 1) {
    for (let end = parts.length; end > start; end -= 1) {
      const key = parts.slice(start, end).join("-");
      const all = key === ROAD || NATIONS.has(key) ? [] : names.named(key);
      const candidates = ofAddresses(all, end - start);
      const fit = fitting(library, candidates, parts.slice(end));
      found.push(...labels(fit.length ? fit : candidates));
    }
  }
  return found;
}

/**
 * Leave out venues of one word: "Mill Lane" does not mean the Mill.
 * @param {PlaceCandidate[]} candidates
 * @param {number} count of words
 */
const ofAddresses = (candidates, count) =>
  candidates.filter(({ isVenue }) => count > 1 || !isVenue);

/**
 * Return the places of a name of which words were run together or parted.
 * @param {PlaceNames} names
 * @param {string[]} parts
 */
function spacedOtherwise(names, parts) {
  const together = parts.join("");
  const keys = everyKey(names).filter((key) => key.replaceAll("-", "") === together);
  return keys.flatMap((key) => labels(names.named(key)));
}

/**
 * @param {SearchLibrary} library
 * @param {string} text
 * @returns {Partial<SearchPlace> | null}
 */
function placeOfCode({ documents, rows, middles, ukPlaces }, text) {
  const code = outwardCodeIn(text);
  if (!code) {
    const letters = text.trim().toUpperCase();
    const isArea = letters.length === LETTERS && !NEAR.has(letters.toLowerCase());
    return isArea ? atTown(ukPlaces, letters) : null;
  }
  const { areas: terms } = documents.terms;
  const areas = areasOfCode(terms, code);
  if (areas.length || rows.has(`code/${code}`)) {
    const around = areas.map((at) => areaPoint(terms, at)).filter((it) => it !== null);
    return { label: code, areas, code, point: middles.get(code) || middle(around) };
  }
  const imported = ukPlaces?.codes.get(code);
  if (imported) return { label: code, areas: areasAt(terms, imported), code, point: imported };
  return atTown(ukPlaces, code);
}

/**
 * Return the place of a code, or of the letters it begins with, at their main town.
 * @param {UkPlaces | null} ukPlaces
 * @param {string} code
 * @returns {Partial<SearchPlace> | null}
 */
function atTown(ukPlaces, code) {
  const town = ukPlaces?.towns.get(code.replace(/\d.*/, ""));
  return town ? { label: code, code, point: town.point, town: town.name } : null;
}

/**
 * Return how to find places by the key of a name: those of the directory first, then the UK's.
 * @param {SearchLibrary} library
 * @returns {PlaceNames}
 */
function namesOf({ documents, ukPlaces }) {
  const { areas } = documents.terms;
  const own = new Map(areas.map(([name], at) => [placeKey(name), at]));
  const venues = ukPlaces ? venuesOf(documents) : new Map();
  /** @param {string} key */
  const named = (key) => {
    const at = own.get(key);
    const point = at === undefined ? null : middleOf(areas[at]);
    const isOther = (/** @type {UkPlace} */ uk) =>
      at === undefined || (point && kilometres(point, uk.point) >= RULES.area_km);
    const found = [
      ...(at === undefined ? [] : [ownCandidate(areas, at)]),
      ...(ukPlaces?.named(key) ?? []).filter(isOther).map((uk) => ukCandidate(areas, uk, ukPlaces)),
    ];
    return found.length ? found : (venues.get(key.replace(/^the-/, "")) ?? []);
  };
  return { own, venues, named, ukPlaces };
}

/**
 * @param {AreaTerm[]} areas
 * @param {number} area
 * @returns {PlaceCandidate}
 */
function ownCandidate(areas, area) {
  const [label] = areas[area];
  const place = { label, areas: [area], point: areaPoint(areas, area) };
  return { label, key: placeKey(label), area, isVenue: false, uk: null, place };
}

/**
 * @param {AreaTerm[]} areas
 * @param {UkPlace} uk
 * @param {UkPlaces | null} ukPlaces
 * @returns {PlaceCandidate}
 */
function ukCandidate(areas, uk, ukPlaces) {
  const { label, point } = uk;
  const inside = uk.isCounty ? areasIn(areas, label, ukPlaces) : [];
  const place = inside.length
    ? { label, areas: inside, point: null }
    : { label, areas: areasAt(areas, point, RULES.near_km), point };
  return { label, key: placeKey(label), area: -1, isVenue: false, uk, place };
}

/**
 * Return the numbers of the narrowest areas that lie in a county.
 * @param {AreaTerm[]} areas
 * @param {string} county
 * @param {UkPlaces | null} ukPlaces
 */
function areasIn(areas, county, ukPlaces) {
  return [...areas.keys()].filter((at) => {
    const point = areaPoint(areas, at);
    return point && nearestPlace(ukPlaces, point)?.counties[0].name === county;
  });
}

/** @type {WeakMap<SearchDocuments, Map<string, PlaceCandidate[]>>} */
const venuesByDocuments = new WeakMap();

/**
 * Return the venues of rows that have only one, by name without their rooms, each once: one whose
 * spot is known goes before one in its area.
 * @param {SearchDocuments} documents
 * @returns {Map<string, PlaceCandidate[]>}
 */
function venuesOf(documents) {
  const known = venuesByDocuments.get(documents);
  if (known) return known;
  const { areas } = documents.terms;
  /** @type {Map<string, { name: string, area: number, point: Point | null }>} */
  const byLabel = new Map();
  documents.venues.forEach((line, row) => {
    const [area] = documents.places[row];
    const points = pointsOf(documents, row);
    if (area === undefined || points.length > 1 || !line.endsWith(`, ${areas[area][0]}`)) return;
    const [name] = line.slice(0, -areas[area][0].length - 2).split(",");
    const label = `${name}, ${areas[area][0]}`;
    const [point = null] = points;
    const before = byLabel.get(label);
    if (!before || (point && !point.about && before.point?.about !== false)) {
      byLabel.set(label, { name, area, point });
    }
  });
  /** @type {Map<string, PlaceCandidate[]>} */
  const venues = new Map();
  for (const label of [...byLabel.keys()].sort()) {
    const { name, area, point } = /** @type {NonNullable<ReturnType<typeof byLabel.get>>} */ (
      byLabel.get(label)
    );
    const key = placeKey(name).replace(/^the-/, "");
    const place = { label, areas: [area], point };
    const venue = { label, key: placeKey(label), area, isVenue: true, uk: null, place };
    venues.set(key, [...(venues.get(key) ?? []), venue]);
  }
  venuesByDocuments.set(documents, venues);
  return venues;
}

/**
 * Say whether the words after a name say where that place lies: "somerset", "mendip uk".
 * @param {SearchLibrary} library
 * @param {PlaceCandidate} candidate
 * @param {string[]} around
 */
function fits(library, candidate, around) {
  const explained = new Set([0]); // how many words from the first on say it
  for (let start = 0; start < around.length; start += 1) {
    for (let end = start + 1; explained.has(start) && end <= around.length; end += 1) {
      const key = around.slice(start, end).join("-");
      if (liesIn(library, candidate, key)) explained.add(end);
    }
  }
  return explained.has(around.length);
}

/**
 * @param {SearchLibrary} library
 * @param {PlaceCandidate} candidate
 * @param {string} key
 */
function liesIn(library, { area, uk }, key) {
  if (ANYWHERE.has(key)) return true;
  const { documents, ukPlaces } = library;
  const { areas } = documents.terms;
  const where = NATIONS.get(key) ?? key;
  if (area >= 0 && chainsOf(areas)[area].some((at) => placeKey(areas[at][0]) === where))
    return true;
  /** @param {UkPlace | null | undefined} place */
  const isInCounty = (place) => Boolean(place?.counties.some(({ keys }) => keys.has(where)));
  if (uk?.isCounty) return isInCounty(uk);
  const point = uk ? uk.point : middleOf(areas[area]);
  if (!point || !ukPlaces) return false;
  const isNear = () =>
    ukPlaces.named(where).some((town) => kilometres(point, town.point) < RULES.area_km);
  return (
    isInCounty(uk ?? nearestPlace(ukPlaces, point)) || isNear() || isNearCode(library, point, where)
  );
}

/**
 * Say whether a word after a name is the outward code of a place there: "wells ba5".
 * @param {SearchLibrary} library
 * @param {Position} point
 * @param {string} key
 */
function isNearCode(library, point, key) {
  const code = outwardCodeIn(key) ? placeOfCode(library, key) : null;
  if (!code?.point) return false;
  return kilometres(code.point, point) < (code.town ? TOWN_KM : COUNTY_KM);
}

/**
 * Return the place nearest to a point, which says its county; null far from all.
 * @param {UkPlaces | null} ukPlaces
 * @param {Position} point
 */
function nearestPlace(ukPlaces, point) {
  let [nearest, least] = [/** @type {UkPlace | null} */ (null), COUNTY_KM];
  for (const place of ukPlaces?.places ?? []) {
    const km = kilometres(point, place.point);
    if (km < least) [nearest, least] = [place, km];
  }
  return nearest;
}

/**
 * Return those that lie where the words after their name say.
 * @param {SearchLibrary} library
 * @param {PlaceCandidate[]} candidates
 * @param {string[]} around
 */
function fitting(library, candidates, around) {
  return candidates.filter((one) => fits(library, one, around));
}

/**
 * Return the place that a text means, of those of its name, or all of them to choose from: an area
 * of this directory goes first; then one whose shown name was written; then the one that is always
 * meant. A venue is only offered if many are called so. `longer` are places whose name may have
 * been cut short, `around` the words after the name, `key` is the whole text.
 * @param {SearchLibrary} library
 * @param {{ candidates: PlaceCandidate[], longer: PlaceCandidate[], around: string[], key: string }} asked
 * @returns {Partial<SearchPlace> | null}
 */
function chosen(library, { candidates, longer, around, key }) {
  const fit = fitting(library, candidates, around);
  if (!fit.length) return null;
  const [best] = fit;
  if (best.isVenue && key.split("-").every((word) => COMMON.has(word))) {
    return { offers: first(labels(fit)) };
  }
  const exact = fit.filter((one) => one.key === key);
  const isArea = best.area >= 0 && !best.isVenue;
  const sure = fit.length === 1 || isArea ? [best] : exact;
  const [meant] = sure.length === 1 ? sure : fit.filter(({ uk }) => uk?.isMain);
  const also = best.area >= 0 || around.length ? [] : longer;
  const all = labels([...(sure.length === 1 ? [] : fit), ...also]);
  const offers = first(all.filter((label) => label !== meant?.label));
  return meant ? { ...meant.place, known: true, offers } : { offers };
}

/** @param {PlaceCandidate[]} candidates */
const labels = (candidates) => candidates.map(({ label }) => label);

/**
 * Return what has these words in its name, or is spelt almost so.
 * @param {PlaceNames} names
 * @param {string} text
 */
function resembling(names, text) {
  for (const part of new Set([text, text.split(",")[0]])) {
    const key = withoutNear(placeKey(part).split("-")).join("-");
    if (!key || key.split("-").some((word) => SELF.has(word))) continue;
    const longer = longerNames(names, key);
    const found = longer.length ? longer : first(names.ukPlaces?.countiesWith(key) ?? []);
    if (found.length) return found;
    const near = misspelt(names, key);
    if (near.length) return near;
  }
  return [];
}

/**
 * @param {PlaceNames} names
 * @param {string} key
 */
function longerNames({ own, venues, named, ukPlaces }, key) {
  const hasWords = (/** @type {string} */ other) => `-${other}-`.includes(`-${key}-`);
  const areas = [...own.keys()].filter(hasWords);
  const longer = (ukPlaces?.keys ?? []).filter((other) => other.startsWith(`${key}-`));
  const ofAreas = areas.map((other) => named(other)[0].label).sort();
  const ofVenues = [...venues.keys()].filter(hasWords).sort();
  return first([...ofAreas, ...labelsOf(named, [...longer, ...ofVenues])]);
}

/**
 * Return the names nearest to a misspelt one; words run together count as apart.
 * @param {PlaceNames} names
 * @param {string} key
 */
function misspelt(names, key) {
  const keys = everyKey(names);
  const sought = key.replaceAll("-", "");
  if (sought.length < SPELLING.one_slip_from) return [];
  const most = sought.length < SPELLING.two_slips_from ? 1 : 2;
  const distances = keys.map((other) => slips(other.replaceAll("-", ""), sought, most));
  const least = distances.reduce((low, one) => Math.min(low, one), Infinity);
  if (least === Infinity) return [];
  const nearest = keys.filter((_, at) => distances[at] === least);
  return first(labelsOf(names.named, nearest));
}

/** @param {PlaceNames} names */
function everyKey({ own, venues, ukPlaces }) {
  return [...new Set([...own.keys(), ...(ukPlaces?.keys ?? []), ...venues.keys()])];
}

/**
 * @param {PlaceNames["named"]} named
 * @param {string[]} keys
 */
const labelsOf = (named, keys) => keys.flatMap((key) => labels(named(key)));
/** @param {string[]} offers */
const first = (offers) => [...new Set(offers)].slice(0, OFFERS);
/**
 * Return the words after "near", "in", "5 miles from"; all of them where there is no other.
 * @param {string[]} parts
 */
function withoutNear(parts) {
  const bare = parts.join("-").replace(MEASURED, "").split("-");
  const at = bare.findIndex((word) => !NEAR.has(word));
  return bare.slice(Math.max(0, at));
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
