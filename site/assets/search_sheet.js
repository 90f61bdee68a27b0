// The further choices of the search: their button says how many results there are, and it closes them.
// Without this script the button asks /search, whose page shows them closed.

import { _, ngettext } from "./i18n.js";
import { WIDE } from "./search_form.js";

const sheet = /** @type {HTMLDetailsElement | null} */ (document.getElementById("more"));
const button = document.getElementById("more-go");

/**
 * Say on the button how many results there are, and beside the name how many choices were made.
 * @param {number} results
 */
export function countOnSheet(results) {
  if (!sheet || !button) return;
  button.textContent = results
    ? ngettext("Show %(num)s result", "Show %(num)s results", results)
    : _("Nothing fits yet");
  const made = choicesMade(sheet);
  const summary = /** @type {HTMLElement} */ (sheet.querySelector("summary"));
  summary.querySelector(".more__count")?.remove();
  if (!made) return;
  const count = document.createElement("span");
  count.className = "more__count";
  count.textContent = _("(%(num)s chosen)", { num: made });
  summary.append(" ", count);
}

/** @param {HTMLDetailsElement} block */
function choicesMade(block) {
  /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
  const controls = block.querySelectorAll("select, input");
  const isMade = (/** @type {HTMLInputElement | HTMLSelectElement} */ control) =>
    "checked" in control && control.type === "checkbox" ? control.checked : control.value;
  return new Set([...controls].filter(isMade).map(({ name }) => name)).size;
}

/** Close the sheet after its use: on a wide screen it stands in the page, and stays. */
export function closeSheet() {
  if (sheet && !matchMedia(WIDE).matches) sheet.open = false;
}

/** Let Escape close it, and keep the focus out of what it covers. */
export function watchSheet() {
  sheet?.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !sheet.open) return;
    sheet.open = false;
    sheet.querySelector("summary")?.focus();
  });
  sheet?.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !sheet.contains(relatedTarget)) closeSheet();
  });
}
