// Points and the distance between them, computed as the API computes it. Pure.

const EARTH_KM = 6371;
const POINT_STEPS = 10000; // a degree, in the columns
/** @param {number} degrees */
const radians = (degrees) => (degrees * Math.PI) / 180;

/**
 * Return the distance as the crow flies.
 * @param {Position} one
 * @param {Position} other
 */
export function kilometres(one, other) {
  const [south, north] = [radians(one.latitude), radians(other.latitude)];
  const east = radians(other.longitude - one.longitude);
  const half =
    Math.sin((north - south) / 2) ** 2 +
    Math.cos(south) * Math.cos(north) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

/**
 * Return the middle of some points, which is only about where a thing is; null without one.
 * @param {Position[]} points
 * @returns {Point | null}
 */
export function middle(points) {
  if (!points.length) return null;
  /** @param {"latitude" | "longitude"} name */
  const mean = (name) => points.reduce((sum, point) => sum + point[name], 0) / points.length;
  return { latitude: mean("latitude"), longitude: mean("longitude"), about: true };
}

/**
 * Return the points of a row: {latitude, longitude, about}.
 * @param {{ points: number[][] }} documents
 * @param {number} row
 * @returns {Point[]}
 */
export function pointsOf({ points }, row) {
  const written = points[row];
  return Array.from({ length: written.length / 3 }, (_, at) => ({
    latitude: written[at * 3] / POINT_STEPS,
    longitude: written[at * 3 + 1] / POINT_STEPS,
    about: written[at * 3 + 2] === 1,
  }));
}

/**
 * Return the middle of each outward code: as it was imported, else of the exact venues there. A row
 * with several codes does not say which of its venues has which.
 * @param {SearchDocuments} documents
 * @returns {Map<string, Point | null>}
 */
export function middlesOf(documents) {
  /** @type {Map<string, Point[]>} */
  const exact = new Map();
  documents.codes.forEach((code, row) => {
    if (!code || code.includes(" ")) return;
    const known = pointsOf(documents, row).filter(({ about }) => !about);
    if (!known.length) return;
    exact.set(code, [...(exact.get(code) ?? []), ...known]);
  });
  /** @type {Map<string, Point | null>} */
  const middles = new Map();
  for (const [code, points] of exact) middles.set(code, middle(points));
  for (const [code, latitude, longitude] of documents.terms.codes) {
    middles.set(code, { latitude, longitude, about: true });
  }
  return middles;
}

/**
 * Return how far the nearest venue of a row is, {km, about}; km null where it is not known.
 * @param {SearchDocuments} documents
 * @param {number} row
 * @param {{ latitude: number, longitude: number, about?: boolean } | null} point
 * @returns {Distance}
 */
export function distanceTo(documents, row, point) {
  /** @type {Distance} */
  let nearest = { km: null, about: false };
  if (!point) return nearest;
  for (const one of pointsOf(documents, row)) {
    const km = kilometres(point, one);
    const closer = nearest.km === null || km < nearest.km || (km === nearest.km && !one.about);
    if (closer) nearest = { km, about: one.about };
  }
  if (nearest.km !== null && point.about) nearest.about = true;
  return nearest;
}
