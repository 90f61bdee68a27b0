// What a list says of an activity, read off its own page: the public words of an entry stand there
// once. Whatever was read once opens without a connection. A page is read, never run.

const TEL = /^tel:\+?\d+$/;

export class Gone extends Error {} // there is no such activity, or not any more

/** Fetch what an activity's page says. Throws Gone, or another Error where the page did not come. */
export async function factsOf(slug) {
  const address = new URL(`../activities/${slug}/`, import.meta.url);
  const response = await fetch(address);
  if (response.status === 404 || response.status === 410) throw new Gone(slug);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector(".activity h1")) throw new Error(`${address.pathname}: not an activity`);
  return factsIn(page, slug, address.pathname);
}

/** Return {slug, path, title, language, notice, next, when, where, cost, access, ask, calendar}. Facts are
 * lines of words as they stand on paper; `next` is {at, words} or null, `calendar` a path or "". */
function factsIn(page, slug, path) {
  const next = page.querySelector(".facts__next time");
  const phone = page.querySelector('[data-fact="ask"] .phone');
  const told = { at: next?.dateTime, words: next?.textContent };
  for (const one of page.querySelectorAll(".activity .off-paper")) one.remove();
  for (const end of page.querySelectorAll("dd br")) {
    end.replaceWith(end.closest("[data-fact=when]") ? ". " : ", ");
  }
  const lines = (fact) =>
    [...page.querySelectorAll(`[data-fact="${fact}"] p`)].map(words).filter(Boolean);
  return {
    slug,
    path,
    title: words(page.querySelector("h1")),
    language: page.querySelector("h1").lang,
    notice: words(page.querySelector(".notice")),
    next: next && told,
    when: lines("when"),
    where: lines("where"),
    cost: lines("cost"),
    access: lines("access"),
    ask: lines("ask").filter((line) => line !== words(phone)),
    phone: words(phone),
    tel: TEL.test(phone?.getAttribute("href")) ? phone.getAttribute("href") : "",
    calendar: calendarOf(page),
  };
}

const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** Return the path of the activity's own calendar file, if it has one on this site. */
function calendarOf(page) {
  const href = page.querySelector('link[type="text/calendar"]')?.getAttribute("href") ?? "";
  return /^\/activities\/[a-z0-9-]+\/calendar\.ics$/.test(href) ? href : "";
}
