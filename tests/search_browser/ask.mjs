// Answers questions as the page would, for the tests: a line of {question, now} in, a line of what
// was found out. node ask.mjs <site folder> <MiniSearch module>

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { answer } from "../../site/assets/search_core.js";
import { library } from "../../site/assets/search_store.js";
import { cardOf, countOf, waysOn } from "../../site/assets/search_words.js";

const [site, module] = process.argv.slice(2);
const { default: MiniSearch } = await import(pathToFileURL(resolve(module)));
const read = (name) => JSON.parse(readFileSync(join(site, "search", name), "utf8"));
const directory = await library(MiniSearch, read("documents.json"), read("index.json"));

for await (const line of createInterface({ input: process.stdin })) {
  const { question, now } = JSON.parse(line);
  const found = answer(directory, question, now);
  const said = {
    slugs: found.rows.map((row) => directory.documents.slugs[row]),
    full: found.full,
    said: countOf(found, question),
    cards: found.rows.map((row) => cardOf(directory.documents, row, now)),
    ways_on: waysOn(directory, question, now).map(({ words }) => words),
  };
  console.log(JSON.stringify(said));
}
