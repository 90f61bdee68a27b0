// Asks the search of the page, in Node: questions on stdin, answers and times on stdout (JSON).
// node benchmarks/browser_search.mjs <site folder> <milliseconds of now>

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { answer } from "../site/assets/search_core.js";
import { library } from "../site/assets/search_store.js";

const FIRST = 10;
const LOADS = 5;
const ROUNDS = 3;

const [site, now] = process.argv.slice(2);
/** @param {string} name */
const read = (name) => readFileSync(join(site, "search", name), "utf8");
const [documents, index] = [read("documents.json"), read("index.json")];

/** @type {number[]} */
const loadMs = [];

async function timedLoad() {
  const began = performance.now();
  const loaded = library(JSON.parse(documents), JSON.parse(index));
  loadMs.push(performance.now() - began);
  return loaded;
}

let directory = await timedLoad();
while (loadMs.length < LOADS) directory = await timedLoad();

/** @type {SearchQuestion[]} */
const questions = JSON.parse(readFileSync(0, "utf8"));
const found = questions.map((question) => {
  const { hits } = answer(directory, question, Number(now));
  return hits.slice(0, FIRST).map(({ row }) => directory.documents.slugs[row]);
});
const understood = questions.map((question) => {
  /** @type {{ understood?: { filters: [string, string][] }[] }} */
  const { understood: read = [] } = answer(directory, question, Number(now));
  return read.flatMap(({ filters }) => filters);
});
const answerMs = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const question of questions) {
    const began = performance.now();
    answer(directory, question, Number(now));
    answerMs.push(performance.now() - began);
  }
}
console.log(JSON.stringify({ found, understood, load_ms: loadMs, answer_ms: answerMs }));
