// Where somebody may go on who found nothing that fits. Pure.

import { _, ngettext } from "./i18n.js";
import { answer } from "./search_core.js";
import { withDatesOf } from "./search_question.js";
import { stem, words } from "./search_text.js";

/**
 * Return where to go on, the nearest first: the question with one part less, then what needs no
 * journey. Each is {words, question}, and leads to something.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {Suggestion[]}
 */
export function suggestionsFor(library, question, now) {
  const ways = ["online", "by phone"];
  const { q } = question;
  /** @type {[how: string, question: SearchQuestion][]} */
  const home = [
    [_("online or by phone"), { q, ways }],
    [_("online or by phone, of any kind"), { ways }],
  ];
  /** @type {[how: string, question: SearchQuestion][]} */
  const fewer = relaxations()
    .filter(([field]) => isAsked(question[field]))
    .map(([field, nothing, how]) => [how, { ...question, [field]: nothing }]);
  /** @param {[how: string, question: SearchQuestion][]} list */
  const leading = (list) =>
    list
      .map(([how, other]) => suggestionFor(library, how, other, now))
      .filter(({ count }) => count);
  return [...leading(fewer), ...leading(home).slice(0, 1)];
}

/** @param {SearchQuestion[keyof SearchQuestion]} value */
function isAsked(value) {
  return typeof value === "number" ? value > 0 : Boolean(value?.length);
}

/**
 * @param {SearchLibrary} library
 * @param {string} how
 * @param {SearchQuestion} question
 * @param {number} now
 * @returns {Suggestion}
 */
function suggestionFor(library, how, question, now) {
  const { matching, may } = answer(library, withDatesOf(question, now), now);
  const count = matching + may;
  const words = ngettext("%(num)s thing %(how)s", "%(num)s things %(how)s", count, { how });
  return { count, question, words };
}

/**
 * Return each part of a question, what is asked without it, and how to say so.
 * @returns {[field: keyof SearchQuestion, nothing: string | string[], how: string][]}
 */
function relaxations() {
  return [
    ["days", [], _("on any day")],
    ["soon", "", _("on any day")],
    ["times", [], _("at any time of day")],
    ["free", "", _("that may cost money")],
    ["access", [], _("with or without the access you chose")],
    ["lift", "", _("without a lift")],
    ["buddy", "", _("where nobody meets you at the door")],
    ["alone", "", _("where you may need to bring somebody")],
    ["promises", [], _("with or without a promise")],
    ["ways", [], _("in person, online or by phone")],
    ["age", "", _("for any age")],
    ["language", "", _("in any language")],
    ["kind", "", _("of any kind")],
    ["need", "", _("for anybody")],
    ["within_km", "", _("further away")],
    ["place", "", _("in any place")],
    ["near", "", _("in any place")],
    ["q", "", _("of any kind at all")],
  ];
}

/**
 * Return what may be told where there is nothing, in names of the closed lists only: {place, kind,
 * need} (slugs) and the words for them; null where the lists know none of it.
 * @param {SearchLibrary} library
 * @param {SearchQuestion} question
 * @param {SearchPlace} place
 * @returns {SearchGap | null}
 */
export function gapOf({ documents }, question, place) {
  const { kinds, needs, areas } = documents.terms;
  const area = place.known && place.areas.length === 1 ? areas[place.areas[0]][0] : "";
  const kind = kinds.find(([slug]) => slug === question.kind) || kindNamed(kinds, question.q || "");
  const need = needs.find(([slug]) => slug === question.need);
  const words = [kind, need].flatMap((term) => (term ? [term[1]] : []));
  if (!words.length) return null;
  const fields = { place: area, kind: kind ? kind[0] : "", need: need ? need[0] : "" };
  return { fields, words: area ? [...words, area] : words };
}

/**
 * Return the kind whose label or alias these words are, whatever their order.
 * @param {KindTerm[]} kinds
 * @param {string} q
 */
function kindNamed(kinds, q) {
  /** @param {string} text */
  const written = (text) => [...new Set(words(text).map(stem))].sort().join(" ");
  const sought = written(q);
  if (!sought) return undefined;
  return kinds.find(([, label, aliases]) => [label, ...aliases].map(written).includes(sought));
}
