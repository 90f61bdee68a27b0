// The search field of a page. What is typed never leaves the device: two files of the whole
// directory are fetched at the first touch of the field, and questions are answered here. Without
// this script, or should it fail, the form is answered by /search as it stands.

import { _ } from "./tongue.js";

const FIELDS = ["q", "place", "kind", "need", "day", "free"];
const PAUSE = 200; // milliseconds without a key before an answer
const A_PAGE = 24; // cards: two, three and four columns divide it
const MODULES = ["text", "terms", "places", "phrases", "filters", "store", "core", "words"];

const here = (path) => new URL(path, import.meta.url);
const FILES = ["../search/documents.json", "../search/index.json"].map(here);
const form = document.getElementById("find");
const template = document.getElementById("card-template");

let loading = null; // promise of the library and the functions that ask it
let pending = 0; // timer of an answer to come

/** Fetch code and documents, once; a failure is forgotten, so that the next touch tries again. */
function load() {
  loading = loading || fetchAll().catch((error) => {
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

/** Return what the form asks: texts by field, and the list of ways. */
function asked() {
  const fields = new FormData(form);
  const texts = FIELDS.map((name) => [name, (fields.get(name) || "").trim()]);
  return { ...Object.fromEntries(texts), ways: fields.getAll("way") };
}

function query({ ways = [], ...question }, page = 1) {
  const pairs = FIELDS.filter((name) => question[name]).map((name) => [name, question[name]]);
  if (page > 1) pairs.push(["page", page]);
  const text = new URLSearchParams([...pairs, ...ways.map((way) => ["way", way])]).toString();
  return text && `?${text}`;
}

/** Set the form to what the address asks; a need comes by links only and rides along unseen. */
function fill(address) {
  for (const control of form.elements) {
    const values = address.getAll(control.name);
    if (!control.name) continue;
    if (control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.type === "radio") control.checked = control.value === (values[0] || "");
    else control.value = values[0] || "";
  }
  if (!address.get("need") || form.elements.namedItem("need")) return;
  const hidden = { type: "hidden", name: "need", value: address.get("need") };
  form.append(Object.assign(element("input", ""), hidden));
}

/** Answer the form as it stands, or say that the search is on its way. */
async function show(page = 1) {
  clearTimeout(pending);
  const count = document.getElementById("result-count");
  const slow = setTimeout(() => (count.textContent = _("Looking…")), PAUSE);
  try {
    const search = await load();
    draw(search, asked(), page);
  } finally {
    clearTimeout(slow);
  }
}

function draw(search, question, page) {
  const now = Date.now();
  const found = search.answer(search.library, question, now);
  const pages = Math.max(1, Math.ceil(found.rows.length / A_PAGE));
  const at = Math.min(Math.max(1, page), pages);
  const shown = found.rows.slice((at - 1) * A_PAGE, at * A_PAGE);
  const cards = shown.map((row) => drawCard(search.cardOf(search.library.documents, row, now)));
  document.getElementById("results").replaceChildren(...cards);
  document.getElementById("result-count").textContent = search.countOf(found, question);
  document.getElementById("result-pages").replaceChildren(...drawPages(question, at, pages));
  drawWaysOn(found.full ? null : search.waysOn(search.library, question, now));
  const address = location.pathname + query(question, at);
  if (address !== location.pathname + location.search) history.replaceState(null, "", address);
}

/** Fill a copy of the page's own card. Words are set as text: they can never become markup. */
function drawCard(card) {
  const copy = template.content.firstElementChild.cloneNode(true);
  const part = (name) => copy.querySelector(`[data-part="${name}"]`);
  for (const name of ["when", "title", "summary", "where"]) part(name).textContent = card[name];
  part("title").href = here(`../activities/${card.slug}/`).pathname;
  const look = (name) => (name === "plain" ? "tag" : `tag tag--${name}`);
  const tags = card.tags.map(([words, name]) => element("li", words, look(name)));
  part("tags").replaceChildren(...tags);
  return copy;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function link(words, href, className = "") {
  return Object.assign(element("a", words, className), { href });
}

function drawPages(question, at, pages) {
  if (pages === 1) return [];
  const turn = (words, page, rel) => {
    const made = link(words, query(question, page) || location.pathname, "button button--quiet");
    made.rel = rel;
    made.addEventListener("click", (event) => turnTo(event, page));
    return made;
  };
  return [
    ...(at > 1 ? [turn(_("Earlier page"), at - 1, "prev")] : []),
    element("p", _("Page %(page)s of %(pages)s", { page: at, pages })),
    ...(at < pages ? [turn(_("Next page"), at + 1, "next")] : []),
  ];
}

/** Turn the page and take the reader to its top: the link they pressed is gone. */
async function turnTo(event, page) {
  event.preventDefault();
  await show(page);
  const count = document.getElementById("result-count");
  count.tabIndex = -1;
  count.focus();
}

/** Under an answer that fits nothing: where to go on. `ways` is null where there is no need. */
function drawWaysOn(ways) {
  const old = document.getElementById("ways-on");
  if (old) old.remove();
  if (!ways) return;
  const list = element("ul", "");
  for (const { words, question } of ways) {
    list.append(item(link(words, location.pathname + query(question))));
  }
  list.append(item(link(_("All there is, by kind, place and day"), here("../activities/").pathname)));
  list.append(item(link(_("Ask us: a person looks with you"), here("../ask/").pathname)));
  const block = element("div", "", "prose ways-on");
  block.id = "ways-on";
  block.append(element("p", _("That does not mean there is nothing for you. There is:")), list);
  document.getElementById("result-pages").before(block);
}

function item(child) {
  const made = document.createElement("li");
  made.append(child);
  return made;
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
  const address = new URLSearchParams(location.search);
  if (![...FIELDS, "way", "page"].some((name) => address.get(name))) return;
  fill(address);
  show(Number(address.get("page")) || 1).then(reveal, giveUp);
}

/** On a small screen the answer lies below the form: bring it up for somebody who asked for it. */
function reveal() {
  const count = document.getElementById("result-count");
  if (count.getBoundingClientRect().bottom > innerHeight) count.scrollIntoView();
}

function giveUp() {
  document.getElementById("result-count").textContent =
    _("The search did not load. Press Search to try another way.");
}

/** On any other page: send the question to the find page, and fetch its files while one types. */
function sendToFind() {
  form.action = here("../find/").pathname;
  form.addEventListener("focusin", () => readAll("default").catch(() => {}), { once: true });
}

if (form && template) answerHere();
else if (form) sendToFind();
