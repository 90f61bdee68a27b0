// Handing a list over: on paper, in large print, as a text, as a calendar, as a code to scan. Plain
// links and what the device offers; nobody is asked anything before a press.

import { _, ngettext } from "./i18n.js";
import { calendarOf } from "./list_calendar.js";
import { drawCode } from "./list_code.js";
import { sayDone } from "./list_draw.js";
import { sizeOf, textOf } from "./list_text.js";

const part = (name) => document.querySelector(`[data-list="${name}"]`);
const text = document.getElementById("list-text");
const title = document.querySelector("h1").textContent;
let list = { entries: [], address: "" };

/** Have all ways out go with these entries and this address. */
export function updateExports(entries, address) {
  list = { entries, address };
  const shown = withoutScheme(address);
  text.value = textOf(entries, shown);
  document.getElementById("list-length").textContent = lengthWords(sizeOf(text.value));
  part("sms").href = `sms:?&body=${encodeURIComponent(text.value)}`;
  part("mail").href = mailOf(entries, address);
  part("calendar").hidden = !entries.some(({ calendar }) => calendar);
  code(entries, address);
}

async function code(entries, address) {
  const drawn = entries.length > 0 && (await drawCode(part("code"), address));
  if (list.address === address) part("coded").hidden = !drawn;
}

/** Return an address as one writes it by hand; telephones know it for one all the same. */
function withoutScheme(address) {
  return new URL(address).hostname.includes(".") ? address.replace(/^https:\/\//, "") : address;
}

function lengthWords({ characters, messages }) {
  return ngettext(
    "This is %(letters)s characters long: one text message.",
    "This is %(letters)s characters long. It is sent as %(num)s text messages.",
    messages,
    { letters: characters },
  );
}

function mailOf(entries, address) {
  const told = entries.flatMap(({ title: name, next, when, where, cost, phone }) => [
    name,
    next?.words ?? when[0],
    where.join("; "),
    cost.join("; "),
    phone,
    "",
  ]);
  const body = [...told.filter((line) => line !== undefined), address].join("\r\n");
  return `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(body)}`;
}

/** Give the file to the browser to keep, as it would one that was fetched. */
async function saveCalendar() {
  const button = part("calendar");
  const dated = list.entries.filter(({ calendar }) => calendar);
  try {
    const file = await calendarOf(
      dated.map(({ calendar }) => calendar),
      title,
    );
    const url = URL.createObjectURL(new Blob([file], { type: "text/calendar" }));
    Object.assign(document.createElement("a"), { href: url, download: "list.ics" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    sayDone(button, savedWords(dated.length, list.entries.length));
  } catch {
    sayDone(button, _("It could not be fetched. Are you connected?"));
  }
}

function savedWords(dated, all) {
  if (dated === all) return _("Done: open the file");
  return _("Done: %(dated)s of %(all)s, the rest have no fixed times", { dated, all });
}

function inLarge() {
  const isLarge = document.querySelector(".list").classList.toggle("list--large");
  part("large").setAttribute("aria-pressed", String(isLarge));
}

part("large").addEventListener("click", inLarge);
part("calendar").addEventListener("click", saveCalendar);
text.addEventListener("focus", () => text.select());
if (navigator.clipboard) {
  part("copy").hidden = false;
  part("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    sayDone(part("copy"));
  });
}
if (navigator.share) {
  part("share").hidden = false;
  part("share").addEventListener("click", () => {
    navigator.share({ title, url: list.address }).catch(() => {}); // somebody thought better of it
  });
}
