// Translates what scripts show into the language of the directory: English is in the code, the rest in `words.js`.

import { form, language, words } from "./words.js";

export { language };

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
    name ? String(values[name]) : "%",
  );
}
