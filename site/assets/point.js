// "I pointed someone", with no signal too: what was chosen is queued on the telephone and sent later.
// Only values of the closed lists are kept, with the day and an id that lets the service count it once.

import { _, ngettext } from "./i18n.js";

const QUEUE_KEY = "kith-pointed"; // in localStorage: the signposts to send
const OWNER_KEY = "kith-pointing-key"; // the key of a connector's own page, if they asked to keep it
const ROUTE = "/api/signposts";
const OFFLINE = "/point/"; // kept to open with no signal; the page with a key in its address is not
const HOW = ["card", "talk", "nothing"];

/**
 * Return what is still to be sent; nothing where it cannot be read.
 * @returns {Signpost[]}
 */
export function queuedSignposts() {
  try {
    const queue = JSON.parse(localStorage.getItem(QUEUE_KEY) ?? "[]");
    return Array.isArray(queue) ? queue : [];
  } catch {
    return [];
  }
}

/** @param {Signpost[]} signposts */
function saveQueue(signposts) {
  if (signposts.length) localStorage.setItem(QUEUE_KEY, JSON.stringify(signposts));
  else localStorage.removeItem(QUEUE_KEY);
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  const elements = /** @type {unknown} */ (form.elements);
  return /** @type {PointFields} */ (elements);
}

/**
 * Return the choices of a form as they are kept: slugs, a day, an id, and nothing else.
 * @param {HTMLFormElement} form
 * @param {string} how
 * @param {Date} now
 * @returns {Signpost}
 */
export function signpostOf(form, how, now = new Date()) {
  const { kind, area, connector } = fieldsOf(form);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(now);
  const id = crypto.randomUUID().replaceAll("-", "");
  return { id, how, kind: kind.value, area: area.value, day, connector: connector.value };
}

/**
 * Send what is queued, the oldest first, and return how the service counted the last. What the
 * service refuses for good is dropped.
 * @returns {Promise<string>}
 */
export async function sendQueued() {
  let counted = "";
  for (const signpost of queuedSignposts()) {
    const response = await fetch(ROUTE, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(signpost),
    });
    if (response.status === 429 || response.status >= 500) break;
    saveQueue(queuedSignposts().filter(({ id }) => id !== signpost.id));
    if (response.ok) counted = (await response.json()).counted;
  }
  return counted;
}

/**
 * @param {ParentNode} root
 * @param {string} text
 */
function showStatus(root, text) {
  const status = /** @type {HTMLElement} */ (root.querySelector("[data-point-said]"));
  status.hidden = false;
  status.textContent = text;
  status.scrollIntoView({ block: "nearest" });
}

/** @param {ParentNode} root */
function showQueued(root) {
  const count = queuedSignposts().length;
  if (!count) return;
  const kept = _("Kept on this phone. It will be sent when there is a signal.");
  showStatus(root, `${kept} ${ngettext("%(num)s waits.", "%(num)s wait.", count)}`);
}

/** @param {ParentNode} root */
async function trySending(root) {
  if (!queuedSignposts().length) return;
  try {
    const counted = await sendQueued();
    if (queuedSignposts().length) showQueued(root);
    else if (counted === "gap")
      showStatus(root, _("Thank you. We have counted that something is missing there."));
    else showStatus(root, _("Thank you. It is counted."));
  } catch {
    showQueued(root); // no signal: the next page or the next signal tries again
  }
}

/**
 * Queue what is submitted, where both lists were answered; else the service's own page says why.
 * @param {ParentNode} root
 * @param {HTMLFormElement} form
 */
function queueOnSubmit(root, form) {
  const { kind, area } = fieldsOf(form);
  form.addEventListener("submit", (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const how = button?.value ?? HOW[0];
    if (!kind.value || !area.value || !HOW.includes(how)) {
      if (navigator.onLine) return;
      event.preventDefault();
      showStatus(root, _("Choose a kind and a place first."));
      return;
    }
    event.preventDefault();
    saveQueue([...queuedSignposts(), signpostOf(form, how)]);
    clearKind(form);
    trySending(root);
  });
}

/** @param {HTMLFormElement} form */
function clearKind(form) {
  for (const radio of fieldsOf(form).kind) /** @type {HTMLInputElement} */ (radio).checked = false;
  for (const group of form.querySelectorAll("details[data-kinds]")) group.removeAttribute("open");
}

/** @param {string} text */
const wordsOf = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’]/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * Say whether each typed word begins a word of a kind or of what people call it.
 * @param {string[]} typed
 * @param {string} text
 */
export function kindFits(typed, text) {
  const known = wordsOf(text);
  return typed.every((word) => known.some((one) => one.startsWith(word)));
}

/**
 * Offer a field that narrows the kinds while somebody types. What is typed goes nowhere.
 * @param {HTMLFormElement} form
 */
function offerFinding(form) {
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-kinds-find]"));
  const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[data-kinds-found]"));
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const groups = form.querySelectorAll("details[data-kinds]");
  box.hidden = false;
  field.addEventListener("input", () => {
    const typed = wordsOf(field.value);
    let found = 0;
    for (const group of groups) {
      /** @type {NodeListOf<HTMLElement>} */
      const labels = group.querySelectorAll("label[data-words]");
      let fitting = 0;
      for (const label of labels) {
        label.hidden = !kindFits(typed, `${label.textContent} ${label.dataset.words}`);
        if (!label.hidden) fitting += 1;
      }
      group.hidden = !fitting;
      group.open = typed.length ? fitting > 0 : Boolean(group.querySelector("input:checked"));
      found += fitting;
    }
    status.textContent = !typed.length
      ? ""
      : found
        ? ngettext("%(num)s kind fits", "%(num)s kinds fit", found)
        : _("Nothing like that on the list. Try another word, or choose the last one below.");
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it finds, and sends nothing
  });
}

/**
 * Let a connector's own telephone count for their own page, if they say so.
 * @param {ParentNode} root
 * @param {HTMLFormElement} form
 */
function offerOwnPage(root, form) {
  const { connector } = fieldsOf(form);
  const offer = /** @type {HTMLElement | null} */ (root.querySelector("[data-point-offer]"));
  const own = /** @type {HTMLElement} */ (root.querySelector("[data-point-mine]"));
  const key = localStorage.getItem(OWNER_KEY);
  if (offer && !key) offer.hidden = false;
  if (key && !connector.value) connector.value = key;
  own.hidden = !key;
  root.querySelector("[data-point-keep]")?.addEventListener("click", () => {
    localStorage.setItem(OWNER_KEY, connector.value);
    location.assign(OFFLINE);
  });
  root.querySelector("[data-point-forget]")?.addEventListener("click", () => {
    localStorage.removeItem(OWNER_KEY);
    connector.value = "";
    own.hidden = true;
  });
}

/** Have the service worker keep the page without a key, and this script, to open with no signal. */
function keepThePage() {
  const worker = navigator.serviceWorker;
  const fetchBoth = () => Promise.all([fetch(import.meta.url), fetch(OFFLINE)]).catch(() => {});
  if (worker?.controller) fetchBoth();
  else worker?.addEventListener("controllerchange", fetchBoth, { once: true });
}

/** @type {HTMLFormElement | null} */
const form = typeof document === "undefined" ? null : document.querySelector("[data-point]");
if (form) {
  offerOwnPage(document, form);
  queueOnSubmit(document, form);
  offerFinding(form);
  addEventListener("online", () => trySending(document));
  trySending(document);
  keepThePage();
}
