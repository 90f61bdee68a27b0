// Translates what scripts show into the language of the directory: English is in the code, the rest in `words.js`.

import { form, language, words } from "./words.js";

export { language };

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const NUMBERS = new Intl.NumberFormat(language === "en" ? "en-GB" : language);

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
