// In a rush of sign-ups each browser works a second for its own: a number that, written behind what the
// page was given, makes a SHA-256 begin with so many zero bits. Nothing is asked of the visitor.

const AT_ONCE = 256;

/**
 * Return how many zero bits a digest begins with.
 * @param {ArrayBuffer} digest
 */
export function zeroBits(digest) {
  let bits = 0;
  for (const byte of new Uint8Array(digest)) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

/**
 * Find the sum for a challenge: the challenge, a colon, a number.
 * @param {string} challenge
 * @param {number} bits
 * @returns {Promise<string>}
 */
export async function solve(challenge, bits) {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const tries = Array.from({ length: AT_ONCE }, (_, more) => `${challenge}:${first + more}`);
    const digests = await Promise.all(
      tries.map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))),
    );
    const at = digests.findIndex((digest) => zeroBits(digest) >= bits);
    if (at >= 0) return tries[at];
  }
}

/**
 * Work as soon as the page is there; a button pressed meanwhile waits for it.
 * @param {HTMLInputElement} field
 */
export function workFor(field) {
  if (!crypto.subtle) return; // on a page without https: a person reads it first
  /** @type {HTMLElement | null} */
  let pressed = null;
  let done = false;
  const form = /** @type {HTMLFormElement} */ (field.form);
  form.addEventListener("submit", (event) => {
    if (done || event.submitter?.getAttribute("name")) return; // the ways back and to one answer need no sum
    event.preventDefault();
    pressed = event.submitter;
  });
  solve(field.value, Number(field.dataset.bits))
    .then((proof) => (field.value = proof))
    .finally(() => {
      done = true;
      if (pressed) form.requestSubmit(pressed);
    });
}
