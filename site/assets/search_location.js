// "Use my location": asked of the device on a press, rounded to about a hundred metres, and kept
// in a hidden field of this page. It stands in no address and is sent to nobody.

import { _ } from "./i18n.js";

const DECIMALS = 3;
const WAIT = { enableHighAccuracy: false, timeout: 15000, maximumAge: 300000 }; // milliseconds
const REFUSED = 1;
const TIMED_OUT = 3;

/**
 * Show the button `near-me` of a form; `answer(words)` is called once there is something new.
 * @param {HTMLFormElement} form
 * @param {(message?: string) => void} answer
 */
export function offerLocation(form, answer) {
  const button = document.getElementById("near-me");
  const [field, place] = ["near", "place"].map(
    (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)),
  );
  if (!button || !field || !navigator.geolocation) return;
  button.hidden = false;
  place.addEventListener("input", () => (field.value = ""));
  button.addEventListener("click", () => {
    /** @type {PositionCallback} */
    const fillIn = ({ coords }) => {
      field.value = [coords.latitude, coords.longitude].map((at) => at.toFixed(DECIMALS)).join();
      place.value = "";
      answer(_("Your location stays on this device."));
    };
    navigator.geolocation.getCurrentPosition(fillIn, (error) => answer(locationError(error)), WAIT);
  });
}

/** @param {GeolocationPositionError} error */
function locationError({ code }) {
  if (code === REFUSED) {
    return _("Your browser did not let us see where you are. Type a place instead.");
  }
  if (code === TIMED_OUT) {
    return _("Finding where you are took too long. Try again, or type a place.");
  }
  return _("Your device does not know where you are just now. Type a place instead.");
}
