// The closed lists in the browser: what people type for a kind, a need, a place, a day or a way,
// and the documents (rows) that belong to each. Pure.

import { FILLERS, stems } from "./search_text.js";

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const WAYS = ["in person", "online", "by phone", "comes to you"];

const LEXICON = {
  fields: ["words"],
  tokenize: (text) => text.split(" "),
  processTerm: (term) => term,
};

/** Return the phrases of all closed lists and a small index of their words. */
export function lexiconOf(MiniSearch, terms) {
  const phrases = [...phrasesOf(terms)];
  const index = new MiniSearch(LEXICON);
  index.addAll(
    phrases.map(({ needed, joined }, id) => ({ id, words: [...needed, joined].join(" ").trim() })),
  );
  return { phrases, index };
}

/**
 * Yield every phrase: the words it needs, where it leads (key of rows and weight), and the label to
 * speak of. A phrase of two words is also known written as one. `loose`: one of its words leads
 * there too, but less.
 */
function* phrasesOf(terms) {
  for (const [at, [, label, aliases]] of terms.kinds.entries()) {
    const leads = [[`kind/${at}`, 8]];
    yield phrase(label, leads, [label], true);
    for (const alias of aliases) yield phrase(alias, leads, [label]);
  }
  for (const [at, [, label, aliases, kinds]] of terms.needs.entries()) {
    const often = kinds.map((kind, order) => [`kind/${kind}`, 5 - order / 2]);
    const leads = [[`need/${at}`, 5], ...often];
    const said = kinds.slice(0, 2).map((kind) => terms.kinds[kind][1]);
    for (const text of [label, ...aliases]) yield phrase(text, leads, said);
  }
  for (const [at, [name]] of terms.areas.entries()) {
    yield phrase(name, [[`area/${at}`, 3], [`at/${at}`, 3]], [], true);
  }
  for (const code of new Set(terms.areas.flatMap(([, , codes]) => codes))) {
    yield phrase(code, [[`code/${code}`, 5]], []);
  }
  for (const [at, day] of DAYS.entries()) yield phrase(day, [[`day/${at}`, 3]], []);
  for (const [at, way] of WAYS.entries()) yield phrase(way, [[`way/${at}`, 3]], []);
  yield phrase("free", [["free", 3]], []);
}

function phrase(text, leads, labels, loose = false) {
  const all = stems(text);
  const content = all.filter((word) => !FILLERS.has(word));
  const needed = content.length > 1 ? content : all;
  const joined = needed.length === 2 ? needed.join("") : "";
  return { needed, joined, leads, labels, loose };
}

/**
 * Return the rows of each term, by key ("kind/3", "code/ZZ3", "day/1", "free"). "at/0" has what is
 * held in an area, "area/0" also what reaches people there.
 */
export function rowsOf(documents) {
  const rows = new Map();
  const reach = reachOf(documents.terms.areas);
  for (let row = 0; row < documents.titles.length; row += 1) {
    for (const key of new Set(keysOf(documents, row, reach))) {
      if (!rows.has(key)) rows.set(key, []);
      rows.get(key).push(row);
    }
  }
  return rows;
}

function* keysOf(documents, row, reach) {
  for (const kind of documents.kinds[row]) yield `kind/${kind}`;
  for (const need of documents.needs[row]) yield `need/${need}`;
  const travels = [...documents.ways[row]].some((way) => WAYS[way] !== "in person");
  for (const area of documents.places[row]) yield* [...reach.at[area], ...reach.around[area]];
  for (const area of documents.served[row]) yield* reach[travels ? "all" : "around"][area];
  for (const code of documents.codes[row].split(" ")) yield `code/${code}`;
  for (const day of documents.days[row]) yield `day/${day}`;
  for (const way of documents.ways[row]) yield `way/${way}`;
  if (documents.free[row] === "y") yield "free";
}

/** Return, per area, the keys of it and all around it; `all`: inside too, for what comes to people. */
function reachOf(areas) {
  const chains = areas.map((_, area) => chain(areas, area));
  const keys = (name) => chains.map((found) => found.map((area) => `${name}/${area}`));
  const around = keys("area");
  const inside = areas.map((_, area) => [...areas.keys()].filter((one) => chains[one].includes(area)));
  const all = inside.map((found, area) => [
    ...around[area],
    ...found.map((one) => `area/${one}`),
    ...found.flatMap((one) => areas[one][2].map((code) => `code/${code}`)),
  ]);
  return { at: keys("at"), around, all };
}

function chain(areas, area) {
  const found = [];
  for (let at = area; at >= 0 && !found.includes(at); at = areas[at][1]) found.push(at);
  return found;
}
