// Postcodes as people write them, read as catalogue/model/text.py does: however they are spaced, and
// whichever of O and 0, I and 1 were typed. Only the first half is kept of a whole one. Pure.

import { PLACES } from "./search_constants.js";
import { words } from "./search_text.js";

const POSTCODE = /\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b/;
const OUTWARD_CODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?$/;
const INWARD_CODE = /^[0-9][A-Z]{2}$/;
const AREAS = new Set(PLACES.postcode_areas.split(" "));
/** @type {{ [sign: string]: string }} */
const AS_DIGIT = { O: "0", I: "1", L: "1" };
/** @type {{ [sign: string]: string }} */
const AS_LETTER = { 0: "O", 1: "I" };
/** @param {string} text */
const asDigits = (text) => text.replace(/[OIL]/g, (sign) => AS_DIGIT[sign]);
/** @param {string} text */
const asLetters = (text) => text.replace(/[01]/g, (sign) => AS_LETTER[sign]);

/**
 * Return the outward code of the postcode in a text; nothing without one.
 * @param {string} text
 */
export function outwardCodeIn(text) {
  const parts = words(text);
  const [whole] = wholePostcode(parts);
  if (whole) return whole;
  const within = POSTCODE.exec(parts.join(" ").toUpperCase());
  return within ? asOutward(within[1]) : halfPostcode(parts);
}

/**
 * Return "WR1 2AB" of "wr12ab", "WR1" of "wr1"; a text that is no postcode as it was written.
 * @param {string} text
 */
export function tidyPostcode(text) {
  const parts = words(text);
  return wholePostcode(parts).join(" ") || halfPostcode(parts) || text;
}

/**
 * Return both halves of a postcode; nothing of what is none.
 * @param {string[]} parts
 * @returns {string[]}
 */
function wholePostcode(parts) {
  const together = parts.join("").toUpperCase();
  if (!/^(?=.*\d).{5,7}$/.test(together)) return [];
  const outward = asOutward(together.slice(0, -3));
  const inward = asDigits(together.slice(-3, -2)) + together.slice(-2);
  return outward && INWARD_CODE.test(inward) ? [outward, inward] : [];
}

/**
 * Return "WR12" of "wr12" and "WR 12", nothing of "WR1 2": that is of WR1, and cut short.
 * @param {string[]} parts
 */
function halfPostcode(parts) {
  const together = parts.join("").toUpperCase();
  const isHalf = /\d/.test(together) && (parts.length === 1 || /^[a-z]+$/i.test(parts[0]));
  return isHalf ? asOutward(together) : "";
}

/**
 * Return "BS10" of "BS1O" and "OX1" of "0X1"; nothing of what is no outward code. None ends with I,
 * L or O; another reading than the one written begins with the letters of a postcode area.
 * @param {string} code
 */
function asOutward(code) {
  const readings = [1, 2].map((at) => asLetters(code.slice(0, at)) + asDigits(code.slice(at)));
  /** @param {string} reading */
  const changes = (reading) => [...reading].filter((sign, at) => sign !== code[at]).length;
  readings.sort((one, other) => changes(one) - changes(other));
  const isKnown = (/** @type {string} */ reading) =>
    reading === code || AREAS.has(reading.replace(/[^A-Z].*/, ""));
  return readings.find((reading) => isKnown(reading) && OUTWARD_CODE.test(reading)) ?? "";
}
