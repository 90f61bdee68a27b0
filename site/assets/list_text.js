// A list as a text message, and how long that is: telephones charge by the piece. Pure.

import { language } from "./i18n.js";

const TWO_MESSAGES = { seven: 306, sixteen: 134 };
const TITLES = [Infinity, 40, 24]; // letters, tried in turn until the text is short enough
const RULE = 40; // letters of a timetable
// The basic alphabet of 3GPP TS 23.038, at seven bits a letter, and what takes two letters' room.
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
  "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "^{}\\[~]|€";
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

const SHORT = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
  timeZone: "Europe/London",
  weekday: "short",
  day: "numeric",
  month: "short",
});
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Return a text that says what, when and whom to ring of each, and the list's address at its end.
 * Titles are cut, never numbers nor the address, if that keeps it within two messages. */
export function textOf(entries, address) {
  const texts = TITLES.map((most) => inPlainLetters(written(entries, address, most)));
  return (
    texts.find((text) => sizeOf(text).units <= TWO_MESSAGES[sizeOf(text).bits]) ?? texts.at(-1)
  );
}

function written(entries, address, most) {
  const lines = entries.map(({ title, next, when, phone }) =>
    [cut(title, most), next ? shortly(next.at) : cut(when[0] ?? "", RULE), phone]
      .filter(Boolean)
      .join(", "),
  );
  return [...lines, address].join("\n");
}

/** Return "Tue 24 Nov 10:30". */
function shortly(at) {
  const moment = new Date(at);
  return `${SHORT.format(moment).replace(",", "")} ${CLOCK.format(moment)}`;
}

/** Return the text, cut after a whole word where it has more than `most` letters. */
export function cut(text, most) {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 2);
  const whole = kept.slice(0, kept.lastIndexOf(" ")) || kept;
  return `${whole.replace(/[\s,;:&-]+$/, "")}..`;
}

/** Return {characters, units, bits, messages} of a text as a telephone sends it. */
export function sizeOf(text) {
  const seven = [...text].every((sign) => BASIC.includes(sign) || DOUBLE.includes(sign));
  const units = seven
    ? text.length + [...text].filter((sign) => DOUBLE.includes(sign)).length
    : text.length;
  const [one, part] = seven ? [160, 153] : [70, 67];
  const messages = units <= one ? 1 : Math.ceil(units / part);
  return { characters: [...text].length, units, bits: seven ? "seven" : "sixteen", messages };
}

/** Return the text without the signs telephones lack, where it can still be read. */
function inPlainLetters(text) {
  return [...text].map(plain).join("");
}

function plain(sign) {
  if (BASIC.includes(sign)) return sign;
  const bare = PLAIN[sign] ?? sign.normalize("NFKD")[0];
  return [...bare].every((one) => BASIC.includes(one)) ? bare : sign;
}
