// What the search says: when something is on as seen from now, how much was found, and ways on.
// Pure; times are milliseconds, spoken as local time of the United Kingdom wherever the reader is.

import { answer, upcoming } from "./search_core.js";
import { _, language, ngettext } from "./tongue.js";

const LOCALE = language === "en" ? "en-GB" : language;
const ZONE = "Europe/London";
const MINUTE = 60000;
const DAY = 86400000;
const ALSO_AT_MOST = 2;

const dateParts = new Intl.DateTimeFormat(LOCALE, {
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
  const said = { day: dayWords(starts * MINUTE, now), opens: clock(starts * MINUTE) };
  if (lasts === null) return _("%(day)s, %(opens)s", said);
  const closes = clock((starts + lasts) * MINUTE);
  return _("%(day)s, %(opens)s to %(closes)s", { ...said, closes });
}

/** Return "Today", "Tomorrow", "Thursday" within the week, else "Tuesday 24 November" (2027). */
export function dayWords(at, now) {
  const ahead = (dayOf(at) - dayOf(now)) / DAY;
  if (ahead === 0 || ahead === 1) return [_("Today"), _("Tomorrow")][ahead];
  const { weekday, day, month, year } = parts(dateParts, at);
  if (ahead > 1 && ahead < 7) return weekday;
  const thisYear = year === parts(dateParts, now).year;
  if (thisYear) return _("%(weekday)s %(day)s %(month)s", { weekday, day, month });
  const date = _("%(day)s %(month)s %(year)s", { day, month, year });
  return _("%(weekday)s %(date)s", { weekday, date });
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
  const { known, label } = found.place;
  const sentences = [howMany(found, known ? label : "")];
  if (!known) {
    const place = label;
    sentences.push(
      _("We do not know a place called “%(place)s”, so we looked everywhere.", { place }),
    );
  }
  if (found.leftOut.length) {
    const words = together(found.leftOut.map(quoted));
    sentences.push(_("We left out %(words)s.", { words }));
  }
  const also = found.rows.length ? found.also.slice(0, ALSO_AT_MOST).map(inSentence) : [];
  if (also.length) sentences.push(_("We also looked for %(words)s.", { words: together(also) }));
  return sentences.join(" ");
}

function howMany({ rows, full }, place) {
  const more = rows.length - full;
  if (!rows.length && !place) return _("Nothing found.");
  if (!rows.length) return _("Nothing found near %(place)s.", { place });
  const found = place ? _("%(things)s near %(place)s", { things: things(full), place }) : things(full);
  if (!more) return _("%(found)s.", { found });
  if (full) return _("%(found)s, and %(more)s more that may suit.", { found, more });
  const some = things(more);
  if (!place) return _("Nothing fits all your words. %(some)s may suit.", { some });
  return _("Nothing near %(place)s fits all your words. %(some)s may suit.", { place, some });
}

function things(count) {
  const num = count.toLocaleString(LOCALE);
  return ngettext("%(num)s thing", "%(num)s things", count, { num });
}

const quoted = (word) => `“${word}”`;

/** Return a label as it stands inside a sentence: small first letter, but "LGBT+" as it is. */
function inSentence(label) {
  return /^.\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}

function together(list) {
  if (list.length < 2) return list.join("");
  const [last] = list.slice(-1);
  return _("%(first)s and %(last)s", { first: list.slice(0, -1).join(", "), last });
}

/**
 * Return where somebody may go who found nothing that fits, the nearest first: the question with
 * one part less, then what needs no journey. Each is {words, question}, and leads to something.
 */
export function waysOn(library, question, now) {
  const fewer = [
    ["day", "", _("on any day")],
    ["free", "", _("that may cost something")],
    ["ways", [], _("however you take part")],
    ["kind", "", _("of any kind")],
    ["need", "", _("for anybody")],
    ["place", "", _("in any place")],
    ["q", "", _("of every sort")],
  ]
    .filter(([field]) => question[field] && question[field].length)
    .map(([field, nothing, words]) => ({ words, question: { ...question, [field]: nothing } }));
  const ways = ["online", "by phone"];
  const home = [
    { words: _("online or by phone"), question: { q: question.q, ways } },
    { words: _("of every sort online or by phone"), question: { ways } },
  ];
  const leads = ({ question: other }) => answer(library, other, now).full;
  return [...fewer.filter(leads), ...home.filter(leads).slice(0, 1)].map((way) => ({
    ...way,
    words: _("%(things)s %(words)s", { things: things(leads(way)), words: way.words }),
  }));
}
