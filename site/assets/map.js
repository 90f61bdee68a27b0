// A map that can be moved, where whoever runs the site serves tiles of its own. Nothing is fetched
// before the press of the button; the drawing and the list say the same without it.

import { _ } from "./i18n.js";

const button = document.getElementById("moving-map");
const here = document.getElementById("moving-map-here");

async function fetchAll() {
  const response = await fetch(new URL("../map/points.json", import.meta.url));
  if (!response.ok) throw new Error(`points.json: ${response.status}`);
  const [points] = await Promise.all([response.json(), styled(), scripted()]);
  return points;
}

function styled() {
  return added("link", {
    rel: "stylesheet",
    href: new URL("./vendor/leaflet/leaflet.css", import.meta.url).href,
  });
}

function scripted() {
  return added("script", { src: new URL("./vendor/leaflet/leaflet.js", import.meta.url).href });
}

function added(name, fields) {
  const made = Object.assign(document.createElement(name), fields);
  return new Promise((done, failed) => {
    made.addEventListener("load", done);
    made.addEventListener("error", () => failed(new Error(fields.src || fields.href)));
    document.head.append(made);
  });
}

/** Draw the map with a marker a venue. Its words are set as text: they can never become markup. */
function draw(points) {
  const L = window.L;
  here.hidden = false;
  const map = L.map(here);
  L.tileLayer(button.dataset.tiles, { maxZoom: 18, attribution: "© OpenStreetMap" }).addTo(map);
  const markers = points.map(({ title, url, latitude, longitude }) => {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: title });
    return L.circleMarker([latitude, longitude], { radius: 9 }).bindPopup(link);
  });
  const all = L.featureGroup(markers).addTo(map);
  map.fitBounds(all.getBounds().pad(0.1));
  button.hidden = true;
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", () =>
    fetchAll().then(draw, () => {
      button.textContent = _("The map could not be fetched. The list above says the same.");
    }),
  );
}
