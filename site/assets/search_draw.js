// Puts an answer on the page: cards under headings, pages, ways on. Words are set as text: they can
// never become markup.

import { _ } from "./i18n.js";
import { cardOf } from "./search_cards.js";
import { drawGap } from "./search_gap.js";
import { askWords, distanceWords, groupWords, headingOf } from "./search_messages.js";

const here = (path) => new URL(path, import.meta.url);

/** Draw the hits of one page, in their groups, with copies of the page's own card. */
export function drawHits(documents, { hits, groups, place }, { template, now }) {
  const parts = groups.flatMap((group) => {
    const of = hits.filter(({ fit }) => fit.group === group.group);
    const heading = headingOf(group.group, place);
    const cards = of.map((hit) => drawCard(documents, hit, { template, now, grouped: heading }));
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

/** Return the block of results; the list the build wrote gives its name to it. */
function results() {
  const block = document.getElementById("results");
  if (block.tagName === "DIV") return block;
  const made = element("div", "");
  made.id = "results";
  block.replaceWith(made);
  return made;
}

/** Fill a copy of the page's card; under a heading its own is one step lower. */
function drawCard(documents, { row, fit }, { template, now, grouped }) {
  const card = cardOf(documents, row, now);
  const copy = template.content.firstElementChild.cloneNode(true);
  const part = (name) => copy.querySelector(`[data-part="${name}"]`);
  for (const name of ["when", "title", "summary"]) part(name).textContent = card[name];
  if (card.lang) for (const name of ["title", "summary"]) part(name).lang = card.lang;
  part("where").textContent = card.where;
  const far = distanceWords(fit);
  if (far) part("where").append(" ", element("span", far, "card__far"));
  part("title").href = here(`../activities/${card.slug}/`).pathname;
  const look = (name) => (name === "plain" ? "tag" : `tag tag--${name}`);
  const tags = card.tags.map(([words, name]) => element("li", words, look(name)));
  part("tags").replaceChildren(...tags);
  const ask = askWords(documents, fit.ask);
  if (ask) part("tags").before(element("p", ask, "card__ask"));
  if (grouped) lower(part("title").parentElement);
  return copy;
}

function lower(heading) {
  const made = element("h3", "", heading.className);
  made.append(...heading.childNodes);
  heading.replaceWith(made);
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

/** Draw the links to the pages before and after; `link(page)` is an address, `turnTo` turns. */
export function drawPages(at, pages, { link: to, turnTo }) {
  const block = document.getElementById("result-pages");
  const turn = (words, page, rel) => {
    const made = link(words, to(page), "button button--quiet");
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

/** Under an answer that fits nothing (`none`): where to go on, and a button that tells us so. */
export function drawSuggestions(none, ways, gap) {
  const old = document.getElementById("ways-on");
  if (old) old.remove();
  if (!none) return;
  const list = element("ul", "");
  const all = here("../activities/").pathname;
  const links = [
    ...ways.map(suggestionLink),
    link(_("All there is, by kind, place and day"), all),
    link(_("Ask us: a person looks with you"), here("../ask/").pathname),
  ];
  list.append(...links.map(item));
  const block = element("div", "", "prose ways-on");
  block.id = "ways-on";
  const lead = _("That does not mean there is nothing for you. There is:");
  block.append(element("p", lead), list);
  document.getElementById("result-pages").before(block);
  if (gap) drawGap(block, gap);
}

function suggestionLink({ words, question, href, follow }) {
  const made = link(words, location.pathname + href);
  made.addEventListener("click", (event) => follow(event, question, href));
  return made;
}

function item(child) {
  const made = document.createElement("li");
  made.append(child);
  return made;
}
