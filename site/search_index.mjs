// Writes search/index.json of a built site: the packed MiniSearch index of search/documents.json.
// node site/search_index.mjs <site folder> <MiniSearch module>

import { readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { packedIndex } from "./assets/search_store.js";

const [site, module] = process.argv.slice(2);
if (!module) throw new Error("say the site folder and the MiniSearch module");

const { default: MiniSearch } = await import(pathToFileURL(resolve(module)).href);
const folder = join(site, "search");
const documents = JSON.parse(await readFile(join(folder, "documents.json"), "utf8"));
const making = join(folder, ".index.json");
await writeFile(making, JSON.stringify(packedIndex(MiniSearch, documents)));
await rename(making, join(folder, "index.json"));
