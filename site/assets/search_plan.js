// From the words of a question to groups of words, each with what it may stand for, and filters:
// api/search/text/query_plan.py, in the page, held to the same vectors. Pure.

import { audienceOf, typedAge } from "./search_audience.js";
import { RANK, SPELLING } from "./search_constants.js";
import { dateFrom } from "./search_dates.js";
import { FILTERS, longest, weightOf } from "./search_phrases.js";
import { FILLERS, longForms, stem, titleKey, tokenise, withoutInwardCodes } from "./search_text.js";

const ANYBODY = { age: null, unfitKinds: [], named: [] };
const WORDS_AT_MOST = 16; // more are not read: nobody types them, and each costs time
const SHOWN_AT_MOST = 2; // of the words tried instead of one typed
const STATES = new Set(["has", "is", "cant"]); // what makes a phrase speak of somebody else
const REPORTS = new Set(
  "bought gave got left reckons said says sent suggested thinks told".split(" "),
);
const ONESELF = new Set("i id im ive me my us we".split(" "));
/** @type {{ [field: string]: string }} */
const QUESTION_FIELD = { day: "days", time: "times", way: "ways" };

/**
 * Return the plan of a question's words. `today` is the day of asking, in London (ISO 8601);
 * `asTyped` are words that are not to be understood as a filter.
 * @param {PlanSource} source
 * @param {string} q
 * @param {string} today
 * @param {string[]} asTyped
 * @returns {SearchPlan}
 */
export function planOf(source, q, today, asTyped) {
  const written = withoutInwardCodes(q.trim().split(/\s+/).join(" "));
  const typed = tokenise(written).slice(0, WORDS_AT_MOST);
  const allSmall = typed.every((word) => FILLERS.has(word));
  /** @param {string} word */
  const isSmall = (word) => !allSmall && FILLERS.has(word);
  const key = titleKey(q);
  const literal = source.isTitle(key);
  const age = literal ? null : typedAge(typed);
  const reading = { source, typed, isSmall, today, literal, asTyped, age };
  const plan = finished(read(reading), typed, key);
  return literal ? plan : { ...plan, audience: audienceIn(plan, age) };
}

/**
 * Return who is asked for; a kind that a group stands for is not shut out.
 * @param {SearchPlan} plan
 * @param {TypedAge | null} age
 */
function audienceIn({ groups, understood, typed }, age) {
  const isElse = (/** @type {Understood} */ { filters }) =>
    filters.some(([field]) => field === "someone_else");
  const someoneElse = understood.find(isElse)?.words.split(" ") ?? [];
  const named = groups.flatMap(({ concepts }) =>
    concepts.flatMap(([field, value]) => (field === "kind" ? [Number(value)] : [])),
  );
  return { ...audienceOf(typed, someoneElse, age), named };
}

/**
 * Read all words from left to right.
 * @param {PlanReading} reading
 * @returns {PlanParts}
 */
function read(reading) {
  const { source, typed, isSmall } = reading;
  /** @type {PlanParts} */
  const parts = { groups: [], understood: [], forSomeoneElse: [], unknown: [] };
  const candidates = typed.map((word, at) =>
    isSmall(word)
      ? [{ word, weight: 100 }]
      : candidatesOf(source.vocabulary, word, at === typed.length - 1),
  );
  let at = 0;
  while (at < typed.length) {
    const { narrowing, concept } = phraseAt(reading, candidates, at);
    const ends = Math.max(narrowing?.end ?? 0, concept?.end ?? 0);
    const joined = ends <= at + 1 ? togetherGroup(reading, at) : null;
    if (joined) {
      parts.groups.push(joined);
      at += joined.typed.length;
    } else if (narrowing && (!concept || narrowing.end >= concept.end)) {
      understand(reading, parts, narrowing, at);
      at = narrowing.end;
    } else if (concept) {
      // "my mum has dementia" speaks of somebody else
      if (narrowing && concept.words.some((word) => STATES.has(word))) {
        understand(reading, parts, narrowing, at);
      }
      const likelier = candidates[at].filter(({ weight }) => weight > weightOf(concept));
      parts.groups.push(phraseGroup(typed.slice(at, concept.end), concept, likelier));
      at = concept.end;
    } else {
      at = readWord(reading, parts, candidates[at], at);
    }
  }
  return parts;
}

/**
 * Return the longest filter and concept at a word, without those that do not count.
 * @param {PlanReading} reading
 * @param {Candidate[][]} candidates
 * @param {number} at
 */
function phraseAt({ source, typed, isSmall, literal, asTyped }, candidates, at) {
  const { narrowing, concept } = longest(source.phrases, typed, candidates, at);
  const isLiteral =
    narrowing && (literal || asTyped.includes(typed.slice(at, narrowing.end).join(" ")));
  const replaces =
    concept &&
    concept.end === at + 1 &&
    concept.words.length === 1 &&
    // a small word is no place by itself: "from" is not the town of Frome
    ((isSmall(typed[at]) && isPlace({ concepts: concept.meanings })) ||
      (source.vocabulary.knows(typed[at]) && stem(typed[at]) !== stem(concept.words[0])));
  return { narrowing: isLiteral ? null : narrowing, concept: replaces ? null : concept };
}

/**
 * Return what a word may stand for: itself if it is known, else what is near or begins so.
 * @param {import("./search_vocabulary.js").Vocabulary} vocabulary
 * @param {string} word
 * @param {boolean} isLast
 * @returns {Candidate[]}
 */
function candidatesOf(vocabulary, word, isLast) {
  const others = vocabulary.shortAndLong(word);
  const completions = isLast ? vocabulary.completions(word) : [];
  const named = completions.filter((one) => vocabulary.named.has(one.word));
  const isKnown = vocabulary.knows(word);
  if (isKnown || others.length) {
    const known = isKnown ? [{ word, weight: 100 }] : [];
    const isWhole = vocabulary.isNamed(word) || word.length < SPELLING.known_completed_from;
    return [...known, ...others, ...(isWhole ? [] : named)];
  }
  const guesses = named.length ? named : [...completions, ...vocabulary.corrections(word)];
  /** @type {Map<string, Candidate>} */
  const best = new Map();
  for (const guess of guesses.sort((a, b) => b.weight - a.weight)) {
    if (!best.has(guess.word)) best.set(guess.word, guess);
  }
  return [...best.values()];
}

/**
 * Return the group of a word and the next, where some document has both as one word; or null.
 * @param {PlanReading} reading
 * @param {number} at
 * @returns {PlanGroup | null}
 */
function togetherGroup({ source, typed, isSmall }, at) {
  const pair = typed.slice(at, at + 2);
  const joined = pair.join("");
  if (pair.length < 2 || pair.some(isSmall) || !source.vocabulary.held.has(joined)) return null;
  const options = [option([joined]), option(pair)];
  return { typed: pair, options, concepts: [], outright: false };
}

/**
 * Read a word that begins no phrase; return the place after what was read.
 * @param {PlanReading} reading
 * @param {PlanParts} parts
 * @param {Candidate[]} candidates
 * @param {number} at
 */
function readWord({ source, typed, isSmall, age }, parts, candidates, at) {
  const word = typed[at];
  if (isSmall(word) || age?.places.includes(at)) return at + 1;
  const apart = candidates.length ? null : apartGroup(source, word);
  if (candidates.length) {
    const options = candidates.map((one) => option([one.word], one.weight));
    parts.groups.push({ typed: [word], options, concepts: [], outright: false });
  } else if (apart) {
    parts.groups.push(apart);
  } else {
    parts.unknown.push(word);
  }
  return at + 1;
}

/**
 * Return the group of two words that were written as one; null where it is not so.
 * @param {PlanSource} source
 * @param {string} word
 * @returns {PlanGroup | null}
 */
function apartGroup({ vocabulary, phrases }, word) {
  const halves = vocabulary.halves(word);
  if (!halves) return null;
  const candidates = halves.map((half) => [{ word: half, weight: 100 }]);
  const { concept } = longest(phrases, halves, candidates, 0);
  if (concept && concept.end === halves.length) return phraseGroup([word], concept, []);
  return { typed: [word], options: [option(halves)], concepts: [], outright: false };
}

/**
 * Take the words of a phrase as filters; words that are none after all stay words.
 * @param {PlanReading} reading
 * @param {PlanParts} parts
 * @param {PhraseMatch} match
 * @param {number} at
 */
function understand({ typed, today, isSmall }, parts, { end, meanings }, at) {
  const words = typed.slice(at, end);
  const filters = meanings.flatMap((meaning) => pairOf(meaning, today));
  if (isAboutThemself(typed.slice(end, end + 2), filters)) return;
  if (filters.length) {
    parts.understood.push({ words: words.join(" "), filters });
  } else if (!meanings.some(([field, value]) => field === "plain" && value)) {
    for (const word of words.filter((one) => !isSmall(one))) {
      parts.groups.push({
        typed: [word],
        options: [option([word])],
        concepts: [],
        outright: false,
      });
    }
  }
  const concepts = meanings.filter(([field]) => !FILTERS.has(field));
  if (concepts.length) {
    parts.forSomeoneElse.push({ typed: words, options: [option(words)], concepts, outright: true });
  }
}

/**
 * Say whether somebody else only does something to the one who asks ("bought me").
 * @param {string[]} after the two words after theirs
 * @param {[string, string][]} filters
 */
function isAboutThemself(after, filters) {
  const isElse = filters.length > 0 && filters.every(([field]) => field === "someone_else");
  return isElse && REPORTS.has(after[0]) && ONESELF.has(after[1]);
}

/**
 * Return field and value of a filter, in a list; nothing for words that are none after all.
 * @param {MeaningTerm} meaning
 * @param {string} today
 * @returns {[string, string][]}
 */
function pairOf([field, value], today) {
  if (field === "plain" || !FILTERS.has(field)) return [];
  if (field === "date") return [["dates", dateFrom(today, String(value))]];
  return [[QUESTION_FIELD[field] ?? field, String(value)]];
}

/**
 * Return the plan: guesses count only where nothing else is known.
 * @param {PlanParts} parts
 * @param {string[]} typed
 * @param {string} key
 * @returns {SearchPlan}
 */
function finished({ groups: all, understood, forSomeoneElse, unknown }, typed, key) {
  let groups = unique(all);
  const left = [...unknown];
  if (groups.some((group) => !isDoubtful(group))) {
    left.push(...groups.filter(isDoubtful).flatMap(contentWords));
    groups = groups.filter((group) => !isDoubtful(group));
  }
  const narrowed = understood.some(narrows);
  if (!groups.length && !narrowed) groups = forSomeoneElse.slice(0, 1);
  if (left.length && groups.every(isShort)) {
    left.push(...groups.flatMap((group) => group.typed));
    groups = [];
  }
  const unknownWords = [...new Set(typed.filter((word) => left.includes(word)))];
  return { groups, understood, titleKey: key, unknownWords, typed, audience: ANYBODY };
}

/** @param {PlanGroup[]} groups */
function unique(groups) {
  /** @type {Map<string, PlanGroup>} */
  const known = new Map();
  for (const group of groups) {
    const text = JSON.stringify(group);
    if (!known.has(text)) known.set(text, group);
  }
  return [...known.values()];
}

/**
 * @param {string[]} words
 * @param {number} weight
 * @returns {PlanOption}
 */
const option = (words, weight = 100) => ({ words, weight });

/**
 * Return the group of a phrase; a word likelier than the phrase it is taken for stays in it.
 * @param {string[]} typed
 * @param {PhraseMatch} match
 * @param {Candidate[]} likelier
 * @returns {PlanGroup}
 */
function phraseGroup(typed, match, likelier) {
  const others = match.words.length === 1 ? likelier : [];
  const options = [
    option(match.words, weightOf(match)),
    ...others.map(({ word, weight }) => option([word], weight)),
  ];
  const group = { typed, options, concepts: match.meanings, outright: false };
  return { ...group, outright: !isPlace(group) };
}

/**
 * Say whether a group is a mere guess at what was typed.
 * @param {PlanGroup} group
 */
function isDoubtful({ options, concepts }) {
  const weights = concepts.length
    ? concepts.map(([, , weight]) => weight)
    : options.map(({ weight }) => weight);
  return weights.every((weight) => weight <= RANK.doubt);
}

/**
 * Say whether a group is a mere short form, which names nothing by itself ("st").
 * @param {PlanGroup} group
 */
const isShort = ({ typed }) => typed.length === 1 && longForms(typed[0]).length > 0;

/**
 * Say whether a group names a place, which is given up first: next door may do as well.
 * @param {Pick<PlanGroup, "concepts">} group
 */
export function isPlace({ concepts }) {
  const isOne = concepts.every(([field]) => field === "place" || field === "outward_code");
  return concepts.length > 0 && isOne;
}

/**
 * Say whether all the words together are one kind, need or place.
 * @param {SearchPlan} plan
 */
export const isOneThing = ({ groups, typed }) =>
  groups.some((group) => group.concepts.length > 0 && group.typed.join(" ") === typed.join(" "));

/**
 * Return the areas that the words name as they are written: "wells", not "well".
 * @param {SearchPlan} plan
 * @param {AreaTerm[]} areas
 */
export function placesIn({ groups }, areas) {
  return groups.flatMap(({ concepts, typed }) =>
    concepts.flatMap(([field, value]) => {
      const isWritten = field === "place" && tokenise(areas[Number(value)][0]).join(" ");
      return isWritten === typed.join(" ") ? [Number(value)] : [];
    }),
  );
}

/**
 * Say whether a filter shuts anything out; that it is for someone else does not.
 * @param {Understood} one
 */
export const narrows = ({ filters }) => filters.some(([field]) => field !== "someone_else");

/**
 * Say whether other words are tried in place of those typed.
 * @param {PlanGroup} group
 */
export function isGuess({ typed, options }) {
  const asTyped = new Set([...typed, typed.join("")].map(stem));
  return options.every(({ words }) => !words.every((word) => asTyped.has(stem(word))));
}

/**
 * Return the typed words of a group without the small ones.
 * @param {PlanGroup} group
 */
export function contentWords({ typed }) {
  const content = typed.filter((word) => !FILLERS.has(word));
  return content.length ? content : typed;
}

/**
 * Return the words looked for in place of typed ones, as an answer names them.
 * @param {PlanGroup[]} groups
 */
export function alsoLookedFor(groups) {
  const tried = groups.filter(isGuess).flatMap(({ options }) =>
    [...options]
      .sort((a, b) => b.weight - a.weight)
      .slice(0, SHOWN_AT_MOST)
      .map(({ words }) => words.join(" ")),
  );
  return [...new Set(tried)];
}
