// lunr as Material's search worker uses it: indexed on each visit, every word also as a beginning.
const [, , library, index, ...questions] = process.argv;
const lunr = require(library);
const { docs } = JSON.parse(require("fs").readFileSync(index, "utf8"));
const now = () => performance.now();
let began = now();
const made = lunr(function () {
  this.ref("location");
  this.field("title", { boost: 1000 });
  this.field("text");
  for (const one of docs) this.add(one);
});
const index_ms = now() - began;
const answers_ms = [];
for (let round = 0; round < 6; round += 1) {
  for (const question of questions) {
    began = now();
    made.search(question.split(" ").map((word) => `+${word}*`).join(" "));
    if (round) answers_ms.push(now() - began);
  }
}
process.stdout.write(JSON.stringify({ index_ms, answers_ms }));
