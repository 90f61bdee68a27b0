// The search field of a page. What is typed never leaves the device: two files of the whole
// directory are fetched at the first touch of the field, and questions are answered here. Without
// this script, or should it fail, the form is answered by /search as it stands.

import { _ } from "./i18n.js";
import { addressIn, fill, forget, hasQuestion } from "./search_form.js";
import { showHelpNow } from "./search_help_now.js";
import { offerLocation } from "./search_location.js";
import { offerToKeepDrawn } from "./shortlist.js";

const PAUSE = 200; // milliseconds without a key before an answer
const A_PAGE = 24; // cards: two, three and four columns divide it
const MODULES = ["core", "draw", "question", "store", "suggestions", "messages"];

const here = (path) => new URL(path, import.meta.url);
const FILES = ["../search/documents.json", "../search/index.json"].map(here);
const form = document.getElementById("find");
const template = document.getElementById("card-template");
const count = document.getElementById("result-count");

const updateHelpNow = form ? showHelpNow(form) : null;

let loading = null; // promise of the library and the functions that ask it
let pending = 0; // timer of an answer to come

/** Fetch code and documents, once; a failure is forgotten, so that the next touch tries again. */
function load() {
  loading =
    loading ||
    fetchAll().catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

async function fetchAll() {
  const modules = MODULES.map((name) => import(here(`./search_${name}.js`)));
  const [files, { default: MiniSearch }, ...parts] = await Promise.all([
    readAll("default"),
    import(here("./minisearch.js")),
    ...modules,
  ]);
  const search = Object.assign({}, ...parts);
  const [documents, index] = files[0].stamp === files[1].stamp ? files : await readAll("reload");
  return { ...search, library: await search.library(MiniSearch, documents, index) };
}

/** Read both files. They may come from a cache filled before and after a build: then again. */
function readAll(cache) {
  return Promise.all(
    FILES.map(async (url) => {
      const response = await fetch(url, { cache });
      if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
      return response.json();
    }),
  );
}

/** Answer what is asked (the form, unless an address is given), or say that it is on its way. */
async function show({ page = 1, turn = false, address = null, said = [] } = {}) {
  clearTimeout(pending);
  const slow = setTimeout(() => say(_("Looking…")), PAUSE);
  try {
    const search = await load();
    const asked = search.questionOf(search.library.documents.terms, address || addressIn(form));
    forget(form, asked.dropped);
    draw(search, asked, { page: address ? asked.page : page, turn, said });
  } finally {
    clearTimeout(slow);
  }
}

function draw(search, { question, dropped }, { page, turn, said }) {
  const now = Date.now();
  const found = search.answer(search.library, question, now);
  const pages = Math.max(1, Math.ceil(found.hits.length / A_PAGE));
  const at = Math.min(Math.max(1, page), pages);
  const shown = found.hits.slice((at - 1) * A_PAGE, at * A_PAGE);
  search.drawHits(search.library.documents, { ...found, hits: shown }, { template, now });
  offerToKeepDrawn();
  const link = (one) => search.addressOf(question, one) || location.pathname;
  search.drawPages(at, pages, { link, turnTo });
  const none = found.matching + found.may === 0;
  const ways = none ? search.suggestionsFor(search.library, question, now) : [];
  const gap = none ? search.gapOf(search.library, question, found.place) : null;
  const on = ways.map((way) => ({ ...way, href: search.addressOf(way.question), follow }));
  search.drawSuggestions(none, on, gap);
  const left = dropped.length ? [search.droppedWords(dropped)] : [];
  say([...said, search.countOf(found), ...left].join(" "));
  remember(location.pathname + search.addressOf(question, at), turn);
}

const say = (words) => (count.textContent = words);

/** Keep the question in the address, and a shortlist in its fragment; a page turned is a step the
 * back button takes again. */
function remember(address, turn) {
  if (address === location.pathname + location.search) return;
  const kept = location.hash === "#content" ? "" : location.hash; // of the skip link: no part of a search
  history[turn ? "pushState" : "replaceState"](history.state, "", address + kept);
}

/** Turn the page and take the reader to its top: the link they pressed is gone. */
async function turnTo(event, page) {
  event.preventDefault();
  await show({ page, turn: true });
  count.tabIndex = -1;
  count.focus();
}

/** Follow a way on here where the device said where it is: no address may carry that along. */
function follow(event, question, href) {
  if (!question.near) return;
  event.preventDefault();
  fill(form, new URLSearchParams([...new URLSearchParams(href), ["near", question.near]]));
  show({ turn: true }).then(reveal, giveUp);
}

/** Let the find page answer as one types; a press of Search, or Enter, answers at once. */
function answerHere() {
  const soon = () => {
    clearTimeout(pending);
    pending = setTimeout(() => show().catch(giveUp), PAUSE);
  };
  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (matchMedia("(pointer: coarse)").matches) document.activeElement.blur(); // the keyboard goes
    show().then(reveal, () => form.submit());
  });
  addEventListener("popstate", () => answerAddress().catch(giveUp));
  offerLocation(form, (said) => show({ said: said ? [said] : [] }).then(reveal, giveUp));
  if (hasQuestion(new URLSearchParams(location.search))) answerAddress().then(reveal, giveUp);
}

/** Set the form to what the address asks, and answer that. */
function answerAddress() {
  const address = new URLSearchParams(location.search);
  const near = form.elements.namedItem("near")?.value;
  if (near && !address.get("place")) address.set("near", near);
  fill(form, address);
  updateHelpNow();
  return show({ address });
}

/** On a small screen the answer lies below the form: bring it up for somebody who asked for it; but
 * first the help for words that cannot wait. */
function reveal() {
  const first = document.querySelector("[data-help-now]:not([hidden])") || count;
  if (first.getBoundingClientRect().bottom > innerHeight) first.scrollIntoView();
}

function giveUp() {
  say(_("The search did not load. Press Search to try another way."));
}

/** On any other page: send the question to the find page, and fetch its files while one types. */
function sendToFind() {
  form.action = here("../find/").pathname;
  form.addEventListener("focusin", () => readAll("default").catch(() => {}), { once: true });
}

if (form && template) answerHere();
else if (form) sendToFind();
