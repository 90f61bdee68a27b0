// The entries of a list on its page. Words are set as text: they can never become markup.

import { showRelativeDays } from "./days.js";
import { _ } from "./i18n.js";

/**
 * Return the part of the page that is marked with a name.
 * @param {string} name
 * @returns {HTMLElement}
 */
export const part = (name) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-list="${name}"]`));

/**
 * Draw the entries in their order; `press` is called for every press of a button of one.
 * @param {ListEntry[]} entries
 * @param {(action: EntryAction, slug: string) => void} press
 */
export function drawEntries(entries, press) {
  const items = entries.map((entry, at) => drawEntry(entry, at, entries.length, press));
  part("entries").replaceChildren(...items);
  showRelativeDays(part("entries"));
}

/**
 * @param {ListEntry} entry
 * @param {number} at
 * @param {number} count
 * @param {(action: EntryAction, slug: string) => void} press
 */
function drawEntry(entry, at, count, press) {
  const template = /** @type {HTMLTemplateElement} */ (part("entry"));
  const copy = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  copy.dataset.slug = entry.slug;
  /** @param {string} name */
  const inside = (name) => /** @type {HTMLElement} */ (copy.querySelector(`[data-part="${name}"]`));
  Object.assign(inside("title"), { textContent: entry.title, href: entry.path, dir: "auto" });
  if (entry.language) inside("title").lang = entry.language;
  fill(inside("next"), entry.next ? [nextTime(entry.next)] : []);
  fill(inside("notice"), entry.notice ? [entry.notice] : []);
  for (const name of /** @type {const} */ (["when", "where", "cost", "access"]))
    fillRow(copy, name, inside(name), entry[name]);
  fillRow(copy, "ask", inside("ask"), [...entry.ask, ...(entry.phone ? [phoneOf(entry)] : [])]);
  for (const action of /** @type {const} */ (["up", "down", "off"])) {
    const button = inside(action);
    const values = { button: button.textContent ?? "", title: entry.title };
    button.setAttribute("aria-label", _("%(button)s: %(title)s", values));
    button.addEventListener("click", () => press(action, entry.slug));
  }
  inside("up").hidden = at === 0;
  inside("down").hidden = at === count - 1;
  return copy;
}

/**
 * @param {HTMLElement} element
 * @param {(Node | string)[]} content
 */
function fill(element, content) {
  if (content.length) element.replaceChildren(...content);
  else element.remove();
}

/**
 * @param {HTMLElement} copy
 * @param {string} name
 * @param {HTMLElement} element
 * @param {(Node | string)[]} lines
 */
function fillRow(copy, name, element, lines) {
  if (!lines.length) copy.querySelector(`[data-row="${name}"]`)?.remove();
  else
    element.replaceChildren(
      ...lines.map((line) => Object.assign(make("p", line), { dir: "auto" })),
    );
}

/** @param {NextSession} session */
function nextTime({ at, text }) {
  return Object.assign(document.createElement("time"), { dateTime: at, textContent: text });
}

/** @param {ListEntry} entry */
function phoneOf({ phone, tel }) {
  const element = tel ? Object.assign(make("a", phone), { href: tel }) : make("strong", phone);
  element.className = "phone";
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Node | string} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
function make(name, content) {
  const element = document.createElement(name);
  element.append(content);
  return element;
}

/**
 * Draw the notes on the whole list: a line each, with a button where one can help.
 * @param {ListNote[]} notes
 */
export function drawNotes(notes) {
  part("notes").replaceChildren(
    ...notes.map(({ text, action, onPress }) => {
      const note = make("p", text);
      note.className = "notice";
      if (action) {
        const button = make("button", action);
        Object.assign(button, { type: "button", className: "button button--quiet button--small" });
        button.addEventListener("click", () => onPress?.());
        note.append(" ", button);
      }
      return note;
    }),
  );
}

/**
 * Focus the same button of the entry after a press, else another of its buttons, else the heading.
 * @param {EntryAction} action
 * @param {string | undefined} slug
 */
export function focusAfter(action, slug) {
  const entry = part("entries").querySelector(`[data-slug="${slug}"]`);
  const order = [action, action === "up" ? "down" : "up", "off"];
  const buttons = order.map((name) => entry?.querySelector(`[data-part="${name}"]:not([hidden])`));
  const next = buttons.find(Boolean) ?? document.querySelector(".list h1");
  if (!(next instanceof HTMLElement)) return;
  if (next.localName === "h1") next.tabIndex = -1;
  next.focus();
}

/**
 * Show the parts of the page for a list that is not read yet, empty, or has entries.
 * @param {{ read: boolean, empty: boolean, filled: boolean }} state
 */
export function showParts({ read, empty, filled }) {
  part("unread").hidden = read;
  part("empty").hidden = !empty;
  part("out").hidden = !filled;
  if (!filled) part("coded").hidden = true;
}

/**
 * Show on a button, for a moment, what it has done.
 * @param {HTMLElement} button
 * @param {string} text
 */
export function sayDone(button, text = _("Copied")) {
  const before = button.dataset.words ?? button.textContent ?? "";
  button.dataset.words = before;
  button.setAttribute("aria-live", "polite");
  button.textContent = text;
  setTimeout(() => (button.textContent = before), 4000);
}
