// Places as people write them, understood as catalogue/gazetteer.py does: a name, half a name, a
// name misspelt, an outward code, a whole postcode whose second half is dropped. Pure.

import { outwardCode, slips, tolerance, words } from "./search_text.js";

/** Return, per area, itself and all areas around it, nearest first. */
export function chainsOf(areas) {
  return areas.map((_, area) => {
    const chain = [];
    for (let at = area; at >= 0 && !chain.includes(at); at = areas[at][1]) chain.push(at);
    return chain;
  });
}

/** Return the numbers of the narrowest areas an outward code belongs to. */
export function areasOfCode(areas, code) {
  const having = [...areas.keys()].filter((area) => areas[area][2].includes(code));
  const chains = chainsOf(areas);
  const holdsAnother = (area) => having.some((one) => one !== area && chains[one].includes(area));
  return having.filter((area) => !holdsAnother(area));
}

/**
 * Return the place a text means: {label, keys of rows, known}. Without a text the label is empty.
 * An unknown place filters nothing, and the page says so.
 */
export function placeOf(library, text) {
  const asked = text.trim();
  if (!asked) return { label: "", keys: [], known: true };
  for (const part of [asked, asked.split(",")[0]]) {
    const found = byCode(library, part) || byName(library.documents.terms.areas, part);
    if (found) return { ...found, known: true };
  }
  return { label: asked, keys: [], known: false };
}

function byCode({ documents, rows }, text) {
  const code = outwardCode(text);
  if (!code) return null;
  const areas = areasOfCode(documents.terms.areas, code);
  if (!areas.length && !rows.has(`code/${code}`)) return null;
  return { label: code, keys: [`code/${code}`, ...areas.map((area) => `area/${area}`)] };
}

function byName(areas, text) {
  const sought = slugOf(text);
  const slugs = areas.map(([name]) => slugOf(name));
  if (slugs.includes(sought)) return area(areas, slugs.indexOf(sought));
  const parts = sought ? slugs.map((slug) => `-${slug}-`.includes(`-${sought}-`)) : [];
  if (parts.includes(true)) {
    const keys = slugs.flatMap((_, at) => (parts[at] ? [`area/${at}`] : []));
    return { label: capitals(text.trim()), keys };
  }
  return misspelt(areas, slugs, sought);
}

/** Return the one area this may be a misspelling of; null where it may be several. */
function misspelt(areas, slugs, sought) {
  const distances = slugs.map((slug) => slips(slug, sought, tolerance(sought)));
  const least = Math.min(...distances);
  const several = distances.indexOf(least) !== distances.lastIndexOf(least);
  return least === Infinity || several ? null : area(areas, distances.indexOf(least));
}

const capitals = (text) => text.replace(/(^|[^\p{L}])\p{Ll}/gu, (start) => start.toUpperCase());
const area = (areas, at) => ({ label: areas[at][0], keys: [`area/${at}`] });
const slugOf = (text) => words(text.replace(/['’]/g, " ")).join("-");
