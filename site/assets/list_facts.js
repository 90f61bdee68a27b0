// The facts of an activity as a list shows them, read from the activity's own page, which the service
// worker keeps once it was fetched. The page is parsed, never run.

const TEL = /^tel:\+?\d+(;ext=\d+)?$/;

export class ActivityGone extends Error {} // there is no such activity, or not any more

/**
 * Fetch the facts of an activity. Throws ActivityGone, or another Error where its page did not
 * come.
 * @param {string} slug
 * @returns {Promise<ListEntry>}
 */
export async function factsOf(slug) {
  const address = new URL(`../activities/${slug}/`, import.meta.url);
  const response = await fetch(address);
  if (response.status === 404 || response.status === 410) throw new ActivityGone(slug);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector(".activity h1")) throw new Error(`${address.pathname}: not an activity`);
  return factsIn(page, slug, address.pathname);
}

/**
 * Return the facts, in the lines that the page prints on paper.
 * @param {Document} page
 * @param {string} slug
 * @param {string} path
 * @returns {ListEntry}
 */
function factsIn(page, slug, path) {
  const next = /** @type {HTMLTimeElement | null} */ (page.querySelector(".facts__next time"));
  const phone = page.querySelector('[data-fact="ask"] .phone');
  const session = next && { at: next.dateTime, text: next.textContent }; // before its parts are removed
  for (const element of page.querySelectorAll(".activity .off-paper")) element.remove();
  for (const end of page.querySelectorAll("dd br")) {
    end.replaceWith(end.closest("[data-fact=when]") ? ". " : ", ");
  }
  /** @param {string} fact */
  const lines = (fact) =>
    [...page.querySelectorAll(`[data-fact="${fact}"] p`)].map(textIn).filter(Boolean);
  const heading = page.querySelector("h1");
  const tel = phone?.getAttribute("href") ?? "";
  return {
    slug,
    path,
    title: textIn(heading),
    language: heading?.lang ?? "",
    notice: textIn(page.querySelector(".notice")),
    next: session,
    when: lines("when"),
    where: lines("where"),
    cost: lines("cost"),
    access: lines("access"),
    ask: lines("ask").filter((line) => line !== textIn(phone)),
    phone: textIn(phone),
    tel: TEL.test(tel) ? tel : "",
    calendar: calendarOf(page),
  };
}

/** @type {(element: Element | null) => string} */
const textIn = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

/**
 * Return the path of the activity's own calendar file, if it has one on this site.
 * @param {Document} page
 */
function calendarOf(page) {
  const href = page.querySelector('link[type="text/calendar"]')?.getAttribute("href") ?? "";
  return /^\/activities\/[a-z0-9-]+\/calendar\.ics$/.test(href) ? href : "";
}
