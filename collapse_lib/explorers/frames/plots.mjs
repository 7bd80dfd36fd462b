/** The curves below the panels: one small plot for each axis, all scrubbed together. */

import { make, makeSvg, setText } from "../view/dom.mjs";
import { numberText } from "../view/numbers.mjs";
import { factorScale, generationScale, heightScale } from "../view/scales.mjs";
import { cssColour } from "./ink.mjs";
import { nearestIndex } from "./store.mjs";

const TOP = 8;
const FOOT = 40;
const LETTER = 6.6;
const SIGN = { viewBox: "0 0 24 14", class: "cl-sign", "aria-hidden": "true" };

/**
 * @param {Object} spec  label, log, lower, upper; curves: {label, role, source, index}[], index: at
 *   which place the curve stands in Condition.curves
 * @param {function(number): void} onScrub  takes the index of a frame
 */
export function createPlot(spec, onScrub) {
  const svg = makeSvg("svg", { role: "img", class: "cl-plot cl-scrubbed" });
  const axes = makeSvg("g", { class: "cl-axes" });
  const others = makeSvg("path", { class: "cl-path-others" });
  const cursor = makeSvg("path", { class: "cl-cursor" });
  const lines = spec.curves.map((curve) => lineOf(curve, spec));
  // theory lies under what was measured
  const order = [...lines].sort((a, b) => b.isTheory - a.isTheory);
  svg.append(axes, others, ...order.flatMap((line) => [line.band, line.path]), cursor);
  svg.append(...order.map((line) => line.dot));
  const keys = make("ul", { class: "cl-legend" }, ...lines.map((line) => line.key));
  const title = spec.log ? `${spec.label}, log scale` : spec.label;
  const head = make("p", { class: "cl-axis-name", text: title });
  const node = make("div", { class: "cl-cell" }, head, keys, svg);
  let [px, generations, known] = [null, [], ""];

  /**
   * @param {{condition, conditions, index}} shown
   * @param {number} width, tall: in pixels
   * @returns {boolean} whether curves of other conditions are drawn too
   */
  function draw(shown, width, tall) {
    const { condition, conditions, index } = shown;
    generations = condition.generations;
    const [first, last] = [generations[0], generations.at(-1)];
    const across = areCrowded(generations)
      ? factorScale(first, last)
      : generationScale(last, last - first < 8 ? last : width < 420 ? 4 : 6, first);
    const up = heightScale({ ...spec, wide: false }, heightsOf(spec, conditions));
    const labels = Math.max(...up.ticks.map((tick) => tick.text.length));
    const left = Math.ceil(labels * LETTER) + 10;
    const right = width - Math.max(9, (across.ticks.at(-1).text.length * LETTER) / 2 + 1);
    const bottom = tall - FOOT;
    px = (generation) => left + across.place(generation) * (right - left);
    const py = (value) => bottom - Math.min(1.1, Math.max(-0.05, up.place(value))) * (bottom - TOP);
    const wanted = JSON.stringify([width, tall, across, up]);
    if (wanted !== known) {
      known = wanted;
      svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
      const ticks = apart(across.ticks, px);
      axes.replaceChildren(...gridParts({ across, ticks, up, px, py, left, right, bottom }));
    }
    const path = (values, at) => (values ? pathOf(at, values, px, py) : "");
    spec.curves.forEach((curve, i) => {
      const line = lines[i];
      const values = condition.curves[curve.index];
      line.key.hidden = values === null;
      line.path.setAttribute("d", path(values?.middle, generations));
      line.band.setAttribute("d", values?.lower ? areaOf(generations, values, px, py) : "");
      const value = values ? values.middle[index] : NaN;
      const seen = Number.isFinite(py(value));
      line.dot.toggleAttribute("hidden", !seen);
      line.dot.setAttribute("cx", px(generations[index]));
      if (seen) line.dot.setAttribute("cy", py(value));
      setText(line.value, numberText(value));
    });
    const aside = conditions.filter((other) => other !== condition);
    const thin = aside.flatMap((other) => {
      const at = other.generations.filter((g) => g >= first && g <= last);
      const from = other.generations.indexOf(at[0]);
      const measured = spec.curves.filter((curve) => curve.role !== "theory");
      const lists = measured.map((curve) => other.curves[curve.index]?.middle);
      return lists.map((values) => path(values?.slice(from, from + at.length), at));
    });
    others.setAttribute("d", thin.join(""));
    cursor.setAttribute("d", `M${px(generations[index])} ${TOP}V${bottom}`);
    svg.setAttribute("aria-label", `${spec.label}: ${plotWords(spec, condition, index)}`);
    return thin.join("") !== "";
  }

  function scrub(event) {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const places = generations.map((generation) => px(generation));
    onScrub(nearestIndex(places, at));
  }
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    scrub(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) scrub(event);
  });

  return { node, svg, draw };
}

/** What the thin lines are, said once for all plots. */
export function createOthersKey() {
  const sign = makeSvg("path", { class: "cl-path-others", d: "M0 7H24" });
  const words = make("span", { text: "other conditions" });
  return make("p", { class: "cl-note cl-others", hidden: true }, makeSvg("svg", SIGN, sign), words);
}

/** Whether half of the generations lie in the first tenth: then the axis is logarithmic. */
function areCrowded(generations) {
  const middle = generations[generations.length >> 1];
  return generations[0] >= 1 && middle < generations.at(-1) / 10;
}

/** The curves of one axis at one frame, in words. */
export function plotWords(spec, condition, index) {
  const said = spec.curves.map(({ label, index: place }) => {
    const values = condition.curves[place];
    if (values === null) return null;
    const { middle, lower, upper } = values;
    const range = lower ? ` (${numberText(lower[index])} to ${numberText(upper[index])})` : "";
    return `${label} ${numberText(middle[index])}${range}`;
  });
  return said.filter(Boolean).join(", ");
}

function lineOf({ label, role, source }, spec) {
  const isTheory = role === "theory";
  const kind = isTheory ? "cl-path-law" : "cl-path-own";
  const band = makeSvg("path", { class: "cl-path-range" });
  const path = makeSvg("path", { class: kind });
  const dot = makeSvg("circle", { r: 4, class: "cl-dot-own" });
  const sign = makeSvg("path", { class: kind, d: "M0 7H24" });
  const value = make("strong");
  const isNamed = spec.curves.length === 1 && label === spec.label; // by the axis
  const text = make("span", { text: source ? `${label} · ${source}` : label, hidden: isNamed });
  const key = make("li", {}, makeSvg("svg", SIGN, sign), text, value);
  for (const node of [band, path, dot, sign]) node.style.setProperty("--cl-own", cssColour(role));
  return { isTheory, band, path, dot, key, value };
}

function heightsOf(spec, conditions) {
  const found = [];
  for (const condition of conditions) {
    for (const { index } of spec.curves) {
      const curve = condition.curves[index];
      if (curve) found.push(curve.middle, curve.lower ?? [], curve.upper ?? []);
    }
  }
  return found;
}

/** The ticks whose texts do not touch; the first and the last always stay. */
function apart(ticks, px) {
  const touch = (a, b) =>
    Math.abs(px(a.at) - px(b.at)) < ((a.text.length + b.text.length) / 2 + 1) * LETTER;
  const [first, last] = [ticks[0], ticks.at(-1)];
  const kept = [first];
  for (const tick of ticks.slice(1, -1)) {
    if (!touch(tick, kept.at(-1)) && !touch(tick, last)) kept.push(tick);
  }
  return last === first ? kept : [...kept, last];
}

function gridParts({ across, ticks, up, px, py, left, right, bottom }) {
  const text = (words, x, y, anchor) =>
    makeSvg("text", { x, y, "text-anchor": anchor, class: "cl-quiet", text: words });
  return [
    ...up.ticks.flatMap(({ at, text: words }) => [
      makeSvg("path", { d: `M${left} ${py(at)}H${right}`, class: "cl-grid" }),
      text(words, left - 7, py(at) + 4, "end"),
    ]),
    ...ticks.map(({ at, text: words }) => text(words, px(at), bottom + 17, "middle")),
    text(across.log ? "generation, log scale" : "generation", (left + right) / 2, bottom + 34, "middle"),
  ];
}

function pathOf(at, values, px, py) {
  let [path, open] = ["", false];
  for (let i = 0; i < values.length; i++) {
    const y = py(values[i]);
    const seen = Number.isFinite(y);
    if (seen) path += `${open ? "L" : "M"}${px(at[i]).toFixed(1)} ${y.toFixed(1)}`;
    open = seen;
  }
  return path;
}

/** The band; where one of its ends cannot be shown it has a gap. */
function areaOf(at, { lower, upper }, px, py) {
  let [path, above, below] = ["", "", ""];
  for (let i = 0; i <= at.length; i++) {
    const [low, high] = [py(lower[i]), py(upper[i])];
    if (i < at.length && Number.isFinite(low) && Number.isFinite(high)) {
      const x = px(at[i]).toFixed(1);
      above += `${above ? "L" : "M"}${x} ${high.toFixed(1)}`;
      below = `L${x} ${low.toFixed(1)}${below}`;
    } else if (above) {
      path += `${above}${below}Z`;
      [above, below] = ["", ""];
    }
  }
  return path;
}
