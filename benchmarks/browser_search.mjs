// Asks the search of the page, in Node: questions on stdin, answers and times on stdout (JSON).
// node benchmarks/browser_search.mjs <site folder> <milliseconds of now>

import { existsSync, readFileSync } from "node:fs";
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

const pagesFile = join(site, "search", "pages.json");
/** @type {SitePage[]} beside the activities, where there are any */
const sitePages = existsSync(pagesFile) ? JSON.parse(readFileSync(pagesFile, "utf8")) : [];

/** @type {number[]} */
const loadMs = [];

async function timedLoad() {
  const began = performance.now();
  const loaded = library(JSON.parse(documents), JSON.parse(index), sitePages);
  loadMs.push(performance.now() - began);
  return loaded;
}

let directory = await timedLoad();
while (loadMs.length < LOADS) directory = await timedLoad();

/** @param {SearchQuestion} question */
const ask = (question) => answer(directory, question, Number(now));
/** @param {SearchResult} result */
const firstSlugs = ({ hits }) =>
  hits.slice(0, FIRST).map(({ row }) => directory.documents.slugs[row]);

/** @type {SearchQuestion[]} */
const questions = JSON.parse(readFileSync(0, "utf8"));
const answers = questions.map(ask);
const found = answers.map(firstSlugs);
const understood = answers.map((one) => one.understood.flatMap(({ filters }) => filters));
const pages = answers.map((one) => one.pages.map(([url]) => url));
const beside = answers.map(({ world }, at) =>
  world === "real" ? firstSlugs(ask({ ...questions[at], invented: "yes" })) : [],
);
const answerMs = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const question of questions) {
    const began = performance.now();
    ask(question);
    answerMs.push(performance.now() - began);
  }
}
console.log(
  JSON.stringify({ found, understood, beside, pages, load_ms: loadMs, answer_ms: answerMs }),
);
