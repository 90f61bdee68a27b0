// "I pointed someone", with no signal too: what was chosen waits on the telephone and is sent later.
// Only what the closed lists hold is kept, with the day and an id by which twice is once.

import { _, ngettext } from "./i18n.js";

const WAITING = "kith-pointed"; // in localStorage: the choices that wait
const MINE = "kith-pointing-key"; // the key of whose page counts them, if its owner asked for that
const ROUTE = "/api/signposts";
const OFFLINE = "/point/"; // the page that is kept; the one with a key of its own is not
const HOW = ["card", "talk", "nothing"];

/** Return what waits to be sent. What cannot be read is nothing. */
export function waiting() {
  try {
    const kept = JSON.parse(localStorage.getItem(WAITING) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function keep(all) {
  if (all.length) localStorage.setItem(WAITING, JSON.stringify(all));
  else localStorage.removeItem(WAITING);
}

/** Return the choices of a form as they are kept: slugs, a day, an id, and nothing else. */
export function chosen(form, how, now = new Date()) {
  const { kind, area, connector } = form.elements;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(now);
  const id = crypto.randomUUID().replaceAll("-", "");
  return { id, how, kind: kind.value, area: area.value, day, connector: connector.value };
}

/** Send all that waits, the oldest first. What the service refuses for good is let go. */
export async function send() {
  let taken = "";
  for (const one of waiting()) {
    const answer = await fetch(ROUTE, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(one),
    });
    if (answer.status === 429 || answer.status >= 500) break;
    keep(waiting().filter(({ id }) => id !== one.id));
    if (answer.ok) taken = (await answer.json()).counted;
  }
  return taken;
}

function say(root, words) {
  const said = root.querySelector("[data-point-said]");
  said.hidden = false;
  said.textContent = words;
}

function sayWaiting(root) {
  const many = waiting().length;
  if (!many) return;
  const kept = _("Kept on this phone. It will be sent when there is a signal.");
  say(root, `${kept} ${ngettext("%(num)s waits.", "%(num)s wait.", many)}`);
}

async function trySending(root) {
  if (!waiting().length) return;
  try {
    const taken = await send();
    if (waiting().length) sayWaiting(root);
    else if (taken === "gap")
      say(root, _("Thank you. We have counted that something is missing there."));
    else say(root, _("Thank you. It is counted."));
  } catch {
    sayWaiting(root); // no signal: the next page or the next signal tries again
  }
}

/** Take the tap, where both lists were answered; what is missing the service's own page tells. */
function takeTaps(root, form) {
  form.addEventListener("submit", (event) => {
    const how = event.submitter?.value ?? HOW[0];
    if (!form.elements.kind.value || !form.elements.area.value || !HOW.includes(how)) {
      if (navigator.onLine) return;
      event.preventDefault();
      say(root, _("Choose a kind and a place first."));
      return;
    }
    event.preventDefault();
    keep([...waiting(), chosen(form, how)]);
    form.elements.kind.value = "";
    trySending(root);
  });
}

/** Let somebody's own telephone count for their own page, if they say so. */
function rememberWhose(root, form) {
  const offer = root.querySelector("[data-point-offer]");
  const mine = root.querySelector("[data-point-mine]");
  const key = localStorage.getItem(MINE);
  if (offer && !key) offer.hidden = false;
  if (key && !form.elements.connector.value) form.elements.connector.value = key;
  mine.hidden = !key;
  root.querySelector("[data-point-keep]")?.addEventListener("click", () => {
    localStorage.setItem(MINE, form.elements.connector.value);
    location.assign(OFFLINE);
  });
  root.querySelector("[data-point-forget]").addEventListener("click", () => {
    localStorage.removeItem(MINE);
    form.elements.connector.value = "";
    mine.hidden = true;
  });
}

/** Have the page without a key, and this script, kept so that they open with no signal. */
function keepThePage() {
  const worker = navigator.serviceWorker;
  const keep = () => Promise.all([fetch(import.meta.url), fetch(OFFLINE)]).catch(() => {});
  if (worker?.controller) keep();
  else worker?.addEventListener("controllerchange", keep, { once: true });
}

const form = typeof document === "undefined" ? null : document.querySelector("[data-point]");
if (form) {
  rememberWhose(document, form);
  takeTaps(document, form);
  addEventListener("online", () => trySending(document));
  trySending(document);
  keepThePage();
}
