// lunr as Material's search worker uses it: indexed on each visit, no stems, every word also as a
// beginning, any of them will do, and what has all of them counts more.
// node lunr.cjs <library> <index>; questions as a JSON list of texts on standard input.
const { readFileSync } = require("node:fs");
const [, , library, index] = process.argv;
const lunr = require(library);
const { docs } = JSON.parse(readFileSync(index, "utf8"));
const questions = JSON.parse(readFileSync(0, "utf8"));
const now = () => performance.now();
let began = now();
const made = lunr(function () {
  for (const one of [lunr.trimmer, lunr.stemmer]) this.pipeline.remove(one);
  this.searchPipeline.remove(lunr.stemmer);
  this.ref("location");
  this.field("title", { boost: 1000 });
  this.field("text");
  for (const one of docs) this.add(one);
});
const index_ms = now() - began;
const answers_ms = [];
const found = [];
for (const question of questions) {
  const words = question.match(/[\p{L}\p{N}]+/gu) || []; // signs are orders to lunr
  began = now();
  const hits = made.search(words.map((word) => `${word}*`).join(" "));
  for (const hit of hits) {
    const terms = Object.keys(hit.matchData.metadata);
    const all = words.every((word) => terms.some((one) => one.startsWith(word.toLowerCase())));
    if (all) hit.score *= 2;
  }
  hits.sort((a, b) => b.score - a.score);
  answers_ms.push(now() - began);
  found.push([...new Set(hits.map(({ ref }) => ref.split("#")[0]))].slice(0, 10));
}
process.stdout.write(JSON.stringify({ index_ms, answers_ms, found }));
