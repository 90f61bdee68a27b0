// Answers questions as the page would, for the tests: a line of {question, now} in, a line of what
// was found out. node ask.mjs <site folder>

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { cardOf } from "../../site/assets/search_cards.js";
import { answer } from "../../site/assets/search_core.js";
import { askWords, countOf, distanceWords, headingOf } from "../../site/assets/search_messages.js";
import { library } from "../../site/assets/search_store.js";
import { gapOf, suggestionsFor } from "../../site/assets/search_suggestions.js";
import { readPlaces } from "../../site/assets/search_uk_places.js";

const [site] = process.argv.slice(2);
/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(join(site, "search", name), "utf8"));
const sitePages = existsSync(join(site, "search", "pages.json")) ? read("pages.json") : [];
const directory = library(read("documents.json"), read("index.json"), sitePages);
directory.ukPlaces = readPlaces(readFileSync(join(site, "search", "places.tsv"), "utf8"));
const { documents } = directory;

/** @param {{ question: SearchQuestion, now: number }} asked */
function fullAnswer({ question, now }) {
  const found = answer(directory, question, now);
  const sums = found.matching + found.may;
  return {
    slugs: found.hits.map(({ row }) => documents.slugs[row]),
    full: sums,
    said: countOf(found),
    cards: found.hits.map(({ row }) => cardOf(documents, row, now, found.asked)),
    ways_on: suggestionsFor(directory, question, now).map(({ words }) => words),
    fits: found.hits.map(({ fit }) => fit),
    groups: found.groups.map(({ group, matching, may }) => [group, matching, may]),
    too_old: found.tooOld,
    headings: found.groups.map(({ group }) => headingOf(group, found.place)),
    far: found.hits.map(({ fit }) => distanceWords(fit)),
    asks: found.hits.map(({ fit }) => askWords(documents, fit.ask)),
    gap: gapOf(directory, question, found.place),
  };
}

/**
 * Only rows, groups and what to ask, for many questions.
 * @param {{ question: SearchQuestion, now: number }} asked
 */
function hitsOnly({ question, now }) {
  const { hits, groups, tooOld, place, understood, also, leftOut, world, pages } = answer(
    directory,
    question,
    now,
  );
  const found = hits.map(({ row, fit }) => [
    documents.slugs[row],
    fit.group,
    fit.ask,
    fit.km,
    fit.about,
  ]);
  return {
    place: { known: place.known, label: place.label, town: place.town, offers: place.offers },
    hits: found,
    groups: groups.map((one) => [one.group, one.matching, one.may]),
    too_old: tooOld,
    understood: understood.map(({ words, filters }) => [words, filters]),
    also,
    left_out: leftOut,
    world,
    pages: pages.map(([url]) => url),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify((asked.rules ? hitsOnly : fullAnswer)(asked)));
}
