// The small comforts of a page. Everything here works without it, only less conveniently.

import { showRelativeDays } from "./days.js";
import { ngettext } from "./i18n.js";
import { offerShortlist } from "./shortlist.js";

// what those need, named here so that all of it is fetched at once
import "./shortlist_address.js";
import "./shortlist_buttons.js";
import "./words.js";

/** A repeated press of the button must not ask for help twice. */
function setIdempotencyKeys(root) {
  for (const field of root.querySelectorAll("input[name=idempotency_key]")) {
    if (!field.value && crypto.randomUUID) field.value = crypto.randomUUID();
  }
}

/** Somebody who came from an activity need not write its name down. */
function fillInActivity(root) {
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
      told.textContent =
        left <= 100 ? ngettext("%(num)s character left", "%(num)s characters left", left) : "";
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
function registerServiceWorker() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
}

if (typeof document !== "undefined") {
  showRelativeDays(document);
  offerShortlist();
  setIdempotencyKeys(document);
  fillInActivity(document);
  countCharacters(document);
  offerPrinting(document);
  if (document.querySelector("[data-copy]")) {
    import("./sharing.js").then(({ offerSharingAndCopying }) => offerSharingAndCopying(document));
  }
  const toProve = document.querySelector("input[data-bits]");
  if (toProve) import("./proof_of_work.js").then(({ workFor }) => workFor(toProve));
  document.getElementById("problems")?.focus();
  addEventListener("load", registerServiceWorker);
}
