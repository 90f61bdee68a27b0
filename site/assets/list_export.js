// Hands a list over: in large print, as a text message, a mail, a calendar file, a code to scan. Plain
// links and what the device offers; nothing is fetched or sent before a press, but the code's library.

import { _, ngettext } from "./i18n.js";
import { calendarOf } from "./list_calendar.js";
import { part, sayDone } from "./list_draw.js";
import { sizeOf, textOf } from "./list_text.js";

const LONGEST = 1200; // letters of an address whose code can be scanned from a sheet of paper
const COARSE = 75; // squares a side that can be told apart at the usual size
const QUIET = 4; // squares kept white around a code
const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("list-text"));
const title = document.querySelector("h1")?.textContent ?? "";
/** @type {{ entries: ListEntry[], address: string }} */
let list = { entries: [], address: "" };

/**
 * Set all ways to hand the list over to these entries and this address.
 * @param {ListEntry[]} entries
 * @param {string} address
 */
export function updateExports(entries, address) {
  list = { entries, address };
  text.value = textOf(entries, withoutScheme(address));
  const length = /** @type {HTMLElement} */ (document.getElementById("list-length"));
  length.textContent = lengthText(sizeOf(text.value));
  part("sms").setAttribute("href", `sms:?&body=${encodeURIComponent(text.value)}`);
  part("mail").setAttribute("href", mailOf(entries, address));
  part("calendar").hidden = !entries.some(({ calendar }) => calendar);
  updateCode(entries, address);
}

/**
 * @param {ListEntry[]} entries
 * @param {string} address
 */
async function updateCode(entries, address) {
  const drawn = entries.length > 0 && (await drawCode(part("code"), address));
  if (list.address === address) part("coded").hidden = !drawn;
}

/**
 * Return an address as people write it; telephones make a link of it all the same.
 * @param {string} address
 */
function withoutScheme(address) {
  return new URL(address).hostname.includes(".") ? address.replace(/^https:\/\//, "") : address;
}

/** @param {TextSize} size */
function lengthText({ characters, messages }) {
  return ngettext(
    "This is %(letters)s characters long: one text message.",
    "This is %(letters)s characters long. It is sent as %(num)s text messages.",
    messages,
    { letters: characters },
  );
}

/**
 * @param {ListEntry[]} entries
 * @param {string} address
 */
function mailOf(entries, address) {
  const lines = entries.flatMap(({ title: name, next, when, where, cost, phone }) => [
    name,
    next?.text ?? when[0],
    where.join("; "),
    cost.join("; "),
    phone,
    "",
  ]);
  const body = [...lines.filter((line) => line !== undefined), address].join("\r\n");
  return `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(body)}`;
}

/** Merge the calendars of the entries into one file, and have the browser download it. */
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
    sayDone(button, savedText(dated.length, list.entries.length));
  } catch {
    sayDone(button, _("It could not be loaded. Are you online?"));
  }
}

/**
 * @param {number} dated
 * @param {number} all
 */
function savedText(dated, all) {
  if (dated === all) return _("Done: open the file");
  return _("Done: %(dated)s of %(all)s. The others have no fixed times", { dated, all });
}

function toggleLargePrint() {
  const isLarge = document.querySelector(".list")?.classList.toggle("list--large");
  part("large").setAttribute("aria-pressed", String(isLarge));
}

/**
 * Draw the address as a code; return false where it is too long or the library did not load.
 * @param {Element} svg
 * @param {string} address
 */
export async function drawCode(svg, address) {
  if (address.length > LONGEST) return false;
  try {
    const { correction, generate, mode } = await import("./vendor/lean-qr/index.mjs");
    draw(svg, generate(mode.ascii(address), { minCorrectionLevel: correction.L }));
    return true;
  } catch {
    return false;
  }
}

/**
 * Draw the squares as lines one square wide; a code of many is shown larger.
 * @param {Element} svg
 * @param {import("lean-qr").Bitmap2D} code
 */
function draw(svg, code) {
  const side = code.size + 2 * QUIET;
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${side} ${side}`);
  svg.classList.toggle("code--fine", side > COARSE);
  const lines = Array.from({ length: code.size }, (_, y) => line(code, y));
  svg.querySelector("path")?.setAttribute("d", lines.join(""));
}

/**
 * @param {import("lean-qr").Bitmap2D} code
 * @param {number} y
 */
function line(code, y) {
  let path = "";
  for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}.5h1`;
  return path;
}

part("large").addEventListener("click", toggleLargePrint);
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
