// What a test asks of a page in the browser: has it settled, can everything be read, where does the keyboard go.
(() => {
  "use strict";
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const SHAPES = "path, rect, circle, ellipse, polygon, polyline, line, use, image";
  const MARKS = "path, circle, line, use";
  const ALL = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true };

  // Wait until figures and theme are there, nothing moves any more, and what waits for a window's new size has run.
  async function settle(scheme) {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const ready = () => (document.documentElement.dataset.theme ?? scheme) === scheme && !document.querySelector(".nbc-figure:not([data-mounted])");
    for (const end = performance.now() + 15000; !ready(); await frame()) {
      if (performance.now() > end) throw new Error(`the page did not turn ${scheme} with all its figures within 15 s`);
    }
    await new Promise((done) => setTimeout(done, 400)); // the theme waits 300 ms for the last resize
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
    await frame().then(frame);
    return true;
  }

  // Colours: [red, green, blue, alpha], each 0 … 1.
  const known = new Map();
  function channels(text) {
    if (!known.has(text)) {
      const numbers = text.match(/-?[\d.]+(e-?\d+)?/g)?.map(Number) ?? [0, 0, 0, 0];
      const whole = text.startsWith("rgb") ? 255 : 1; // else color(srgb r g b / a)
      known.set(text, [...numbers.slice(0, 3).map((one) => one / whole), numbers[3] ?? 1]);
    }
    return known.get(text);
  }

  const over = ([r, g, b, a], below) => [...[r, g, b].map((one, i) => a * one + (1 - a) * below[i]), 1];
  const faded = ([r, g, b, a], share) => [r, g, b, a * share];
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

  function ratio(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  // What lies behind an element's content, and how opaque the element is, from its ancestors; kept for each look.
  function surroundings() {
    const found = new Map();
    return function of(element) {
      if (!element) return { behind: [1, 1, 1, 1], share: 1 };
      if (!found.has(element)) {
        const [outer, style] = [of(element.parentElement), getComputedStyle(element)];
        const paint = faded(channels(style.backgroundColor), outer.share * Number(style.opacity));
        found.set(element, { behind: over(paint, outer.behind), share: outer.share * Number(style.opacity), style });
      }
      return found.get(element);
    };
  }

  const hex = (colour) => `#${colour.slice(0, 3).map((v) => Math.round(255 * v).toString(16).padStart(2, "0")).join("")}`;

  // Every text of the page whose contrast is less than 4.5 (3 where it is large), once for each pair of colours.
  function faintText() {
    const [of, faint] = [surroundings(), new Map()];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("script, style, noscript, :disabled, [aria-disabled=true], .nbc-hidden, [hidden]")) continue;
      if (!element.checkVisibility(ALL)) continue;
      const { behind, share, style } = of(element);
      const drawn = element.closest("svg");
      const ground = drawn ? under(element, drawn, behind) : behind;
      if (!ground) continue;
      const ink = over(faded(channels(drawn ? style.fill : style.color), share * Number(drawn ? style.fillOpacity : 1)), ground);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const seen = ratio(ink, ground);
      const sign = !/[\p{L}\p{N}]/u.test(node.data); // a mark, as in a key: what counts for graphics counts
      if (seen < (large || sign ? 3 : 4.5)) {
        const what = `text ${hex(ink)} on ${hex(ground)}: ${seen.toFixed(2)}`;
        faint.set(what, [...(faint.get(what) ?? []), `${element.closest("[class]").className.baseVal ?? element.closest("[class]").className}: ${node.data.trim().slice(0, 40)}`]);
      }
    }
    return [...faint].map(([what, where]) => `${what} (${where.length} times) ${where[0]}`);
  }

  // The colour that a drawing has where a text of it stands; null over a picture.
  function under(text, drawing, page) {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let ground = page;
    for (const shape of drawing.querySelectorAll(SHAPES)) {
      if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING || shape.closest("defs, clipPath")) continue;
      const area = shape.getBoundingClientRect();
      if (x < area.left || x > area.right || y < area.top || y > area.bottom || clipped(shape, x, y)) continue;
      if (shape.tagName === "image") ground = null;
      else if (inFill(shape, x, y)) {
        const style = getComputedStyle(shape);
        if (style.fill.startsWith("rgb")) ground = over(faded(channels(style.fill), Number(style.fillOpacity) * opacity(shape)), ground ?? page);
      }
    }
    return ground;
  }

  const local = (shape, x, y) => new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());

  function inFill(shape, x, y) {
    return shape.isPointInFill?.(local(shape, x, y)) ?? false; // a marker, a use, has none
  }

  function clipped(shape, x, y) {
    const holder = shape.closest("[clip-path]");
    const clip = holder && document.getElementById(holder.getAttribute("clip-path").slice(5, -1))?.firstElementChild;
    return Boolean(clip) && !clip.isPointInFill(local(holder, x, y));
  }

  function opacity(shape) {
    let share = 1;
    for (let one = shape; one instanceof SVGElement; one = one.parentElement) share *= Number(getComputedStyle(one).opacity);
    return share;
  }

  // Lines and markers of the data in the page's drawings whose colour does not reach 3:1; not axes and grids. Opacity is
  // left out: where many points or lines lie on each other they are faded on purpose, and add up. So are marks on a
  // picture or a heat map: no one colour lies behind them, and they bring a rim.
  function faintMarks() {
    const [of, faint] = [surroundings(), new Set()];
    for (const drawing of document.querySelectorAll("svg.course-drawing")) {
      const page = of(drawing).behind;
      for (const shape of drawing.querySelectorAll(MARKS)) {
        if (shape.closest("defs, clipPath, [id*='matplotlib.axis']") || !shape.closest("[id*=line2d], [id*=PathCollection]")) continue;
        if (shape.closest("[id*=axes_]")?.querySelector("image, [id*=QuadMesh]")) continue;
        const { stroke, fill } = getComputedStyle(shape);
        const colours = [stroke, fill].filter((paint) => paint.startsWith("rgb")).map(channels);
        const seen = Math.max(...colours.map((colour) => ratio(colour, page)));
        if (colours.length && seen < 3) faint.add(`${drawing.id}: mark ${colours.map(hex)}: ${seen.toFixed(2)}`);
      }
    }
    return [...faint];
  }

  // The inside of code, formulas and pictures is taken out: axe has nothing to say of it that faintText does not,
  // and walks through it for most of its time.
  function lighten() {
    for (const code of document.querySelectorAll("pre")) if (!code.querySelector("a, button")) code.textContent = code.textContent;
    for (const picture of document.querySelectorAll("svg[role=img]")) picture.replaceChildren();
    for (const formula of document.querySelectorAll("mjx-container")) {
      const { width, height } = formula.getBoundingClientRect();
      Object.assign(formula.style, { display: "inline-block", width: `${width}px`, height: `${height}px` });
      formula.replaceChildren();
    }
  }

  // Every place that the Tab key must reach, in order; of the radio buttons of one group only one.
  let stops = [];
  const groups = (element) => (element.type === "radio" ? `radio ${element.name}` : element);

  function controls() {
    const able = [...document.querySelectorAll(FOCUSABLE)].filter((one) =>
      one.tabIndex >= 0 && !one.matches(":disabled") && !one.closest("[inert]") && one.checkVisibility({ visibilityProperty: true }));
    return able.filter((one) => one.type !== "radio" || one === (able.find((other) => other.name === one.name && other.checked) ?? able.find((other) => other.name === one.name)));
  }

  // Where an element may show that it has the focus: itself, its labels, its parts.
  const parts = (element) => [element, ...(element.labels ?? []), ...element.children];

  const look = (element) => parts(element).map((one) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderColor, textDecorationLine } = getComputedStyle(one);
    return [outlineStyle === "none" ? "" : `${outlineWidth} ${outlineColor}`, boxShadow, backgroundColor, borderColor, textDecorationLine];
  });

  function startWalk() {
    const state = { expected: controls(), reached: [], problems: [] };
    const before = new Map(state.expected.map((one) => [one, JSON.stringify(look(one))]));
    document.addEventListener("focusin", ({ target }) => {
      state.reached.push(target);
      if (!before.has(target)) return;
      state.open = !covered(target);
      if (JSON.stringify(look(target)) === before.get(target)) state.problems.push(`no sign of focus: ${name(target)}`);
      else weakRing(target).forEach((problem) => state.problems.push(problem));
      if (!target.checkVisibility(ALL) && !target.labels?.length) state.problems.push(`focused but unseen: ${name(target)}`);
    }, true);
    document.addEventListener("focusout", ({ target }) => {
      if (before.has(target) && !state.open && covered(target)) state.problems.push(`hidden while focused: ${name(target)}`);
    }, true);
    stops = state;
    return state.expected.length;
  }

  // An outline of less than 3:1 to what is around it.
  function weakRing(element) {
    const of = surroundings();
    const rings = parts(element).map((one) => [one, getComputedStyle(one)]).filter(([, style]) => style.outlineStyle !== "none");
    const seen = rings.map(([one, style]) => ratio(channels(style.outlineColor), of(one.parentElement).behind));
    return rings.length && Math.max(...seen) < 3 ? [`a ring of ${Math.max(...seen).toFixed(2)}:1: ${name(element)}`] : [];
  }

  // Whether something else lies over the middle of what is to be seen of an element.
  function covered(element) {
    const shown = parts(element);
    return !shown.some((one) => [...one.getClientRects()].some((box) => {
      const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
      const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
      if (right <= left || bottom <= top) return false;
      const front = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2).find((two) => !two.closest("[role=tooltip]"));
      return front && shown.some((two) => two.contains(front) || front.contains(two));
    }));
  }

  function name(element) {
    const text = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent || element.title;
    return `${element.tagName.toLowerCase()}.${element.className} ${text.trim().replace(/\s+/g, " ").slice(0, 40)}`;
  }

  // After the last Tab: what was not reached, or not in the document's order.
  function endWalk() {
    const { expected, reached, problems } = stops;
    const places = new Map(expected.map((one, i) => [groups(one), i]));
    const came = [...new Set(reached.map(groups))].filter((one) => places.has(one));
    const missed = expected.filter((one) => !came.includes(groups(one)));
    const turned = came.filter((one, i) => i && places.get(one) < places.get(came[i - 1]));
    return {
      controls: expected.length,
      inFigures: expected.filter((one) => one.closest(".nbc-host")).length,
      problems: [
        ...problems,
        ...missed.map((one) => `never reached: ${name(one)}`),
        ...turned.map((one) => `out of order: ${typeof one === "string" ? one : name(one)}`),
      ],
    };
  }

  // What a reader who hears the page misses: figures, pictures and tables without words, regions that interrupt.
  function untold() {
    const words = (text) => (text ?? "").trim().split(/\s+/).length;
    const named = (one) => one.getAttribute("aria-label") ?? one.getAttribute("alt") ?? "";
    const every = (selector, wrong, what) => [...document.querySelectorAll(selector)].filter(wrong)
      .map((one) => `${what}: ${one.outerHTML.slice(0, 120)}`);
    return [
      ...every(".nbc-host > .nbc-root", (one) => !one.getAttribute("role") || !named(one), "a figure without role and name"),
      ...every("article :is(canvas, svg:not([aria-hidden=true], button *), img)", (one) => one.checkVisibility() && words(named(one)) < 3, "a picture that says little"),
      ...every("article table", (one) => !one.querySelector("th[scope]"), "a table without headings"),
      ...every("[role=alert], [aria-live=assertive]", () => true, "a region that interrupts"),
      ...every(".nbc-host .nbc-hidden[role=status]", (one) => one.textContent, "a figure that speaks unasked"),
    ];
  }

  // With little motion asked for: what still moves, after every figure's first button and the theme's were pressed.
  function moves() {
    const buttons = [...document.querySelectorAll(".nbc-host .nbc-primary, button.theme-switch-button")];
    buttons.filter((one) => one.checkVisibility() && one.type === "button").forEach((one) => one.click());
    const moving = document.getAnimations().map(({ effect, transitionProperty, animationName }) =>
      `moves: ${transitionProperty ?? animationName} of ${effect.target.tagName} ${effect.target.className}`);
    const smooth = getComputedStyle(document.documentElement).scrollBehavior !== "auto";
    return smooth ? [...moving, "the page scrolls smoothly"] : moving;
  }

  window.access = { settle, untold, faintText, faintMarks, lighten, startWalk, endWalk, moves };
})();
