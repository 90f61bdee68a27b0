// Days as a reader would say them today. Pages name them in full, for they may be read tomorrow.

import { _, dateText } from "./i18n.js";

const LONDON = { timeZone: "Europe/London" };
const DAY = 86_400_000;

/**
 * Return the day of a moment in London, as a number that counts days.
 * @param {Date} moment
 */
function dayNumber(moment) {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", LONDON)
    .format(moment)
    .split("-")
    .map(Number);
  return Date.UTC(year, month - 1, day) / DAY;
}

/**
 * "Tuesday 24 November, 10:30" becomes "Tomorrow, 10:30", or "Tuesday, 10:30" within the week.
 * On paper it stays as it was: a sheet is read on another day.
 * @param {ParentNode} root
 * @param {Date} now
 */
export function showRelativeDays(root, now = new Date()) {
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = root.querySelectorAll(".card__when time, .facts__next time");
  for (const time of times) {
    const day = time.textContent.match(/^[^,]+/)?.[0];
    const relative = day && relativeDay(dayNumber(new Date(time.dateTime)) - dayNumber(now), day);
    if (relative && time.childElementCount === 0) replaceDay(time, day, relative, day);
  }
}

/**
 * Return what a day is called that lies so many days ahead; nothing beyond a week.
 * @param {number} days
 * @param {string} day
 */
function relativeDay(days, day) {
  if (days === 0) return _("Today");
  if (days === 1) return _("Tomorrow");
  return days > 1 && days < 7 ? day.match(/^\D+(?= \d)/)?.[0] : "";
}

/**
 * Name the date on paper wherever a card says a day that is only true now, as search results do.
 * @param {ParentNode} root
 */
export function showDatesOnPaper(root) {
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = root.querySelectorAll(".card__when time[datetime]");
  for (const time of times) {
    const day = time.childElementCount === 0 && time.textContent.match(/^[^,]+/)?.[0];
    const moment = new Date(time.dateTime);
    if (day && !Number.isNaN(moment.valueOf())) {
      replaceDay(time, day, day, dateText(moment, false));
    }
  }
}

/**
 * Say a day in one way on the screen and in another on paper.
 * @param {HTMLTimeElement} time
 * @param {string} day what the text begins with
 * @param {string} onScreen
 * @param {string} onPaper
 */
function replaceDay(time, day, onScreen, onPaper) {
  const rest = time.textContent.slice(day.length);
  const spans = [
    ["off-paper", onScreen],
    ["on-paper", onPaper],
  ].map(([className, textContent]) =>
    Object.assign(document.createElement("span"), { className, textContent }),
  );
  time.replaceChildren(...spans, rest);
}
