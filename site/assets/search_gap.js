// The button that tells us there is nothing: only on a press, and only names off our own lists.
// Hidden where no service answers, for then nobody would hear.

import { _ } from "./i18n.js";

const ROUTE = new URL("../gaps", import.meta.url);
const TOLD = new URL("../gaps/told", import.meta.url);

/**
 * Put the button into a block, once the service is known to answer. `gap` is {fields, words}.
 * @param {HTMLElement} block
 * @param {SearchGap} gap
 */
export async function drawGap(block, { fields, words }) {
  if (!(await isAnswered())) return;
  const form = Object.assign(document.createElement("form"), {
    method: "post",
    action: ROUTE.pathname,
  });
  for (const [name, value] of Object.entries(fields).filter(([, value]) => value)) {
    const field = document.createElement("input");
    form.append(Object.assign(field, { type: "hidden", name, value }));
  }
  const button = document.createElement("button");
  button.className = "button button--quiet";
  const sent = words.map((word) => `“${word}”`).join(", ");
  button.textContent = _("Tell us there is nothing: only %(words)s is sent", { words: sent });
  form.append(button);
  block.append(form);
}

/** Ask for the page that thanks, which is the same for everybody: it says nothing of the question. */
async function isAnswered() {
  try {
    return (await fetch(TOLD)).ok;
  } catch {
    return false;
  }
}
