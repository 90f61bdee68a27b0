// Words that cannot wait: the help for them stands in the page, unseen, and is shown while somebody
// types. It waits for no file, tells nobody, and goes as soon as the words go.

import { slips, words } from "./search_text.js";

const FORGIVEN_FROM = 6; // letters of a word that may hold one slip, but not in its first letter

/** Return which of `all` [{words, alone: lists of texts}] the typed text asks for first, or -1. */
export function neededAt(all, text) {
  const typed = words(text);
  return typed.length ? all.findIndex((one) => asks(one, typed)) : -1;
}

function asks({ words: anywhere, alone }, typed) {
  const within = (said) => typed.some((_, at) => same(said, typed.slice(at, at + said.length)));
  return (
    alone.some((text) => same(words(text), typed)) || anywhere.some((text) => within(words(text)))
  );
}

const same = (said, typed) =>
  said.length === typed.length && said.every((word, at) => is(word, typed[at]));

function is(word, typed) {
  if (word === typed) return true;
  return word.length >= FORGIVEN_FROM && word[0] === typed[0] && slips(word, typed, 1) <= 1;
}

/** Show the help that the form's words ask for, now and as they change. */
export function showHelpNow(form) {
  const sections = [...document.querySelectorAll("[data-help-now]")];
  if (!sections.length) return () => {};
  const all = sections.map((one) => JSON.parse(one.dataset.helpNow));
  const tell = () => {
    const at = neededAt(all, form.elements.namedItem("q").value);
    for (const [number, section] of sections.entries()) section.hidden = number !== at;
  };
  form.addEventListener("input", tell);
  tell();
  return tell;
}
