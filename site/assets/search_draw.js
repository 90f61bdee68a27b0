// Puts an answer on the page: cards under headings, pages, ways on. Words are set as text: they can
// never become markup.

import { _ } from "./i18n.js";
import { cardOf } from "./search_cards.js";
import { drawGap } from "./search_gap.js";
import {
  askWords,
  distanceWords,
  groupWords,
  headingOf,
  inventedHeading,
  inventedWords,
} from "./search_messages.js";

const INVENTED_SHOWN = 6; // examples under an answer with what is real

/** @param {string} path */
const here = (path) => new URL(path, import.meta.url);

/**
 * Draw the hits of one page, in their groups, with copies of the page's own card.
 * @param {SearchDocuments} documents
 * @param {SearchResult} result
 * @param {{ template: HTMLTemplateElement, now: number }} options
 */
export function drawHits(documents, { hits, groups, place, asked, world }, { template, now }) {
  const parts = groups.flatMap((group) => {
    const of = hits.filter(({ fit }) => fit.group === group.group);
    const heading = world === "invented" ? inventedHeading() : headingOf(group.group, place);
    const cards = of.map((hit) =>
      drawCard(documents, hit, { template, now, asked, grouped: heading }),
    );
    if (!cards.length) return [];
    const list = element("ul", "", "cards");
    list.append(...cards);
    if (!heading) return [list];
    return [
      element("h2", heading, "result-group"),
      element("p", groupWords(group), "result-fits"),
      list,
    ];
  });
  results().replaceChildren(...parts);
}

/**
 * Draw the first of the invented examples that fit as well, in a list of their own; no result is
 * none. `areas` lead to all of them.
 * @param {SearchDocuments} documents
 * @param {SearchResult | null} result
 * @param {{ template: HTMLTemplateElement, now: number, areas: SuggestionLink[] }} options
 */
export function drawInvented(documents, result, { template, now, areas }) {
  const block = /** @type {HTMLElement} */ (document.getElementById("found-invented"));
  const total = result?.hits.length ?? 0;
  if (!result || !total) return block.replaceChildren();
  const shown = result.hits.slice(0, INVENTED_SHOWN);
  const list = element("ul", "", "cards");
  const options = { template, now, asked: result.asked, grouped: inventedHeading() };
  list.append(...shown.map((hit) => drawCard(documents, hit, options)));
  const more = element("p", "", "way-on off-paper");
  if (total > shown.length) more.append(...areas.map(suggestionLink));
  block.replaceChildren(
    element("h2", inventedHeading(), "result-group"),
    element("p", inventedWords(total), "result-fits"),
    list,
    more,
  );
}

/**
 * Draw what words of the question were understood as; each can be taken back.
 * @param {{ words: string, href: string, takeBack: (event: Event) => void }[]} filters
 */
export function drawUnderstood(filters) {
  const block = /** @type {HTMLElement} */ (document.getElementById("understood"));
  const list = element("ul", "");
  list.setAttribute("aria-label", _("We understood"));
  for (const { words, href, takeBack } of filters) {
    const made = link("", href);
    const cross = element("span", " ×");
    cross.ariaHidden = "true";
    made.append(element("span", `${_("Take off:")} `, "visually-hidden"), words, cross);
    made.addEventListener("click", takeBack);
    list.append(item(made));
  }
  block.hidden = !filters.length;
  block.replaceChildren(element("p", _("We understood")), list);
}

/**
 * Draw the pages beside the activities that hold the words.
 * @param {SitePage[]} pages
 */
export function drawFoundPages(pages) {
  const block = /** @type {HTMLElement} */ (document.getElementById("found-pages"));
  const list = element("ul", "", "found-pages");
  list.append(...pages.map(([url, title]) => item(link(title, here(`..${url}`).pathname))));
  const heading = element("h2", _("Pledges, courses and guidance"), "result-group");
  block.replaceChildren(...(pages.length ? [heading, list] : []));
}

/** Return the block of results; the list the build wrote gives its name to it. */
function results() {
  const block = /** @type {HTMLElement} */ (document.getElementById("results"));
  if (block.tagName === "DIV") return block;
  const made = element("div", "");
  made.id = "results";
  block.replaceWith(made);
  return made;
}

/**
 * @param {string} instant
 * @param {string} words
 */
function timeOf(instant, words) {
  const time = document.createElement("time");
  return Object.assign(time, { dateTime: instant, textContent: words });
}

/**
 * Fill a copy of the page's card; under a heading its own is one step lower.
 * @param {SearchDocuments} documents
 * @param {SearchHit} hit
 * @param {{ template: HTMLTemplateElement, now: number, asked: SearchQuestion, grouped: string }} options
 */
function drawCard(documents, { row, fit }, { template, now, asked, grouped }) {
  const card = cardOf(documents, row, now, asked);
  const copy = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (copy.querySelector(`[data-part="${name}"]`));
  part("when").replaceChildren(card.startsAt ? timeOf(card.startsAt, card.when) : card.when);
  for (const name of /** @type {const} */ (["title", "summary"])) {
    part(name).textContent = card[name];
    if (card.lang) part(name).lang = card.lang;
  }
  part("where").textContent = card.where;
  const far = distanceWords(fit);
  if (far) part("where").append(" ", element("span", far, "card__far"));
  const titleLink = /** @type {HTMLAnchorElement} */ (part("title"));
  titleLink.href = here(`../activities/${card.slug}/`).pathname;
  /** @param {string} name */
  const look = (name) => (name === "plain" ? "tag" : `tag tag--${name}`);
  const tags = card.tags.map(([words, name]) => element("li", words, look(name)));
  part("tags").replaceChildren(...tags);
  const ask = askWords(documents, fit.ask);
  if (ask) part("tags").before(element("p", ask, "card__ask"));
  if (grouped) lower(/** @type {HTMLElement} */ (titleLink.parentElement));
  return copy;
}

/** @param {HTMLElement} heading */
function lower(heading) {
  const made = element("h3", "", heading.className);
  made.append(...heading.childNodes);
  heading.replaceWith(made);
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} text
 * @param {string} className
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/**
 * @param {string} text
 * @param {string} href
 * @param {string} className
 */
function link(text, href, className = "") {
  return Object.assign(element("a", text, className), { href });
}

/**
 * Draw the links to the pages before and after; `link(page)` is an address, `turnTo` turns.
 * @param {number} at
 * @param {number} pages
 * @param {{ link: (page: number) => string, turnTo: (event: Event, page: number) => void }} turning
 */
export function drawPages(at, pages, { link: to, turnTo }) {
  const block = /** @type {HTMLElement} */ (document.getElementById("result-pages"));
  /**
   * @param {string} text
   * @param {number} page
   * @param {string} rel
   */
  const turn = (text, page, rel) => {
    const made = link(text, to(page), "button button--quiet");
    made.rel = rel;
    made.addEventListener("click", (event) => turnTo(event, page));
    return made;
  };
  const parts = [
    ...(at > 1 ? [turn(_("Earlier page"), at - 1, "prev")] : []),
    element("p", _("Page %(page)s of %(pages)s", { page: at, pages })),
    ...(at < pages ? [turn(_("Next page"), at + 1, "next")] : []),
  ];
  block.replaceChildren(...(pages === 1 ? [] : parts));
}

/**
 * Above the results: the places that may have been meant.
 * @param {string} lead
 * @param {SuggestionLink[]} offers
 */
export function drawPlaceOffers(lead, offers) {
  document.getElementById("place-offers")?.remove();
  if (!offers.length) return;
  const block = element("div", "", "place-offers");
  block.id = "place-offers";
  const list = element("ul", "");
  list.append(...offers.map(suggestionLink).map(item));
  block.append(element("p", lead), list);
  results().before(block);
}

/**
 * Under an answer that fits nothing (`none`): where to go on, and a button that tells us so.
 * @param {boolean} none
 * @param {SuggestionLink[]} suggestions
 * @param {SearchGap | null} gap
 */
export function drawSuggestions(none, suggestions, gap) {
  const old = document.getElementById("ways-on");
  if (old) old.remove();
  if (!none) return;
  const list = element("ul", "");
  const all = here("../activities/").pathname;
  const links = [
    ...suggestions.map(suggestionLink),
    link(_("All activities, by kind, place and day"), all),
    link(_("Ask us: a person looks with you"), here("../ask/").pathname),
  ];
  list.append(...links.map(item));
  const block = element("div", "", "prose ways-on");
  block.id = "ways-on";
  const lead = _("That does not mean there is nothing for you. There is:");
  block.append(element("p", lead), list);
  document.getElementById("result-pages")?.before(block);
  if (gap) drawGap(block, gap);
}

/** @param {SuggestionLink} suggestion */
function suggestionLink({ words, question, href, follow }) {
  const made = link(words, location.pathname + href);
  made.addEventListener("click", (event) => follow(event, question, href));
  return made;
}

/** @param {Node} child */
function item(child) {
  const made = document.createElement("li");
  made.append(child);
  return made;
}
