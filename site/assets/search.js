// The search field of a page. What is typed never leaves the device: two files of the whole
// directory are fetched at the first touch of the field, and questions are answered here. Without
// this script, or should it fail, the form is answered by /search as it stands.

import { _ } from "./i18n.js";
import { addressIn, fill, forget, hasQuestion } from "./search_form.js";
import { showHelpNow } from "./search_help_now.js";
import { offerLocation } from "./search_location.js";
import { closeSheet, countOnSheet, watchSheet } from "./search_sheet.js";
import { offerToKeepDrawn } from "./shortlist.js";

const PAUSE = 200; // milliseconds without a key before an answer
const A_PAGE = 24; // cards: two, three and four columns divide it

/** @param {string} path */
const here = (path) => new URL(path, import.meta.url);
const FILES = ["../search/documents.json", "../search/index.json"].map(here);
const PAGES = here("../search/pages.json");
const PLACES = here("../search/places.tsv"); // of the UK: fetched once somebody types one
// A page without a search field has no form, and only the find page has the template and the count.
const form = /** @type {HTMLFormElement} */ (document.getElementById("find"));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("card-template"));
const count = /** @type {HTMLElement} */ (document.getElementById("result-count"));

const updateHelpNow = form ? showHelpNow(form) : () => {};

/** @typedef {Awaited<ReturnType<typeof fetchAll>>} Search */
/** @typedef {ReturnType<Search["questionOf"]>} AddressQuestion */

/** @type {Promise<Search> | null} */
let loading = null; // the library and the functions that ask it
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
  const [
    files,
    pages,
    core,
    drawing,
    question,
    store,
    suggestions,
    messages,
    { needsUkPlaces },
    { tidyPostcode },
    { readPlaces },
  ] = await Promise.all([
    readAll("default"),
    readPages(),
    import("./search_core.js"),
    import("./search_draw.js"),
    import("./search_question.js"),
    import("./search_store.js"),
    import("./search_suggestions.js"),
    import("./search_messages.js"),
    import("./search_places.js"),
    import("./search_postcodes.js"),
    import("./search_uk_places.js"),
  ]);
  const [documents, index] = files[0].stamp === files[1].stamp ? files : await readAll("reload");
  const library = store.library(documents, index, pages);
  return {
    ...core,
    ...drawing,
    ...question,
    ...suggestions,
    ...messages,
    needsUkPlaces,
    tidyPostcode,
    readPlaces,
    library,
  };
}

/**
 * Read the pages beside the activities; without them a search finds activities alone.
 * @returns {Promise<SitePage[]>}
 */
function readPages() {
  return readFile(PAGES, "default").catch(() => []);
}

/**
 * Read both files. They may come from a cache filled before and after a build: then again.
 * @param {RequestCache} cache
 * @returns {Promise<[SearchDocuments, PackedIndex]>}
 */
function readAll(cache) {
  return Promise.all([readFile(FILES[0], cache), readFile(FILES[1], cache)]);
}

/**
 * @param {URL} url
 * @param {RequestCache} cache
 */
async function readFile(url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response.json();
}

/**
 * Answer what is asked (the form, unless an address is given), or say that it is on its way.
 * @param {{ page?: number, turn?: boolean, address?: URLSearchParams, notice?: string }} options
 */
async function show({ page = 1, turn = false, address, notice } = {}) {
  clearTimeout(pending);
  const slow = setTimeout(() => setStatus(_("Looking…")), PAUSE);
  try {
    const search = await load();
    const asked = search.questionOf(search.library.documents.terms, address || addressIn(form));
    await loadPlaces(search, asked.question);
    forget(form, asked.dropped);
    tidyPlace(search);
    draw(search, asked, { page: address ? asked.page : page, turn, notice });
  } finally {
    clearTimeout(slow);
  }
}

/**
 * Write a postcode in its field as everybody does, once nobody types there.
 * @param {Search} search
 */
function tidyPlace({ tidyPostcode }) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("place"));
  if (field !== document.activeElement) field.value = tidyPostcode(field.value);
}

/**
 * Fetch the places of the UK where a question needs them; without them the place is not known.
 * @param {Search} search
 * @param {SearchQuestion} question
 */
async function loadPlaces({ library, needsUkPlaces, readPlaces }, question) {
  if (!needsUkPlaces(library, question)) return;
  const response = await fetch(PLACES).catch(() => null);
  if (response?.ok) library.ukPlaces = readPlaces(await response.text());
}

/**
 * @param {Search} search
 * @param {AddressQuestion} asked
 * @param {{ page: number, turn: boolean, notice?: string }} options
 */
function draw(search, { question, dropped }, { page, turn, notice }) {
  const now = Date.now();
  const dated = search.withDatesOf(question, now);
  const result = search.answer(search.library, dated, now);
  const pages = Math.max(1, Math.ceil(result.hits.length / A_PAGE));
  const at = Math.min(Math.max(1, page), pages);
  const hits = result.hits.slice((at - 1) * A_PAGE, at * A_PAGE);
  search.drawHits(search.library.documents, { ...result, hits }, { template, now });
  drawInvented(search, { question, dated, now, isAsked: result.world === "real" && at === pages });
  offerToKeepDrawn();
  drawUnderstood(search, question, result.understood);
  search.drawFoundPages(result.pages);
  /** @param {number} other */
  const link = (other) => search.addressOf(question, other) || location.pathname;
  search.drawPages(at, pages, { link, turnTo });
  const offers = result.place.offers.map((place) => {
    const other = { ...question, place };
    return { words: place, question: other, href: search.addressOf(other), follow, count: 0 };
  });
  search.drawPlaceOffers(search.offersLead(result.place), offers);
  const none = result.matching + result.may + result.pages.length === 0;
  const suggestions = none ? search.suggestionsFor(search.library, question, now) : [];
  const gap = none ? search.gapOf(search.library, question, result.place) : null;
  const links = suggestions.map((suggestion) => ({
    ...suggestion,
    href: search.addressOf(suggestion.question),
    follow,
  }));
  search.drawSuggestions(none, links, gap);
  document.querySelector(".print-list")?.toggleAttribute("hidden", none);
  countOnSheet(result.hits.length);
  makeCompact(search.addressOf(question) !== "");
  const droppedNotice = dropped.length ? search.droppedWords(dropped) : "";
  setStatus([notice, search.countOf(result), droppedNotice].filter(Boolean).join(" "));
  remember(location.pathname + search.addressOf(question, at), turn);
}

/**
 * Show invented examples that fit as well, under the last page of what is real.
 * @param {Search} search
 * @param {{ question: SearchQuestion, dated: SearchQuestion, now: number, isAsked: boolean }} asked
 */
function drawInvented(search, { question, dated, now, isAsked }) {
  const { areas: terms, invented } = search.library.documents.terms;
  const found = isAsked ? search.answer(search.library, { ...dated, invented: "yes" }, now) : null;
  const outermost = invented.filter((at) => terms[at][1] < 0).map((at) => terms[at][0]);
  const areas = outermost.map((place) => {
    const other = { ...question, place, near: "" };
    const words = search.inventedMore(place);
    return { words, question: other, href: search.addressOf(other), follow, count: 0 };
  });
  search.drawInvented(search.library.documents, found, { template, now, areas });
}

/**
 * Show what words were understood as, with a link that takes each back.
 * @param {Search} search
 * @param {SearchQuestion} question
 * @param {Understood[]} understood
 */
function drawUnderstood(search, question, understood) {
  const filters = understood.map((one) => {
    const asTyped = [...(question.as_typed ?? []), one.words];
    const href = search.addressOf({ ...question, as_typed: asTyped });
    /** @param {Event} event */
    const takeBack = (event) => {
      event.preventDefault();
      const near = question.near ? [["near", question.near]] : [];
      fill(form, new URLSearchParams([...new URLSearchParams(href), ...near]));
      show({ turn: true }).then(goToResults, giveUp);
    };
    return { words: search.understoodWords(one, labelIn, Date.now()), href, takeBack };
  });
  search.drawUnderstood(filters);
}

/**
 * Return the words that the form has for a value of a field.
 * @param {string} field
 * @param {string} value
 */
function labelIn(field, value) {
  const controls = [...form.elements].filter((one) => "name" in one && one.name === field);
  const control = controls.find((one) => "value" in one && one.value === value);
  const label = control && /** @type {HTMLInputElement} */ (control).labels?.[0];
  return label?.textContent?.trim() ?? value;
}

/**
 * Give the room to the results once something was asked.
 * @param {boolean} isAsked
 */
function makeCompact(isAsked) {
  form.classList.toggle("search--asked", isAsked);
  form.closest(".hero")?.classList.toggle("hero--small", isAsked);
}

/** @param {string} text */
function setStatus(text) {
  count.textContent = text;
}

/**
 * Keep the question in the address, and a shortlist in its fragment; a page turned is a step the
 * back button takes again.
 * @param {string} address
 * @param {boolean} turn
 */
function remember(address, turn) {
  if (address === location.pathname + location.search) return;
  const fragment = location.hash === "#content" ? "" : location.hash; // of the skip link: no part of a search
  history[turn ? "pushState" : "replaceState"](history.state, "", address + fragment);
}

/**
 * Turn the page and take the reader to its top: the link they pressed is gone.
 * @param {Event} event
 * @param {number} page
 */
async function turnTo(event, page) {
  event.preventDefault();
  await show({ page, turn: true });
  count.tabIndex = -1;
  count.focus();
}

/**
 * Follow a suggestion in this page where the device said where it is: no address may carry that.
 * @param {Event} event
 * @param {SearchQuestion} question
 * @param {string} href
 */
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
    if (matchMedia("(pointer: coarse)").matches) blurFocused();
    closeSheet();
    show().then(goToResults, () => form.submit());
  });
  addEventListener("popstate", () => answerAddress().catch(giveUp));
  offerLocation(form, (notice) => show({ notice }).then(reveal, giveUp));
  if (hasQuestion(new URLSearchParams(location.search))) answerAddress().then(reveal, giveUp);
}

/** Take the focus off the field, so that the keyboard on the screen goes away. */
function blurFocused() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Set the form to what the address asks, and answer that. */
function answerAddress() {
  const address = new URLSearchParams(location.search);
  const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("near"));
  const near = field?.value;
  if (near && !address.get("place")) address.set("near", near);
  fill(form, address);
  updateHelpNow();
  return show({ address });
}

/**
 * On a small screen the answer lies below the form: bring it up for somebody who asked for it; but
 * first the help for words that cannot wait.
 */
function goToResults() {
  count.tabIndex = -1;
  count.focus({ preventScroll: true });
  reveal();
}

/** Bring the answer, or the help, into sight. */
function reveal() {
  const first = document.querySelector("[data-help-now]:not([hidden])") || count;
  if (first.getBoundingClientRect().bottom > innerHeight) first.scrollIntoView();
}

function giveUp() {
  setStatus(_("The search did not load. Press Search to try another way."));
}

/** On any other page: send the question to the find page, and fetch its files while one types. */
function sendToFind() {
  form.action = here("../find/").pathname;
  form.addEventListener("focusin", () => readAll("default").catch(() => {}), { once: true });
}

if (form) watchSheet();
if (form && template) answerHere();
else if (form) sendToFind();
