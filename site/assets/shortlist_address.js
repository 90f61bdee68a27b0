// A shortlist as the fragment of an address, and back: "#list=tea,walk" or, with a place on the page,
// "#list=tea,walk&to=content". Fragments never leave the device. Pure; nothing but slugs gets through.

export const MOST = 20;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST = 80; // letters of a slug
const SURROUNDING = /^\s+|[\s.,;:!?)>"'’”]+$/g; // what a message wrapped around the address

/**
 * Return {slugs, invalid, to} of a fragment: `slugs` is null where it holds no list, `invalid`
 * counts the pieces that cannot be activities, `to` is the id of an element or empty.
 * @param {string} fragment
 */
export function readFragment(fragment) {
  const text = decode(fragment.replace(/^#/, ""));
  if (!text.startsWith("list=")) return { slugs: null, invalid: 0, to: text };
  const [written, to = ""] = text.slice("list=".length).split("&to=");
  const pieces = written.split(",").map((piece) => piece.toLowerCase().replace(SURROUNDING, ""));
  const named = pieces.filter(Boolean);
  const slugs = named.filter((piece) => SLUG.test(piece) && piece.length <= LONGEST);
  return { slugs: [...new Set(slugs)], invalid: named.length - slugs.length, to };
}

/**
 * Return the fragment of a list and a place on the page; empty where there is neither.
 * @param {string[]} slugs
 */
export function fragmentOf(slugs, to = "") {
  if (!slugs.length) return to ? `#${encodeURIComponent(to)}` : "";
  return `#list=${slugs.join(",")}${to ? `&to=${encodeURIComponent(to)}` : ""}`;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a broken escape: no slug holds one
  }
}
