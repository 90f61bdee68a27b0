// What scripts say, in the language of the directory: English in the code, the rest in `words.js`.

import { form, language, words } from "./words.js";

export { language };

const NUMBERS = new Intl.NumberFormat(language === "en" ? "en-GB" : language);

/** Say a message; `%(name)s` in it is filled from the values. */
export function _(message, values = {}) {
  return filled(words[message] ?? message, values);
}

/** Say the form of a message that goes with a number, which fills `%(num)s` as it is written. */
export function ngettext(one, many, num, values = {}) {
  const forms = words[one] ?? [one, many];
  const at = words[one] ? form(num) : Number(num !== 1);
  return filled(forms[at], { num: NUMBERS.format(num), ...values });
}

/** Fill the gaps of a message; `%%` is a percent sign, as in the catalogues. */
function filled(message, values) {
  return message.replace(/%(?:\((\w+)\)s|%)/g, (_match, name) => (name ? values[name] : "%"));
}
