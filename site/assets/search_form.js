// The form of the search as an address, and an address as the form. What an address asks and the
// form has no field for rides along unseen.

const FIELDS = [
  "q",
  "place",
  "near",
  "within_km",
  "kind",
  "need",
  "day",
  "time",
  "free",
  "alone",
  "lift",
  "buddy",
  "soon",
  "way",
  "access",
  "promise",
  "age",
  "language",
  "order",
  "as_typed",
  "page",
];

export const WIDE = "(min-width: 48em)"; // where further choices stand in the page, not in a sheet over it

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | HTMLButtonElement} FormControl */

/**
 * Say whether an address asks anything.
 * @param {URLSearchParams} address
 */
export function hasQuestion(address) {
  return FIELDS.some((name) => address.get(name));
}

/**
 * Return what the form asks, as an address would (URLSearchParams).
 * @param {HTMLFormElement} form
 */
export function addressIn(form) {
  const fields = /** @type {Iterable<[string, string]>} */ (new FormData(form).entries()); // no files
  return new URLSearchParams([...fields]);
}

/**
 * Set the form to what the address asks.
 * @param {HTMLFormElement} form
 * @param {URLSearchParams} address
 */
export function fill(form, address) {
  for (const old of form.querySelectorAll("[data-along]")) old.remove();
  const controls = /** @type {FormControl[]} */ ([...form.elements]);
  for (const control of controls.filter(({ name }) => name)) {
    const values = address.getAll(control.name);
    if (isTick(control)) {
      const isRadio = control.type === "radio";
      control.checked = isRadio
        ? control.value === (values[0] || "")
        : values.includes(control.value);
    } else control.value = values[0] || "";
    if (control instanceof HTMLSelectElement && control.selectedIndex < 0) control.value = "";
    openAround(control);
  }
  const shown = new Set(controls.map(({ name }) => name));
  for (const [name, value] of address) {
    const isField = FIELDS.includes(name) && name !== "page" && value;
    if (isField && !shown.has(name)) form.append(along(name, value));
  }
}

/**
 * @param {FormControl} control
 * @returns {control is HTMLInputElement}
 */
function isTick(control) {
  return control.type === "checkbox" || control.type === "radio";
}

/**
 * Open the block of further choices where one of them is made. On a phone it would cover the
 * answer: there its name says how many are made.
 * @param {FormControl} control
 */
function openAround(control) {
  const isMade = isTick(control) ? control.checked && control.value : control.value;
  const block = isMade && control.closest("details");
  if (block && matchMedia(WIDE).matches) block.open = true;
}

/**
 * @param {string} name
 * @param {string} value
 */
function along(name, value) {
  const made = document.createElement("input");
  made.dataset.along = "";
  return Object.assign(made, { type: "hidden", name, value });
}

/**
 * Empty the fields whose values mean nothing, so that it is said once.
 * @param {HTMLFormElement} form
 * @param {string[]} names
 */
export function forget(form, names) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const old = form.querySelectorAll("[data-along]");
  for (const field of old) if (names.includes(field.name)) field.remove();
  /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */
  const controls = form.querySelectorAll("select, input[type=hidden]");
  for (const control of controls) {
    if (names.includes(control.name)) control.value = "";
  }
}
