// Whom a question is about, and which rows are plainly not for them: api/search/text/audience.py, in
// the page, held to the same vectors. Pure.

import { AUDIENCE, LIMITS } from "./search_constants.js";

const YOUNGEST = 10; // a child under ten comes along with somebody
const TEN_YEARS = 10;
/** @param {string} text */
const phrases = (text) => new Set(text.split(/ \| |\n/).filter(Boolean));
const BEFORE_AGE = phrases(AUDIENCE.before_age);
const FOR = phrases(AUDIENCE.before_person);
const ONESELF = phrases(AUDIENCE.oneself);
const YEARS = phrases(AUDIENCE.years);
const OWNERS = phrases(AUDIENCE.owners);
const UNITS = phrases(AUDIENCE.units);
/** @type {{ [word: string]: number }} */
const DECADES = AUDIENCE.decades;
const PEOPLE = Object.entries(AUDIENCE.people).map(([name, person]) => ({
  name,
  words: phrases(person.words),
  relations: phrases(person.relations),
  pronouns: phrases(person.pronouns),
  unfitKinds: [...phrases(person.unfit_kinds)],
  age: person.age,
}));
const RELATIONS = new Set(PEOPLE.flatMap(({ relations }) => [...relations]));

/**
 * Return the age in the words of a question ("he's 58", "84 year old", "in my forties"), or null.
 * @param {string[]} typed
 * @returns {TypedAge | null}
 */
export function typedAge(typed) {
  for (const [at, word] of typed.entries()) {
    const before = typed.slice(Math.max(at - 2, 0), at);
    const after = typed.slice(at + 1, at + 3);
    if (Object.hasOwn(DECADES, word)) {
      if (before.some((one) => OWNERS.has(one))) {
        return { years: DECADES[word] + TEN_YEARS / 2, places: [at] };
      }
    } else if (/^[0-9]+$/.test(word) && isAge(Number(word.slice(0, 4)))) {
      if (after.length === 2 && after.every((one) => YEARS.has(one))) {
        return { years: Number(word), places: [at, at + 1, at + 2] };
      }
      if (isSaidOfSomebody(before) && !UNITS.has(after[0])) {
        return { years: Number(word), places: [at] };
      }
    }
  }
  return null;
}

/** @param {number} years */
const isAge = (years) => years >= YOUNGEST && years <= LIMITS.age;

/**
 * Say whether the two words before a number make it an age: "he's", "my dad is".
 * @param {string[]} before
 */
function isSaidOfSomebody(before) {
  const last = before[before.length - 1];
  const isPerson = before.length > 1 && RELATIONS.has(before[0]);
  return BEFORE_AGE.has(last) || (last === "is" && isPerson);
}

/**
 * Say whether the one who asks is meant: "husband in a home and I am on my own".
 * @param {string[]} typed
 * @param {string[]} someoneElse
 */
function isAboutOneself(typed, someoneElse) {
  const firstAt = typed.findIndex((word) => someoneElse.includes(word));
  if (firstAt > 0 && FOR.has(typed[firstAt - 1])) return false;
  const pairs = typed.slice(1).map((word, at) => `${typed[at]} ${word}`);
  return [...typed, ...pairs].some((words) => ONESELF.has(words));
}

/**
 * Return who is asked for: an age, and the kinds that are not for them.
 * @param {string[]} typed
 * @param {string[]} otherWords those of the words that name somebody else
 * @param {TypedAge | null} age
 */
export function audienceOf(typed, otherWords, age) {
  const someoneElse = isAboutOneself(typed, otherWords) ? [] : otherWords;
  /** @type {(words: string[], among: Set<string>) => boolean} */
  const hasAny = (words, among) => words.some((word) => among.has(word));
  const people = new Set(
    PEOPLE.filter((one) => hasAny(typed, one.words) || hasAny(someoneElse, one.relations)).map(
      ({ name }) => name,
    ),
  );
  if (someoneElse.length && !people.has("man") && !people.has("woman")) {
    for (const { name, pronouns } of PEOPLE) if (hasAny(typed, pronouns)) people.add(name);
  }
  if (people.has("man") && people.has("woman")) {
    people.delete("man");
    people.delete("woman");
  }
  const aged = PEOPLE.filter((one) => people.has(one.name) && one.age);
  aged.sort((a, b) => (a.name < b.name ? -1 : 1));
  const years = age?.years ?? aged[0]?.age ?? null;
  if (years !== null && years >= AUDIENCE.old_from) people.add("old");
  const unfit = PEOPLE.filter(({ name }) => people.has(name)).flatMap((one) => one.unfitKinds);
  return { age: years, unfitKinds: [...new Set(unfit)] };
}

/**
 * Return what says whether a row is plainly not for those that a plan asks for.
 * @param {SearchDocuments} documents
 * @param {PlanAudience} audience
 * @returns {(row: number) => boolean}
 */
export function isUnfitOf({ terms, kinds }, { unfitKinds, named }) {
  const numbers = [...terms.kinds.keys()].filter((at) => !named.includes(at));
  const unfit = new Set(numbers.filter((at) => unfitKinds.includes(terms.kinds[at][0])));
  return (row) => unfit.size > 0 && kinds[row].some((kind) => unfit.has(Number(kind)));
}
