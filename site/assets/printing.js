// Printing: the buttons that offer it, and what a list must say to be of use on another day.

import { showDatesOnPaper } from "./days.js";
import { dateText } from "./i18n.js";

/**
 * Show the buttons that print, and prepare the page however it is printed.
 * @param {Document} root
 */
export function offerPrinting(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = root.querySelectorAll("[data-print]");
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  addEventListener("beforeprint", () => prepareSheet(root));
}

/**
 * Say on the sheet when it was printed and what was asked for, and name days by their dates.
 * @param {ParentNode} root
 */
function prepareSheet(root) {
  showDatesOnPaper(root);
  fill(root, "day", dateText(new Date(), true));
  for (const name of ["q", "place"]) {
    const input = root.querySelector(`#find [name="${name}"]`);
    if (input instanceof HTMLInputElement) fill(root, name, input.value.trim());
  }
}

/**
 * Fill one part of the line that only paper shows; an empty one is left out.
 * @param {ParentNode} root
 * @param {string} name
 * @param {string} text
 */
function fill(root, name, text) {
  const part = root.querySelector(`[data-printed="${name}"]`);
  const value = part?.querySelector("b");
  if (!part || !value) return;
  value.textContent = text;
  part.toggleAttribute("hidden", !text);
}
