// What the search says: when something is on as seen from now, how much was found, and ways on.
// Pure; times are milliseconds, spoken as local time of the United Kingdom wherever the reader is.

import { answer, upcoming } from "./search_core.js";

const ZONE = "Europe/London";
const MINUTE = 60000;
const DAY = 86400000;
const ALSO_AT_MOST = 2;

const dateParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const dayNumber = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  day: "numeric",
  month: "numeric",
  year: "numeric",
});
const clockParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Return one document's card: {slug, title, summary, when, where, tags: [[words, look]]}. */
export function cardOf(documents, row, now) {
  return {
    slug: documents.slugs[row],
    title: documents.titles[row],
    summary: documents.summaries[row],
    when: whenOf(documents, row, now),
    where: documents.venues[row],
    tags: documents.tags[row].map((tag) => documents.terms.tags[tag]),
  };
}

/** Return "Tomorrow, 10:30 to 12:00", or the rule in words once no known session lies ahead. */
export function whenOf(documents, row, now) {
  const session = upcoming(documents, row, now);
  if (!session) return documents.when[row];
  const { starts, lasts } = session;
  const said = `${dayWords(starts * MINUTE, now)}, ${clock(starts * MINUTE)}`;
  return lasts === null ? said : `${said} to ${clock((starts + lasts) * MINUTE)}`;
}

/** Return "Today", "Tomorrow", "Thursday" within the week, else "Tuesday 24 November" (2027). */
export function dayWords(at, now) {
  const ahead = (dayOf(at) - dayOf(now)) / DAY;
  if (ahead === 0 || ahead === 1) return ["Today", "Tomorrow"][ahead];
  const { weekday, day, month, year } = parts(dateParts, at);
  if (ahead > 1 && ahead < 7) return weekday;
  const said = `${weekday} ${day} ${month}`;
  return year === parts(dateParts, now).year ? said : `${said} ${year}`;
}

function dayOf(at) {
  const { day, month, year } = parts(dayNumber, at);
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
}

function clock(at) {
  const { hour, minute } = parts(clockParts, at);
  return `${hour}:${minute}`;
}

function parts(format, at) {
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** Return what the count says: "6 things near ZZ3. We also looked for coffee morning." */
export function countOf(found, question) {
  const sentences = [howMany(found, found.place.known ? near(found.place) : "")];
  if (!found.place.known) {
    const { label } = found.place;
    sentences.push(`We do not know a place called “${label}”, so we looked everywhere.`);
  }
  if (found.leftOut.length) sentences.push(`We left out ${together(found.leftOut.map(quoted))}.`);
  const also = found.rows.length ? found.also.slice(0, ALSO_AT_MOST).map(inSentence) : [];
  if (also.length) sentences.push(`We also looked for ${together(also)}.`);
  return sentences.join(" ");
}

function howMany({ rows, full }, where) {
  const some = rows.length - full;
  if (!rows.length) return `Nothing found${where}.`;
  if (!some) return `${things(full)}${where}.`;
  if (full) return `${things(full)}${where}, and ${some} more that may suit.`;
  return `Nothing${where} fits all your words. ${things(some)} may suit.`;
}

const near = (place) => (place.label ? ` near ${place.label}` : "");
const things = (count) => (count === 1 ? "1 thing" : `${count.toLocaleString("en-GB")} things`);
const quoted = (word) => `“${word}”`;

/** Return a label as it stands inside a sentence: small first letter, but "LGBT+" as it is. */
function inSentence(label) {
  return /^.\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}

function together(list) {
  if (list.length < 2) return list.join("");
  return `${list.slice(0, -1).join(", ")} and ${list[list.length - 1]}`;
}

/**
 * Return where somebody may go who found nothing that fits, the nearest first: the question with
 * one part less, then what needs no journey. Each is {words, question}, and leads to something.
 */
export function waysOn(library, question, now) {
  const fewer = [
    ["day", "", "on any day"],
    ["free", "", "that may cost something"],
    ["ways", [], "however you take part"],
    ["kind", "", "of any kind"],
    ["need", "", "for anybody"],
    ["place", "", "in any place"],
    ["q", "", "of every sort"],
  ]
    .filter(([field]) => question[field] && question[field].length)
    .map(([field, nothing, words]) => ({ words, question: { ...question, [field]: nothing } }));
  const ways = ["online", "by phone"];
  const home = [
    { words: "online or by phone", question: { q: question.q, ways } },
    { words: "of every sort online or by phone", question: { ways } },
  ];
  const leads = ({ question: other }) => answer(library, other, now).full;
  return [...fewer.filter(leads), ...home.filter(leads).slice(0, 1)].map((way) => ({
    ...way,
    words: `${things(leads(way))} ${way.words}`,
  }));
}
