// The service worker: keeps the public pages readable without a connection. The network goes first: the
// cache is used only where it does not answer. Forms, answers of the service, searches it made and staff
// pages are never kept. Copied to the root of the site, so that its scope is every page.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = "kith-@VERSION@";
const MOST_PAGES = 60; // of activities
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
  "/assets/printing.js",
  "/assets/shortlist_buttons.js",
  "/assets/list.js",
  "/assets/list_calendar.js",
  "/assets/list_draw.js",
  "/assets/list_facts.js",
  "/assets/list_export.js",
  "/assets/list_text.js",
];
const PUBLIC =
  /^\/(?:$|(?:find|map|about|get-help-now|point-someone-on|point|accessibility|privacy|offline|list)\/$|(?:activities|kinds|places|days|pledges|training)\/|assets\/|search\/\w+\.(?:json|tsv)$)/;
const NEVER = /\/(?:sign|signed|put-right|questions|completed)\b|^\/pledges\/[^/]+\/register\b/;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(ALWAYS))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(deleteOldCaches().then(() => worker.clients.claim()));
});

async function deleteOldCaches() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.origin === location.origin;
  if (ours && PUBLIC.test(url.pathname) && !NEVER.test(url.pathname)) {
    event.respondWith(answer(event.request, url));
  } else if (ours && event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => fallbackFor(url)));
  }
});

/**
 * Return the page to show without the network; for a connector, the one that needs no key.
 * @param {URL} url
 */
async function fallbackFor(url) {
  const point = url.pathname === "/point" && (await caches.match("/point/"));
  return point || (await caches.match("/offline/")) || Response.error();
}

/**
 * Answer from the network, keeping a copy; without it from the cache, whatever the query.
 * @param {Request} request
 * @param {URL} url
 * @returns {Promise<Response>}
 */
async function answer(request, url) {
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic") await keep(request, url, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    const notice = request.mode === "navigate" && (await caches.match("/offline/"));
    if (notice) return notice;
    throw error;
  }
}

/**
 * Keep a page without the query of its address: nothing that somebody typed stays on the device.
 * @param {Request} request
 * @param {URL} url
 * @param {Response} response
 */
async function keep(request, url, response) {
  const cache = await caches.open(CACHE);
  const plain = url.pathname.startsWith("/assets/") ? request : url.pathname;
  await cache.delete(plain, { ignoreSearch: true });
  await cache.put(plain, response);
  const requests = await cache.keys();
  const pages = requests.filter(({ url }) => new URL(url).pathname.startsWith("/activities/"));
  await Promise.all(pages.slice(0, -MOST_PAGES).map((page) => cache.delete(page)));
}
