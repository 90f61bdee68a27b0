// A code to scan that opens the list on another phone. The library is fetched on this page alone.

const LONGEST = 1200; // letters of an address that still can be scanned from a sheet of paper
const COARSE = 75; // squares a side that can be told apart at the usual size
const QUIET = 4; // squares kept white around a code

/** Draw the address as a code, or say false where it is too long or the library is not there. */
export async function drawCode(svg, address) {
  if (address.length > LONGEST) return false;
  try {
    const { correction, generate, mode } = await import("./vendor/lean-qr/index.mjs");
    draw(svg, generate(mode.ascii(address), { minCorrectionLevel: correction.L }));
    return true;
  } catch {
    return false;
  }
}

/** Draw the squares as lines one square wide; a code of many is shown larger. */
function draw(svg, code) {
  const whole = code.size + 2 * QUIET;
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${whole} ${whole}`);
  svg.classList.toggle("code--fine", whole > COARSE);
  const lines = Array.from({ length: code.size }, (_, y) => line(code, y));
  svg.querySelector("path").setAttribute("d", lines.join(""));
}

function line(code, y) {
  let path = "";
  for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}.5h1`;
  return path;
}
