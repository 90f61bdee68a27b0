// A document as a card: when it is on as seen from now, where, and its tags. Pure; times are
// milliseconds, spoken as local time of the United Kingdom wherever the reader is.

import { _, dateParts, dateText } from "./i18n.js";
import { upcoming } from "./search_core.js";

const ZONE = "Europe/London";
const MINUTE = 60000;
const DAY = 86400000;

const dayNumber = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  day: "numeric",
  month: "numeric",
  year: "numeric",
});
const clockParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/**
 * Return one document's card: {slug, title, summary, lang, when, where, tags: [[words, look]]}.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 * @param {SearchQuestion} [question] whose next session that fits is shown
 * @returns {SearchCard}
 */
export function cardOf(documents, row, now, question = {}) {
  return {
    slug: documents.slugs[row],
    title: documents.titles[row],
    summary: documents.summaries[row],
    lang: (documents.langs.find(([at]) => at === row) || ["", ""])[1],
    when: whenOf(documents, row, now, question),
    startsAt: startOf(documents, row, now, question),
    where: documents.venues[row],
    tags: documents.tags[row].map((tag) => documents.terms.tags[tag]),
  };
}

/**
 * Return "Tomorrow, 10:30 to 12:00", or the rule in words once no known session lies ahead.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 * @param {SearchQuestion} [question] whose next session that fits is shown
 */
export function whenOf(documents, row, now, question = {}) {
  const session = upcoming(documents, row, now, question);
  if (!session) return documents.when[row];
  const { starts, lasts } = session;
  const [day, opens] = [capital(dayWords(starts * MINUTE, now)), clock(starts * MINUTE)];
  if (lasts === null) return _("%(day)s, %(opens)s", { day, opens });
  const ends = (starts + lasts) * MINUTE;
  const closes = clock(ends);
  if (lasts * MINUTE >= DAY) {
    if (opens === closes) return _("%(day)s, day and night", { day });
    const last = dayWords(ends, now);
    return _("%(day)s, %(opens)s to %(last)s, %(closes)s", { day, opens, last, closes });
  }
  return _("%(day)s, %(opens)s to %(closes)s", { day, opens, closes });
}

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/**
 * Return when the next session that fits starts, as an instant; nothing where none is known.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {number} now
 * @param {SearchQuestion} question
 */
function startOf(documents, row, now, question) {
  const session = upcoming(documents, row, now, question);
  return session ? new Date(session.starts * MINUTE).toISOString() : "";
}

/**
 * Return "Today", "Tomorrow", "Thursday" within the week, else "Tuesday 24 November" (2027).
 * @param {number} at
 * @param {number} now
 */
export function dayWords(at, now) {
  const ahead = (dayOf(at) - dayOf(now)) / DAY;
  if (ahead === 0 || ahead === 1) return ahead ? _("Tomorrow") : _("Today");
  const { weekday, year } = dateParts(at);
  if (ahead > 1 && ahead < 7) return weekday;
  return dateText(at, year !== dateParts(now).year);
}

/**
 * Return "Tomorrow, Wednesday 25 November" of a date (ISO 8601).
 * @param {string} date
 * @param {number} now
 */
export function dateWords(date, now) {
  const at = noonOf(date);
  const ahead = (dayOf(at) - dayOf(now)) / DAY;
  const isNear = ahead === 0 || ahead === 1;
  const named = longDate(date);
  return isNear ? _("%(day)s, %(date)s", { day: dayWords(at, now), date: named }) : named;
}

/**
 * Return "Wednesday 25 November" of a date (ISO 8601).
 * @param {string} date
 */
export function longDate(date) {
  return dateText(noonOf(date), false);
}

/** @param {string} date */
const noonOf = (date) => Date.parse(`${date}T12:00Z`);

/** @param {number} at */
function dayOf(at) {
  const { day, month, year } = parts(dayNumber, at);
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
}

/** @param {number} at */
function clock(at) {
  const { hour, minute } = parts(clockParts, at);
  return `${hour}:${minute}`;
}

/**
 * @param {Intl.DateTimeFormat} format
 * @param {number} at
 * @returns {{ [type: string]: string }}
 */
function parts(format, at) {
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}
