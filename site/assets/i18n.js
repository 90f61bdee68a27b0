// Translates what scripts show into the language of the directory: English is in the code, the rest in `words.js`.

import { form, language, names, words } from "./words.js";

export { language };

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const NUMBERS = new Intl.NumberFormat(language === "en" ? "en-GB" : language);

const CALENDAR = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });

/**
 * Return a day in London by its parts, named in the language of the directory: many browsers know
 * no Welsh.
 * @param {Date | number} moment
 */
export function dateParts(moment) {
  const [year, month, day] = CALENDAR.format(moment).split("-").map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return {
    weekday: names.weekdays[weekday],
    shortWeekday: names.short_weekdays[weekday],
    day: String(day),
    month: names.months[month - 1],
    shortMonth: names.short_months[month - 1],
    year: String(year),
  };
}

/**
 * Return "Tuesday 24 November", and 2027 where the year is wanted.
 * @param {Date | number} moment
 * @param {boolean} withYear
 */
export function dateText(moment, withYear) {
  const { weekday, day, month, year } = dateParts(moment);
  if (!withYear) return _("%(weekday)s %(day)s %(month)s", { weekday, day, month });
  return _("%(weekday)s %(date)s", {
    weekday,
    date: _("%(day)s %(month)s %(year)s", { day, month, year }),
  });
}

/**
 * Translate a message; `%(name)s` in it is filled from the values.
 * @param {string} message
 * @param {MessageValues} values
 */
export function _(message, values = {}) {
  return fillIn(words[message] ?? message, values);
}

/**
 * Translate a message in the form that goes with a number, which fills `%(num)s` as it is written.
 * @param {string} singular
 * @param {string} plural
 * @param {number} num
 * @param {MessageValues} values
 */
export function ngettext(singular, plural, num, values = {}) {
  const forms = words[singular] ?? [singular, plural];
  const at = words[singular] ? form(num) : Number(num !== 1);
  return fillIn(forms[at], { num: NUMBERS.format(num), ...values });
}

/**
 * Fill the gaps of a message; `%%` is a percent sign, as in the catalogues.
 * @param {string} message
 * @param {MessageValues} values
 */
function fillIn(message, values) {
  return message.replace(/%(?:\((\w+)\)s|%)/g, (_match, name) =>
    name ? isolated(String(values[name])) : "%",
  );
}

/**
 * Keep a name in a script that runs from right to left apart from the words around it.
 * @param {string} value
 */
function isolated(value) {
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}
