// What scripts say, in the language of the directory: English in the code, the rest in `words.js`.

import { form, language, words } from "./words.js";

export { language };

const NUMBERS = new Intl.NumberFormat(language === "en" ? "en-GB" : language);

/**
 * Say a message; `%(name)s` in it is filled from the values.
 * @param {string} message
 * @param {MessageValues} values
 */
export function _(message, values = {}) {
  return fillIn(words[message] ?? message, values);
}

/**
 * Say the form of a message that goes with a number, which fills `%(num)s` as it is written.
 * @param {string} one
 * @param {string} many
 * @param {number} num
 * @param {MessageValues} values
 */
export function ngettext(one, many, num, values = {}) {
  const forms = words[one] ?? [one, many];
  const at = words[one] ? form(num) : Number(num !== 1);
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
