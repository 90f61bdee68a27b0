// A list as a text message, and how long that is: telephones charge by the piece. Pure.

import { dateParts } from "./i18n.js";

/** @type {{ [bits: string]: number }} */
const TWO_MESSAGES = { seven: 306, sixteen: 134 };
const TITLES = [Infinity, 40, 24]; // letters, tried in turn until the text is short enough
const RULE = 40; // letters of a timetable
// The basic alphabet of 3GPP TS 23.038, at seven bits a letter, and what takes two letters' room.
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
  "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "^{}\\[~]|€";
/** @type {{ [sign: string]: string }} */
const PLAIN = {
  "’": "'",
  "‘": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "…": "...",
  "\u00a0": " ",
};

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/**
 * Return a text with the title, time and phone number of each entry, and the list's address at its
 * end. Titles are cut, never numbers nor the address, if that keeps it within two messages.
 * @param {ListEntry[]} entries
 * @param {string} address
 * @returns {string}
 */
export function textOf(entries, address) {
  const texts = TITLES.map((most) => inPlainLetters(written(entries, address, most)));
  return texts.find(fitsTwoMessages) ?? texts[texts.length - 1];
}

/** @param {string} text */
function fitsTwoMessages(text) {
  const { units, bits } = sizeOf(text);
  return units <= TWO_MESSAGES[bits];
}

/**
 * @param {ListEntry[]} entries
 * @param {string} address
 * @param {number} most
 */
function written(entries, address, most) {
  const lines = entries.map(({ title, next, when, phone }) =>
    [cut(title, most), next ? shortly(next.at) : cut(when[0] ?? "", RULE), phone]
      .filter(Boolean)
      .join(", "),
  );
  return [...lines, address].join("\n");
}

/**
 * Return "Tue 24 Nov 10:30".
 * @param {string} at
 */
function shortly(at) {
  const moment = new Date(at);
  const { shortWeekday, day, shortMonth } = dateParts(moment);
  return `${shortWeekday} ${day} ${shortMonth} ${CLOCK.format(moment)}`;
}

/**
 * Return the text, cut after a whole word where it has more than `most` letters.
 * @param {string} text
 * @param {number} most
 */
export function cut(text, most) {
  if (text.length <= most) return text;
  const start = text.slice(0, most - 2);
  const words = start.slice(0, start.lastIndexOf(" ")) || start;
  return `${words.replace(/[\s,;:&-]+$/, "")}..`;
}

/**
 * Return the size of a text as a telephone sends it.
 * @param {string} text
 * @returns {TextSize}
 */
export function sizeOf(text) {
  const seven = [...text].every((sign) => BASIC.includes(sign) || DOUBLE.includes(sign));
  const units = seven
    ? text.length + [...text].filter((sign) => DOUBLE.includes(sign)).length
    : text.length;
  const [single, part] = seven ? [160, 153] : [70, 67];
  const messages = units <= single ? 1 : Math.ceil(units / part);
  return { characters: [...text].length, units, bits: seven ? "seven" : "sixteen", messages };
}

/**
 * Return the text without the signs telephones lack, where it can still be read.
 * @param {string} text
 */
function inPlainLetters(text) {
  return [...text].map(plain).join("");
}

/** @param {string} sign */
function plain(sign) {
  if (BASIC.includes(sign)) return sign;
  const bare = PLAIN[sign] ?? sign.normalize("NFKD")[0];
  return [...bare].every((letter) => BASIC.includes(letter)) ? bare : sign;
}
