// Days of the calendar in London, and the sessions that are held on them: the half of
// api/search/filters.py that asks for a date. Pure.

import { DAYS, slotOf } from "./search_terms.js";

const MINUTE = 60000;
const DAY = 24 * 60; // minutes
const dayOf = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }); // "2026-11-24"
const hourOf = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "2-digit",
  hourCycle: "h23",
});

/**
 * Return the day of a moment (milliseconds) in London.
 * @param {number} time
 */
export const londonDate = (time) => dayOf.format(time);

/**
 * Return the date so many days after another, or the next such day of the week.
 * @param {string} today
 * @param {string} value a number, or a day of the week
 */
export function dateFrom(today, value) {
  const at = new Date(`${today}T00:00Z`);
  const weekday = DAYS.indexOf(value);
  const ahead = weekday < 0 ? Number(value) : (weekday + 8 - at.getUTCDay()) % 7;
  at.setUTCDate(at.getUTCDate() + ahead);
  return at.toISOString().slice(0, 10);
}

/** @type {Map<string, { opens: number, closes: number }>} */
const spans = new Map();

/**
 * Return when a date begins and ends in London, in minutes since 1970.
 * @param {string} date
 */
function spanOf(date) {
  const known = spans.get(date);
  if (known) return known;
  const span = { opens: midnight(date), closes: midnight(dateFrom(date, "1")) };
  spans.set(date, span);
  return span;
}

/** @param {string} date */
function midnight(date) {
  const inWinter = Date.parse(`${date}T00:00Z`);
  return inWinter / MINUTE - (hourOf.format(inWinter) === "01" ? 60 : 0);
}

/**
 * Return the sessions that a row carries.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @returns {HeldSession[]}
 */
export function sessionsOf({ since, coming, fits, slots }, row) {
  const sessions = coming[row];
  const slotsOf = fits[row] ? fits[row].split(".") : [];
  return Array.from({ length: sessions.length / 2 }, (_, at) => ({
    starts: since + Number(sessions[at * 2]),
    lasts: sessions[at * 2 + 1],
    letters: [...(slotsOf[at] ?? slots[row]).replace("-", "")],
  }));
}

/**
 * Say whether a session is not over.
 * @param {HeldSession} session
 * @param {number} now
 */
export const isLeft = ({ starts, lasts }, now) => (starts + (lasts || 0)) * MINUTE >= now;

/**
 * Say whether a session begins on one of the dates, or goes round the clock on it.
 * @param {HeldSession} session
 * @param {string[]} dates
 */
export function isOnDate({ starts, lasts }, dates) {
  return dates.map(spanOf).some(({ opens, closes }) => {
    if (starts >= opens && starts < closes) return true;
    return (lasts || 0) >= DAY && starts < closes && opens < starts + Number(lasts);
  });
}

/**
 * Return the parts of the day that a session stands in, counted from 1; 0 is not known.
 * @param {HeldSession} session
 */
export function partsOf({ letters }) {
  return letters.length ? letters.map((letter) => slotOf(letter).part) : [0];
}
