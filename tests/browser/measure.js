// What no rule of axe measures: what sticks out, how large a target is, whether a focus shows.
// Each function returns what is wrong, a line for each fault; an empty list is a good page.
(() => {
  const PRESSED = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const THUMBED =
    ".button, .now, .brand, .menu a, .footer__links a, .linklist li, .chip, .tick, summary";
  const TYPED = "input:not([type=checkbox], [type=radio]), select, textarea";

  const shown = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const named = (one) => `<${one.localName}> ${(one.innerText || one.name || one.id).slice(0, 40)}`;
  const sized = (box) => `${box.width.toFixed(1)} x ${box.height.toFixed(1)}`;

  /** The thing one presses: a chip, a whole card or a labelled tick is larger than its control. */
  function target(one) {
    if (one.matches(".card__title a, .wall h3 a")) return one.closest("li");
    return one.closest(".chip, .tick") || one;
  }

  /** A link in a line of text is as high as the line; WCAG 2.5.8 lets it be. */
  function isInText(one) {
    const line = one.closest("p, li, dd, td, dt");
    const alone = line && line.innerText.trim() === one.innerText.trim();
    return getComputedStyle(one).display === "inline" && line && !alone;
  }

  function sideways() {
    const wide = document.documentElement.clientWidth;
    const whole = document.documentElement.scrollWidth;
    const out = all("body *").filter((one) => one.getBoundingClientRect().right > wide + 1);
    const boxes = all("body *").filter(
      (one) =>
        one.scrollWidth > one.clientWidth + 1 &&
        /auto|scroll/.test(getComputedStyle(one).overflowX),
    );
    if (whole <= wide && !boxes.length) return [];
    return [`${whole} px on a screen of ${wide} px`, ...out.map(named), ...boxes.map(named)].slice(
      0,
      8,
    );
  }

  function smallTargets(least, thumb) {
    const told = [];
    for (const one of all(PRESSED)) {
      const box = target(one).getBoundingClientRect();
      if ((box.width < least || box.height < least) && !isInText(one))
        told.push(`${named(one)}: ${sized(box)}`);
    }
    for (const one of [...all(THUMBED), ...all(TYPED)]) {
      const box = one.getBoundingClientRect();
      if (box.height < thumb || box.width < thumb)
        told.push(`for a thumb, ${named(one)}: ${sized(box)}`);
    }
    return told;
  }

  function isRinged(one, pseudo) {
    const { outlineStyle, outlineWidth } = getComputedStyle(one, pseudo);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  }

  /** Focus everything a keyboard reaches, as a keyboard would, and name what shows no ring. */
  function unseenFocus() {
    return all(PRESSED)
      .filter((one) => one.tabIndex >= 0 && !one.disabled)
      .filter((one) => {
        one.focus({ focusVisible: true, preventScroll: true });
        const next = one.matches(".chip input") && one.nextElementSibling;
        return (
          document.activeElement !== one ||
          !(isRinged(one) || isRinged(one, "::after") || (next && isRinged(next)))
        );
      })
      .map(named);
  }

  /** Focus each in turn on a small screen, as Tab does, and name what something else then covers. */
  function coveredFocus() {
    return all(PRESSED)
      .filter((one) => one.tabIndex >= 0 && !one.disabled)
      .filter((one) => {
        one.focus({ focusVisible: true, preventScroll: true });
        one.scrollIntoView({ block: "nearest", behavior: "instant" });
        const shape = target(one);
        const { left, top, right, bottom } = shape.getBoundingClientRect();
        const seen = [
          Math.max(left, 0),
          Math.max(top, 0),
          Math.min(right, innerWidth),
          Math.min(bottom, innerHeight),
        ];
        if (seen[2] <= seen[0] || seen[3] <= seen[1]) return true;
        const over = document.elementFromPoint((seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2);
        return !(
          over &&
          (shape.contains(over) || over.contains(shape) || one.getClientRects().length > 1)
        );
      })
      .map(named);
  }

  const stuck = () =>
    all("body *").filter((one) => /sticky|fixed/.test(getComputedStyle(one).position));

  /** Scroll to each in turn, and name what something that stays on the screen covers even then. */
  function coveredTargets() {
    if (!stuck().length) return [];
    return all(PRESSED)
      .filter((one) => !isInText(one))
      .filter((one) => {
        const shape = target(one);
        shape.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = shape.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const corners = [-11, 11].flatMap((right) => [-11, 11].map((down) => [right, down]));
        return corners.some(([right, down]) => {
          const over = document.elementFromPoint(x + right, y + down);
          return stuck().some((bar) => bar.contains(over) && !bar.contains(one));
        });
      })
      .map(named);
  }

  function headingSteps() {
    const levels = all("h1, h2, h3, h4, h5, h6").map((one) => Number(one.localName[1]));
    const told = levels.filter((level) => level === 1).length === 1 ? [] : ["not one h1"];
    return told.concat(
      levels.flatMap((level, i) =>
        level - (levels[i - 1] || 0) > 1 ? [`h${level} after h${levels[i - 1] || 0}`] : [],
      ),
    );
  }

  /** What the Tab key reaches first on a fresh page. */
  const first = () => all(PRESSED).find((one) => one.tabIndex >= 0)?.className;

  const painted = ({ backgroundColor, backgroundImage }) =>
    backgroundImage !== "none" || !/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor);

  /** What lies behind an element, from the nearest that is painted to the page's own ground. */
  function ground(one) {
    const under = [];
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.opacity !== "1") under.push(style.opacity);
      if (!painted(style)) continue;
      under.push(style.backgroundImage, style.backgroundColor);
      if (style.backgroundImage === "none" && style.backgroundColor.startsWith("rgb(")) break;
    }
    return under;
  }

  /** All pairs of words and ground, each once: where they are the same, so is their contrast.
   *  What is "small" must stand out more than what is "large". */
  function colours() {
    const says = (one) =>
      one.matches(TYPED) ||
      [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const pair = (one) => {
      const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(one);
      const size = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.67 : 24) ? "large" : "small";
      const around = one.matches("a") && [
        getComputedStyle(one.parentElement).color,
        textDecorationLine,
      ];
      return [size, color, around, ...ground(one)].join(" ");
    };
    return [...new Set(all("body *").filter(says).map(pair))];
  }

  /** What sticks to an edge covers other things at each height of the page: it is laid where it
   *  stands in the page while axe looks, and `coveredTargets` and `coveredFocus` look at it stuck. */
  async function axe(rules, but) {
    const off = Object.fromEntries(but.map((rule) => [rule, { enabled: false }]));
    const options = { runOnly: rules, rules: off, resultTypes: ["violations"], preload: false };
    const sticky = stuck().filter((one) => getComputedStyle(one).position === "sticky");
    for (const one of sticky) one.style.position = "static";
    const { violations } = await window.axe.run(document, options);
    for (const one of sticky) one.style.position = "";
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((one) => `${id}: ${one.target} ${one.failureSummary}`),
    );
  }

  window.measure = {
    axe,
    colours,
    sideways,
    smallTargets,
    unseenFocus,
    coveredFocus,
    coveredTargets,
    headingSteps,
    first,
  };
})();
