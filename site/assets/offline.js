// Keeps the public pages readable without a connection. The newest always comes first: what is kept
// is shown only where the network does not answer. Forms, answers of the service, searches it made
// and staff pages are never kept. Copied to the root of the site, where it may see every page.

const KEPT = "kith-@VERSION@";
const PAGES_KEPT = 60;
const ALWAYS = [
  "/",
  "/find/",
  "/get-help-now/",
  "/list/",
  "/offline/",
  "/assets/kith.css?@VERSION@",
  "/assets/kith.js?@VERSION@",
  "/assets/days.js",
  "/assets/i18n.js",
  "/assets/words.js",
  "/assets/shortlist.js",
  "/assets/shortlist_address.js",
  "/assets/shortlist_buttons.js",
  "/assets/list.js",
  "/assets/list_calendar.js",
  "/assets/list_code.js",
  "/assets/list_draw.js",
  "/assets/list_facts.js",
  "/assets/list_export.js",
  "/assets/list_text.js",
];
const PUBLIC =
  /^\/(?:$|(?:find|map|about|get-help-now|point-someone-on|point|accessibility|privacy|offline|list)\/$|(?:activities|kinds|places|days|pledges|training)\/|assets\/|search\/\w+\.json$)/;
const NEVER = /\/(?:sign|signed|put-right|questions|completed)\b|^\/pledges\/[^/]+\/register\b/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll(ALWAYS))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.origin === location.origin;
  if (ours && PUBLIC.test(url.pathname) && !NEVER.test(url.pathname)) {
    event.respondWith(answer(event.request, url));
  } else if (ours && event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => instead(url)));
  }
});

/** Without the network a connector still taps: the page with no key of its own serves as well. */
async function instead(url) {
  const point = url.pathname === "/point" && (await caches.match("/point/"));
  return point || caches.match("/offline/");
}

/** Answer from the network, keeping a copy; without it from what was kept, questions left aside. */
async function answer(request, url) {
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic") await keep(request, url, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    if (request.mode === "navigate") return caches.match("/offline/");
    throw error;
  }
}

/** Keep a page without what was asked of it: no word that somebody typed stays on the device. */
async function keep(request, url, response) {
  const kept = await caches.open(KEPT);
  const plain = url.pathname.startsWith("/assets/") ? request : url.pathname;
  await kept.delete(plain, { ignoreSearch: true });
  await kept.put(plain, response);
  const all = await kept.keys();
  const pages = all.filter((one) => new URL(one.url).pathname.startsWith("/activities/"));
  await Promise.all(pages.slice(0, -PAGES_KEPT).map((one) => kept.delete(one)));
}
