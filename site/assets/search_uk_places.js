// The places of the UK, from the file that catalogue/model/uk_places.py reads the same way. It is
// fetched only once somebody types a place that the directory does not have. Pure.

import { FOLDING, PLACES } from "./search_constants.js";
import { middle } from "./search_distance.js";
import { words } from "./search_text.js";

const TOWN = 6; // the column that few places have
/** Words of names that count as the other. @type {{ [word: string]: string }} */
const SAME = { upon: "on", co: "county" };
/** @type {Map<string, string>} */
const SHORT = new Map(
  Object.entries(FOLDING.short_forms).flatMap(([short, full]) =>
    full.split(" ").map((word) => /** @type {[string, string]} */ ([word, short])),
  ),
);

/**
 * Return what ways to write one place have in common: "Newcastle upon Tyne", "newcastle on tyne".
 * @param {string} name
 */
export function placeKey(name) {
  return words(name)
    .map((word) => SHORT.get(word) ?? word)
    .filter((word) => word !== "and")
    .map((word) => SAME[word] ?? word)
    .join("-");
}

/** The key of each nation by the keys of what people write. */
export const NATIONS = new Map(
  Object.entries(PLACES.nations).map(
    (pair) => /** @type {[string, string]} */ (pair.map(placeKey)),
  ),
);

/**
 * Return the places of the file's text: three tables, parted by empty lines.
 * @param {string} text
 * @returns {UkPlaces}
 */
export function readPlaces(text) {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const [countyRows, townRows, placeRows, codeRows = []] = lines
    .join("\n")
    .trim()
    .split(/\n\n+/)
    .map((table) => table.split("\n").map((line) => line.split("\t")));
  const counties = countyRows.map(countyOf);
  const places = placeRows.map((row) => ukPlaceOf(row, counties));
  /** @type {Map<string, number>} */
  const times = new Map([...NATIONS.values()].map((key) => [key, 1]));
  for (const { keys } of places) for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  places.forEach((place, at) => {
    if ((times.get(place.keys[0]) ?? 0) > 1) place.label = fullName(place, placeRows[at]);
  });
  const byKey = grouped(places.flatMap((place) => place.keys.map((key) => ({ key, place }))));
  const byCounty = grouped(wholeCounties(counties, places));
  for (const [key, found] of byCounty) if (!byKey.has(key)) byKey.set(key, found);
  return {
    places,
    named: (key) => byKey.get(key) ?? [],
    keys: [...byKey.keys()],
    countiesWith: (key) => counties.filter((one) => one.keys.has(key)).map(({ name }) => name),
    towns: new Map(townRows.map(([code, name, ...at]) => [code, { name, point: pointOf(at) }])),
    codes: new Map(codeRows.map(([code, ...at]) => [code, pointOf(at)])),
  };
}

/**
 * @param {string[]} row
 * @returns {UkCounty}
 */
function countyOf([name, nation, others = ""]) {
  const keys = [name, ...others.split("; "), nation].filter(Boolean).map(placeKey);
  const own = keys.slice(0, nation === "Wales" ? 2 : 1);
  return { name, nation, own, keys: new Set(keys) };
}

/**
 * @param {string[]} row
 * @param {UkCounty[]} counties
 * @returns {UkPlace}
 */
function ukPlaceOf([name, county, latitude, longitude, others = "", main = ""], counties) {
  return {
    label: name,
    counties: county.split("/").map((number) => counties[Number(number)]),
    point: pointOf([latitude, longitude]),
    keys: [name, ...others.split("; ")].filter(Boolean).map(placeKey),
    isMain: main === "*",
    isCounty: false,
  };
}

/**
 * @param {UkPlace} place
 * @param {string[]} row
 */
function fullName({ label, counties }, row) {
  const [county] = counties;
  const sure = counties.length === 1 && county.name !== label;
  return `${label}, ${row[TOWN] || (sure ? county.name : county.nation)}`;
}

/**
 * Return the counties by name, each about in the middle of its places.
 * @param {UkCounty[]} counties
 * @param {UkPlace[]} places
 */
function wholeCounties(counties, places) {
  return counties.flatMap((county) => {
    const inside = places.filter((place) => place.counties[0] === county);
    const point = middle(inside.map((place) => place.point));
    if (!point) return [];
    const keys = [placeKey(county.name)];
    const whole = { isMain: false, isCounty: true };
    const place = { label: county.name, counties: [county], point, keys, ...whole };
    return county.own.map((key) => ({ key, place }));
  });
}

/** @param {{ key: string, place: UkPlace }[]} pairs */
function grouped(pairs) {
  /** @type {Map<string, UkPlace[]>} */
  const found = new Map();
  for (const { key, place } of pairs) {
    const known = found.get(key);
    if (known) known.push(place);
    else found.set(key, [place]);
  }
  return found;
}

/**
 * @param {string[]} at
 * @returns {Point}
 */
const pointOf = ([latitude, longitude]) => ({
  latitude: Number(latitude),
  longitude: Number(longitude),
  about: true,
});
