// Pagefind's own client in Node: questions in, the first ten addresses of each and times out.
// node pagefind.mjs <site folder>; questions as a JSON list of texts on standard input.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const base = pathToFileURL(`${resolve(process.argv[2], "pagefind")}/`).href;
globalThis.fetch = async (url) =>
  new Response(readFileSync(fileURLToPath(String(url).split("?")[0])));
globalThis.window = undefined;
const pagefind = await import(`${base}pagefind.js`);
await pagefind.options({ basePath: base, baseUrl: "/" });
await pagefind.init();
const questions = JSON.parse(readFileSync(0, "utf8"));
const found = [];
const answers_ms = [];
for (const question of questions) {
  const began = performance.now();
  const { results } = await pagefind.search(question);
  const first = await Promise.all(results.slice(0, 10).map((one) => one.data()));
  answers_ms.push(performance.now() - began);
  found.push(first.map((one) => one.url));
}
// To a pipe this is written by and by: whoever leaves at once cuts it short.
process.stdout.write(JSON.stringify({ found, answers_ms }), () => process.exit(0));
