// The entries of a list on its page. Words are set as text: they can never become markup.

import { showRelativeDays } from "./days.js";
import { _ } from "./i18n.js";

const part = (name) => document.querySelector(`[data-list="${name}"]`);

/** Draw the entries in their order. `press(name, slug)` hears of "up", "down" and "off". */
export function drawEntries(entries, press) {
  const drawn = entries.map((facts, at) => drawEntry(facts, at, entries.length, press));
  part("entries").replaceChildren(...drawn);
  showRelativeDays(part("entries"));
}

function drawEntry(facts, at, count, press) {
  const copy = part("entry").content.firstElementChild.cloneNode(true);
  copy.dataset.slug = facts.slug;
  const inside = (name) => copy.querySelector(`[data-part="${name}"]`);
  Object.assign(inside("title"), { textContent: facts.title, href: facts.path });
  if (facts.language) inside("title").lang = facts.language;
  fill(inside("next"), facts.next ? [nextTime(facts.next)] : []);
  fill(inside("notice"), facts.notice ? [facts.notice] : []);
  for (const name of ["when", "where", "cost", "access"])
    fillRow(copy, name, inside(name), facts[name]);
  fillRow(copy, "ask", inside("ask"), [...facts.ask, ...(facts.phone ? [phoneOf(facts)] : [])]);
  for (const name of ["up", "down", "off"]) {
    const button = inside(name);
    const said = { button: button.textContent, title: facts.title };
    button.setAttribute("aria-label", _("%(button)s: %(title)s", said));
    button.addEventListener("click", () => press(name, facts.slug));
  }
  inside("up").hidden = at === 0;
  inside("down").hidden = at === count - 1;
  return copy;
}

function fill(element, content) {
  if (content.length) element.replaceChildren(...content);
  else element.remove();
}

function fillRow(copy, name, element, lines) {
  if (!lines.length) copy.querySelector(`[data-row="${name}"]`).remove();
  else element.replaceChildren(...lines.map((line) => made("p", line)));
}

function nextTime({ at, words }) {
  return Object.assign(document.createElement("time"), { dateTime: at, textContent: words });
}

function phoneOf({ phone, tel }) {
  const link = made(tel ? "a" : "strong", phone);
  link.className = "phone";
  if (tel) link.href = tel;
  return link;
}

function made(name, content) {
  const element = document.createElement(name);
  element.append(content);
  return element;
}

/** Say what there is to say of the whole list: a line each, with a button where one can help. */
export function drawNotes(notes) {
  part("notes").replaceChildren(
    ...notes.map(({ words, offer, press }) => {
      const note = made("p", words);
      note.className = "notice";
      if (offer) {
        const button = made("button", offer);
        Object.assign(button, { type: "button", className: "button button--quiet button--small" });
        button.addEventListener("click", press);
        note.append(" ", button);
      }
      return note;
    }),
  );
}

/** Put the focus where a press of `name` on `slug` leads next: the same button, or what is there. */
export function focusAfter(name, slug) {
  const entry = part("entries").querySelector(`[data-slug="${slug}"]`);
  const order = [name, name === "up" ? "down" : "up", "off"];
  const buttons = order.map((one) => entry?.querySelector(`[data-part="${one}"]:not([hidden])`));
  const next = buttons.find(Boolean) ?? document.querySelector(".list h1");
  if (next.localName === "h1") next.tabIndex = -1;
  next.focus();
}

/** Show the parts of the page that go with what is known: unread, empty, or with entries. */
export function showParts({ read, empty, filled }) {
  part("unread").hidden = read;
  part("empty").hidden = !empty;
  part("out").hidden = !filled;
  if (!filled) part("coded").hidden = true;
}

/** Say in a button's place, for a moment, what it has done. */
export function sayDone(button, words = _("Copied")) {
  const before = button.dataset.words ?? button.textContent;
  button.dataset.words = before;
  button.setAttribute("aria-live", "polite");
  button.textContent = words;
  setTimeout(() => (button.textContent = before), 4000);
}
