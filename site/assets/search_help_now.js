// Words that cannot wait: the help for them stands in the page, unseen, and is shown while somebody
// types. It waits for no file, tells nobody, and goes as soon as the words go.

import { slips, words } from "./search_text.js";

const FORGIVEN_FROM = 6; // letters of a word that may hold one slip, but not in its first letter

/**
 * Return which of `all` [{words, alone: lists of texts}] the typed text asks for first, or -1.
 * @param {HelpNowTriggers[]} all
 * @param {string} text
 */
export function neededAt(all, text) {
  const typed = words(text);
  return typed.length ? all.findIndex((triggers) => asks(triggers, typed)) : -1;
}

/**
 * @param {HelpNowTriggers} triggers
 * @param {string[]} typed
 */
function asks({ words: anywhere, alone }, typed) {
  /** @param {string[]} phrase */
  const within = (phrase) =>
    typed.some((_, at) => same(phrase, typed.slice(at, at + phrase.length)));
  return (
    alone.some((text) => same(words(text), typed)) || anywhere.some((text) => within(words(text)))
  );
}

/** @type {(words: string[], typed: string[]) => boolean} */
const same = (phrase, typed) =>
  phrase.length === typed.length && phrase.every((word, at) => is(word, typed[at]));

/**
 * @param {string} word
 * @param {string} typed
 */
function is(word, typed) {
  if (word === typed) return true;
  return word.length >= FORGIVEN_FROM && word[0] === typed[0] && slips(word, typed, 1) <= 1;
}

/**
 * Show the help that the form's words ask for, now and as they change.
 * @param {HTMLFormElement} form
 * @returns {() => void}
 */
export function showHelpNow(form) {
  /** @type {NodeListOf<HTMLElement>} */
  const blocks = document.querySelectorAll("[data-help-now]");
  const sections = [...blocks];
  if (!sections.length) return () => {};
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  const all = sections.map((section) => JSON.parse(section.dataset.helpNow ?? ""));
  const update = () => {
    const at = neededAt(all, field.value);
    for (const [number, section] of sections.entries()) section.hidden = number !== at;
  };
  form.addEventListener("input", update);
  update();
  return update;
}
