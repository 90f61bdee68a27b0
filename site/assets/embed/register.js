// A pledge's register in any page: <kith-register pledge="stay-connected"></kith-register>, and on our
// own page of a pledge what changed since it was built. One file without imports; everything is set
// as text. On another site: <script type="module" src="https://our.address/embed/register.js">.

/** @typedef {{ slug: string, name: string, about: string, url: string, past: boolean }} Signatory */

const HOME = new URL(import.meta.url).origin;
const STYLES = `
  ul { display: grid; gap: .75rem; margin: 0; padding: 0; list-style: none; font: inherit; }
  li { padding: .75rem 1rem; border: 1px solid currentColor; border-radius: .5rem; }
  li.past { opacity: .75; } a { color: inherit; font-weight: bold; } p { margin: .25rem 0 0; }`;

/**
 * Return the signatories of a pledge, those whose promise holds first.
 * @param {string} address
 * @returns {Promise<Signatory[]>}
 */
async function signatories(address) {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(`${response.status}`);
  /** @type {{ signatories: Signatory[] }} */
  const { signatories } = await response.json();
  return signatories.sort((a, b) => Number(a.past) - Number(b.past));
}

/**
 * Return a signatory as an item of the list.
 * @param {Signatory} signatory
 * @param {string} heading
 */
function itemOf({ slug, name, about, url, past }, heading) {
  const item = document.createElement("li");
  item.dataset.slug = slug;
  item.classList.toggle("past", past);
  const link = document.createElement("a");
  link.href = new URL(url, HOME).href;
  link.textContent = name;
  const title = document.createElement(heading);
  title.append(link);
  const paragraph = document.createElement("p");
  paragraph.textContent = about;
  item.append(title, paragraph);
  return item;
}

class KithRegister extends HTMLElement {
  async connectedCallback() {
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    const pledge = encodeURIComponent(this.getAttribute("pledge") || "");
    const list = document.createElement("ul");
    try {
      const all = await signatories(`${HOME}/embed/${pledge}.json`);
      const most = Number(this.getAttribute("most")) || all.length;
      list.append(...all.slice(0, most).map((signatory) => itemOf(signatory, "strong")));
      root.replaceChildren(list);
    } catch {
      root.replaceChildren(document.createElement("slot")); // what stands between the tags
    }
  }
}
if (!customElements.get("kith-register")) customElements.define("kith-register", KithRegister);

/**
 * Update our own page of a pledge to the register of now; the page may be one kept for offline.
 * @param {Element} list
 */
async function refresh(list) {
  const pledge = location.pathname.split("/")[2];
  const all = await signatories(`/embed/${pledge}.json`);
  const current = all.filter(({ past }) => !past);
  const absent = new Map(current.map((signatory) => [signatory.slug, signatory]));
  for (const item of [...list.children]) {
    if (!absent.delete(item.getAttribute("data-slug") ?? "")) item.remove();
  }
  list.append(...[...absent.values()].map((signatory) => itemOf(signatory, "h3")));
}
const register = document.querySelector("[data-register]");
if (register) refresh(register).catch(() => {});
