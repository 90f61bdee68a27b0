// Which documents fit the groups of a plan, and how well: api/search/embedded/matching.py, in the
// page. A score hangs on nothing but the plan, the matches and how many documents hold a word, and
// is a whole number. Pure.

import { RANK } from "./search_constants.js";
import { longForms, stem, titleKey, tokenise } from "./search_text.js";

const FIELDS = Object.keys(RANK.fields);
/** @type {{ [field: string]: number }} */
const BIT = Object.fromEntries(FIELDS.map((field, at) => [field, 1 << at]));
const OUTRIGHT = BIT.title | BIT.labels | BIT.summary;
const ANYWHERE = bestFields((1 << FIELDS.length) - 1);
const ONLY_OUTRIGHT = bestFields(OUTRIGHT);

/**
 * Return for every mask the weight of its best field among some.
 * @param {number} among
 */
function bestFields(among) {
  /** @type {[string, number][]} */
  const weights = Object.entries(RANK.fields);
  return Array.from({ length: 1 << FIELDS.length }, (_, mask) =>
    Math.max(0, ...weights.map(([name, weight]) => (mask & among & BIT[name] ? weight : 0))),
  );
}

/** The index of words: which rows hold a word in which fields, worked out as it is asked for. */
export class WordIndex {
  /**
   * @param {SearchDocuments} documents
   * @param {PackedIndex} packed
   * @param {Map<string, number[]>} rows the rows of each term
   */
  constructor(documents, packed, rows) {
    this.count = documents.titles.length;
    this.titles = documents.titles;
    this.rows = rows;
    /** @type {Map<string, string>} */
    this.packed = new Map();
    const words = packed.words ? packed.words.split(" ") : [];
    for (const [at, word] of words.entries()) this.packed.set(word, packed.rows[at]);
    /** @type {Map<string, [rows: number[], bit: number][]>} */
    this.ofTerms = new Map();
    this.addTerms(documents.terms);
    /** @type {Map<string, string[]>} */
    this.families = new Map();
    for (const word of this.words()) {
      const family = this.families.get(stem(word));
      if (family) family.push(word);
      else this.families.set(stem(word), [word]);
    }
    /** @type {Map<string, Uint8Array>} */
    this.known = new Map();
    /** @type {Map<string, number>} */
    this.counts = new Map();
  }

  /** Return all words that a document holds. */
  words() {
    return [...new Set([...this.packed.keys(), ...this.ofTerms.keys()])];
  }

  /**
   * Note which words kinds, needs, places and codes bring to their rows.
   * @param {SearchTerms} terms
   */
  addTerms({ kinds, needs, areas }) {
    for (const [at, [, label, aliases]] of kinds.entries()) {
      this.addTexts([label, ...aliases], this.rowsOf(`kind/${at}`), BIT.labels);
    }
    for (const [at, [, label, aliases]] of needs.entries()) {
      this.addTexts([label, ...aliases], this.rowsOfNeed(at, needs), BIT.needs);
    }
    for (const [at, [name]] of areas.entries()) {
      this.addTexts([name], this.rowsOf(`at/${at}`), BIT.where);
    }
    for (const key of this.rows.keys()) {
      if (key.startsWith("code/") && key.length > "code/".length) {
        this.addTexts([key.slice("code/".length)], this.rowsOf(key), BIT.where);
      }
    }
  }

  /**
   * @param {string[]} texts
   * @param {number[]} rows
   * @param {number} bit
   */
  addTexts(texts, rows, bit) {
    if (!rows.length) return;
    for (const word of new Set(texts.flatMap(tokenise))) {
      const having = this.ofTerms.get(word);
      if (having) having.push([rows, bit]);
      else this.ofTerms.set(word, [[rows, bit]]);
    }
  }

  /** @param {string} key */
  rowsOf(key) {
    return this.rows.get(key) ?? [];
  }

  /**
   * A need is met by the entries that name it, and by those of the kinds that often help.
   * @param {number} need
   * @param {NeedTerm[]} needs
   */
  rowsOfNeed(need, needs) {
    const helping = needs[need][3].flatMap((kind) => this.rowsOf(`kind/${kind}`));
    return [...new Set([...this.rowsOf(`need/${need}`), ...helping])];
  }

  /**
   * Return how many documents hold a word as it is written.
   * @param {string} word
   */
  countOf(word) {
    const known = this.counts.get(word);
    if (known !== undefined) return known;
    const count = countHeld(this.addWord(new Uint8Array(this.count), word));
    this.counts.set(word, count);
    return count;
  }

  /**
   * Return in which fields each document holds a form of a word, as masks.
   * @param {string} form a stem
   */
  fieldsOf(form) {
    const known = this.known.get(form);
    if (known) return known;
    const held = new Uint8Array(this.count);
    for (const word of this.families.get(form) ?? []) this.addWord(held, word);
    this.known.set(form, held);
    return held;
  }

  /**
   * @param {Uint8Array} held
   * @param {string} word
   */
  addWord(held, word) {
    const packed = this.packed.get(word);
    for (const part of packed ? packed.split(";") : []) {
      const [mask, gaps] = part.split(":");
      let row = 0;
      for (const gap of gaps.split(" ")) {
        row += parseInt(gap, 36);
        held[row] |= Number(mask);
      }
    }
    for (const [rows, bit] of this.ofTerms.get(word) ?? [])
      for (const row of rows) held[row] |= bit;
    return held;
  }
}

/** @param {Uint8Array} held */
function countHeld(held) {
  let count = 0;
  for (const mask of held) if (mask) count += 1;
  return count;
}

/**
 * Return how well each document fits a group; 0 where it does not.
 * @param {SearchLibrary} library
 * @param {PlanGroup} group
 */
export function matchGroup(library, { options, concepts, outright }) {
  const best = new Float64Array(library.count);
  const sum = new Float64Array(library.count);
  /** @type {(row: number, score: number) => void} */
  const add = (row, score) => {
    sum[row] += score;
    if (score > best[row]) best[row] = score;
  };
  for (const one of options) addOption(library.index, one, outright, add);
  for (const [field, value, weight] of concepts) {
    const score = Math.floor((conceptWeight(field) * weight) / 100);
    for (const row of conceptRows(library, field, value)) add(row, score);
  }
  return best.map((score, row) =>
    score ? score + Math.floor(((sum[row] - score) * RANK.others_percent) / 100) : 0,
  );
}

/** @param {string} field */
function conceptWeight(field) {
  /** @type {{ [field: string]: number }} */
  const weights = RANK.concepts;
  return weights[field];
}

/**
 * @param {SearchLibrary} library
 * @param {string} field
 * @param {string | number} value
 */
function conceptRows({ index, documents }, field, value) {
  if (field === "need") return index.rowsOfNeed(Number(value), documents.terms.needs);
  const families = { kind: "kind", place: "area", outward_code: "code" };
  return index.rowsOf(`${families[/** @type {keyof families} */ (field)]}/${value}`);
}

/**
 * @param {WordIndex} index
 * @param {PlanOption} option
 * @param {boolean} outright
 * @param {(row: number, score: number) => void} add
 */
function addOption(index, { words, weight }, outright, add) {
  const weights = outright ? ONLY_OUTRIGHT : ANYWHERE;
  const held = words.map((word) => index.fieldsOf(stem(word)));
  const rarities = held.map((fields) => rarityOf(fields));
  for (let row = 0; row < index.count; row += 1) {
    let total = 0;
    for (let at = 0; at < held.length; at += 1) {
      const points = weights[held[at][row]];
      if (!points) {
        total = 0;
        break;
      }
      total += points * rarities[at];
    }
    if (total) add(row, Math.max(1, Math.floor((total * weight) / 100)));
  }
}

/**
 * Return 1 and one more for each time that fewer by half of the documents hold a word.
 * @param {Uint8Array} fields
 */
function rarityOf(fields) {
  const parts = Math.floor(fields.length / Math.max(1, countHeld(fields)));
  return 1 + (parts ? 32 - Math.clz32(parts) : 0);
}

/**
 * Return the rows whose titles hold all the words of a key.
 * @param {WordIndex} index
 * @param {string} key
 */
function titled(index, key) {
  if (!key) return [];
  const held = key.split(" ").map((word) => {
    return [word, ...longForms(word).map(stem)].map((form) => index.fieldsOf(form));
  });
  const found = [];
  for (let row = 0; row < index.count; row += 1) {
    if (held.every((forms) => forms.some((fields) => fields[row] & BIT.title))) found.push(row);
  }
  return found;
}

/**
 * Return the rows whose title a question is.
 * @param {WordIndex} index
 * @param {string} key
 */
export function withTitle(index, key) {
  return titled(index, key).filter((row) => titleKey(index.titles[row]) === key);
}

/**
 * Return what titles add to the score of some rows.
 * @param {WordIndex} index
 * @param {string} key
 * @returns {[row: number, bonus: number][]}
 */
export function titleBonuses(index, key) {
  return titled(index, key).map((row) => [row, titleBonus(titleKey(index.titles[row]), key)]);
}

/**
 * @param {string} title
 * @param {string} key
 */
function titleBonus(title, key) {
  if (title === key) return RANK.whole_title;
  if (!key.includes(" ")) return 0;
  return title.startsWith(`${key} `) ? RANK.begins_title : RANK.in_title;
}
