// A map that can be moved, where whoever runs the site serves tiles of its own. Nothing is fetched
// before the press of the button; the drawing and the list say the same without it.

import { _ } from "./i18n.js";

// A page without a moving map has neither.
const button = /** @type {HTMLElement} */ (document.getElementById("moving-map"));
const block = /** @type {HTMLElement} */ (document.getElementById("moving-map-here"));

/** @returns {Promise<MapPoint[]>} */
async function fetchAll() {
  const response = await fetch(new URL("../map/points.json", import.meta.url));
  if (!response.ok) throw new Error(`points.json: ${response.status}`);
  const [points] = await Promise.all([response.json(), addStyles(), addScript()]);
  return points;
}

function addStyles() {
  return addToHead("link", {
    rel: "stylesheet",
    href: new URL("./vendor/leaflet/leaflet.css", import.meta.url).href,
  });
}

function addScript() {
  return addToHead("script", { src: new URL("./vendor/leaflet/leaflet.js", import.meta.url).href });
}

/**
 * Add an element that loads a file, and wait for it.
 * @template {"link" | "script"} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} fields
 * @returns {Promise<Event>}
 */
function addToHead(name, fields) {
  const element = Object.assign(document.createElement(name), fields);
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`${name} did not load`)));
    document.head.append(element);
  });
}

/**
 * Draw the map with a marker for each venue. Its words are set as text: they can never become
 * markup.
 * @param {MapPoint[]} points
 */
function draw(points) {
  const { L } = window;
  block.hidden = false;
  const map = L.map(block);
  const tiles = button.dataset.tiles ?? "";
  L.tileLayer(tiles, { maxZoom: 18, attribution: "© OpenStreetMap" }).addTo(map);
  const markers = points.map(({ title, url, latitude, longitude }) => {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: title });
    return L.circleMarker([latitude, longitude], { radius: 9 }).bindPopup(link);
  });
  const venues = L.featureGroup(markers).addTo(map);
  map.fitBounds(venues.getBounds().pad(0.1));
  button.hidden = true;
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", () =>
    fetchAll().then(draw, () => {
      button.textContent = _("The map could not be loaded. The list above says the same.");
    }),
  );
}
