// A pledge's register in any page: <kith-register pledge="stay-connected"></kith-register>, and on our
// own page of a pledge what changed since it was built. One file, nothing from anybody else; all words
// are set as text. On another site: <script type="module" src="https://our.address/embed/register.js">.

const HOME = new URL(import.meta.url).origin;
const LOOK = `
  ul { display: grid; gap: .75rem; margin: 0; padding: 0; list-style: none; font: inherit; }
  li { padding: .75rem 1rem; border: 1px solid currentColor; border-radius: .5rem; }
  li.past { opacity: .75; } a { color: inherit; font-weight: bold; } p { margin: .25rem 0 0; }`;

/** Return the signatories of a pledge, those whose promise holds first. */
async function signatories(address) {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { signatories } = await answer.json();
  return signatories.sort((one, other) => one.past - other.past);
}

/** Return one signatory as a line of a list. */
function line({ slug, name, about, url, past }, heading) {
  const item = document.createElement("li");
  item.dataset.slug = slug;
  item.classList.toggle("past", past);
  const link = document.createElement("a");
  link.href = new URL(url, HOME).href;
  link.textContent = name;
  const title = document.createElement(heading);
  title.append(link);
  const words = document.createElement("p");
  words.textContent = about;
  item.append(title, words);
  return item;
}

class KithRegister extends HTMLElement {
  async connectedCallback() {
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    root.adoptedStyleSheets = [sheet];
    const pledge = encodeURIComponent(this.getAttribute("pledge") || "");
    const list = document.createElement("ul");
    try {
      const found = await signatories(`${HOME}/embed/${pledge}.json`);
      const most = Number(this.getAttribute("most")) || found.length;
      list.append(...found.slice(0, most).map((one) => line(one, "strong")));
      root.replaceChildren(list);
    } catch {
      root.replaceChildren(document.createElement("slot")); // what stands between the tags
    }
  }
}
if (!customElements.get("kith-register")) customElements.define("kith-register", KithRegister);

/** Bring our own page of a pledge up to the register of now; the page may be one kept for offline. */
async function refresh(list) {
  const pledge = location.pathname.split("/")[2];
  const found = await signatories(`/embed/${pledge}.json`);
  const holding = new Map(found.filter((one) => !one.past).map((one) => [one.slug, one]));
  for (const item of [...list.children]) {
    if (!holding.delete(item.dataset.slug)) item.remove();
  }
  list.append(...[...holding.values()].map((one) => line(one, "h3")));
}
const drawn = document.querySelector("[data-register]");
if (drawn) refresh(drawn).catch(() => {});
