// One calendar file of several: the events of each activity's own file, as the build wrote them.

const EVENT = /^BEGIN:VEVENT\r\n[\s\S]*?^END:VEVENT\r\n/gm;
const ZONE = /^BEGIN:VTIMEZONE\r\n[\s\S]*?^END:VTIMEZONE\r\n/gm;
const NAMED = /^TZID:(.+)\r$/m;

/**
 * Return the calendar of all activities whose calendars stand at these paths, under one name.
 * @param {string[]} paths
 * @param {string} name
 */
export async function calendarOf(paths, name) {
  return mergeCalendars(await Promise.all(paths.map(read)), name);
}

/** @param {string} path */
async function read(path) {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

/**
 * Merge calendar files: each time zone once, every event as it is.
 * @param {string[]} files
 * @param {string} name
 */
function mergeCalendars(files, name) {
  const zones = new Map(
    files
      .flatMap((file) => file.match(ZONE) ?? [])
      .map((zone) => /** @type {const} */ ([NAMED.exec(zone)?.[1], zone])),
  );
  const events = files.flatMap((file) => file.match(EVENT) ?? []);
  const head = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Kith//Community directory//EN",
    `X-WR-CALNAME:${escaped(name)}`,
  ];
  return `${head.join("\r\n")}\r\n${[...zones.values(), ...events].join("")}END:VCALENDAR\r\n`;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\s+/g, " ");
