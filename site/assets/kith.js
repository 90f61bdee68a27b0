// The small comforts of a page. Everything here works without it, only less conveniently.

const LONDON = { timeZone: "Europe/London" };

/** Return the day of a moment in London, as a number that counts days. */
function dayNumber(moment) {
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", LONDON).format(moment).split("-");
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** "Tuesday 24 November, 10:30" becomes "Tomorrow, 10:30", or "Tuesday, 10:30" within the week.
 * On paper it stays as it was: a sheet is read on another day. */
export function sayDays(root, now = new Date()) {
  for (const time of root.querySelectorAll(".card__when time, .facts__next time")) {
    const starts = new Date(time.dateTime);
    const days = dayNumber(starts) - dayNumber(now);
    const weekday = days > 1 && days < 7 ? time.textContent.match(/^\w+day/)?.[0] : "";
    const said = ["Today", "Tomorrow"][days] || weekday;
    if (said) sayInstead(time, time.textContent.match(/^[^,]+/)[0], said);
  }
}

function sayInstead(time, day, said) {
  const rest = time.textContent.slice(day.length);
  const spans = [["off-paper", said], ["on-paper", day]].map(([className, textContent]) =>
    Object.assign(document.createElement("span"), { className, textContent }),
  );
  time.replaceChildren(...spans, rest);
}

/** A repeated press of the button must not ask for help twice. */
function nameThisForm(root) {
  for (const field of root.querySelectorAll("input[name=idempotency_key]")) {
    if (!field.value && crypto.randomUUID) field.value = crypto.randomUUID();
  }
}

/** Somebody who came from an activity need not write its name down. */
function rememberActivity(root) {
  const field = root.querySelector("form input[name=activity]");
  const slug = new URLSearchParams(location.search).get("activity") || "";
  const told = root.querySelector("[data-about-activity]"); // the service says it in words of its own
  if (!field || !told || !/^[a-z0-9-]{1,80}$/.test(slug)) return;
  field.value = slug;
  told.removeAttribute("hidden");
}

/** Say how many characters are left, politely and only near the end. */
function countCharacters(root) {
  for (const area of root.querySelectorAll("textarea[data-count]")) {
    const told = area.insertAdjacentElement("afterend", document.createElement("p"));
    told.className = "left";
    told.setAttribute("role", "status");
    area.addEventListener("input", () => {
      const left = area.maxLength - area.value.length;
      told.textContent = left <= 100 ? `${left} characters left` : "";
    });
  }
}

function offerPrinting(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

/** Pages that were read stay readable without a connection. */
function keepForLater() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
}

if (typeof document !== "undefined") {
  sayDays(document);
  nameThisForm(document);
  rememberActivity(document);
  countCharacters(document);
  offerPrinting(document);
  if (document.querySelector("[data-copy]")) {
    import("./sharing.js").then(({ offerToHandOn }) => offerToHandOn(document));
  }
  document.getElementById("problems")?.focus();
  addEventListener("load", keepForLater);
}
