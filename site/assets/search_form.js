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
  "way",
  "access",
  "promise",
  "age",
  "language",
  "order",
  "page",
];

/** Say whether an address asks anything. */
export function hasQuestion(address) {
  return FIELDS.some((name) => address.get(name));
}

/** Return what the form asks, as an address would (URLSearchParams). */
export function addressIn(form) {
  return new URLSearchParams(new FormData(form));
}

/** Set the form to what the address asks. */
export function fill(form, address) {
  for (const old of form.querySelectorAll("[data-along]")) old.remove();
  for (const control of [...form.elements].filter(({ name }) => name)) {
    const values = address.getAll(control.name);
    if (control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.type === "radio") control.checked = control.value === (values[0] || "");
    else control.value = values[0] || "";
    if (control.type === "select-one" && control.selectedIndex < 0) control.value = "";
    openAround(control);
  }
  for (const [name, value] of address) {
    const isField = FIELDS.includes(name) && name !== "page" && value;
    if (isField && !form.elements.namedItem(name)) form.append(along(name, value));
  }
}

/** Open the block of further choices where one of them is made: nothing asked stays unseen. */
function openAround(control) {
  const isMade = ["checkbox", "radio"].includes(control.type)
    ? control.checked && control.value
    : control.value;
  const block = isMade && control.closest("details");
  if (block) block.open = true;
}

function along(name, value) {
  const made = document.createElement("input");
  made.dataset.along = "";
  return Object.assign(made, { type: "hidden", name, value });
}

/** Empty the fields whose values mean nothing, so that it is said once. */
export function forget(form, names) {
  for (const old of form.querySelectorAll("[data-along]"))
    if (names.includes(old.name)) old.remove();
  for (const control of form.querySelectorAll("select, input[type=hidden]")) {
    if (names.includes(control.name)) control.value = "";
  }
}
