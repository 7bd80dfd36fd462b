/** The drawing: one SVG whose units are pixels. Theory first, then band, runs and lines. */

import { makeSvg, setAttribute, setText } from "./dom.mjs";
import { generationScale, heightScale } from "./scales.mjs";

const TOP = 30;
const FOOT = 46;
const LETTER = 7.6; // width of a digit, in pixels
const TENTHS = []; // texts, made when first asked for
const LAYERS = ["law", "band", "runs", "mean", "median", "frames"];

/**
 * What is on show: arrays in drawn units, cut to what the reader has reached.
 * @typedef {Object} Shown
 * x (T,); median, lower, upper, mean (t,) or null; law (T,) or null; runs: (t,)[]; t;
 * frames: [generation, value][]; T: last generation of the axis; measure; scaled: arrays that set
 * the heights; objects: of a hundred, or null; guess, answer: null or {t, value}; label: what the
 * drawing says, in words.
 */

/** @returns {{node: SVGElement, draw: function(Shown): void, resize: function(number): boolean,
 *   width: function(): number}} */
export function createDrawing() {
  const node = makeSvg("svg", { role: "img", class: "cl-plot", "aria-label": "" });
  const axes = makeSvg("g", { class: "cl-axes" });
  const title = makeSvg("text", { x: 0, y: 14, class: "cl-quiet" });
  const foot = makeSvg("text", { class: "cl-quiet", "text-anchor": "middle" });
  const layers = {};
  for (const name of LAYERS) layers[name] = makeSvg("path", { class: `cl-path-${name}` });
  const cursor = makeSvg("path", { class: "cl-cursor" });
  const dot = makeSvg("circle", { r: 4.5, class: "cl-dot" });
  const marks = makeSvg("g", { class: "cl-marks" });
  node.append(axes, title, foot, ...Object.values(layers), cursor, dot, marks);
  let width = 640;
  let grid = "";

  function draw(shown) {
    const height = Math.round(Math.min(340, Math.max(230, 0.5 * width)));
    const across = generationScale(shown.T, width < 480 ? 4 : 6);
    const up = heightScale(shown.measure, shown.scaled);
    const labels = Math.max(...up.ticks.map((tick) => tick.text.length));
    const left = Math.ceil(labels * LETTER) + 10;
    const right = width - Math.max(10, (across.ticks.at(-1).text.length * LETTER) / 2 + 1);
    const bottom = height - FOOT;
    const px = (value) => left + across.place(value) * (right - left);
    const py = (value) => bottom - Math.min(1.2, Math.max(0, up.place(value))) * (bottom - TOP);

    const wanted = JSON.stringify([width, height, across, up]);
    if (wanted !== grid) {
      grid = wanted;
      node.setAttribute("viewBox", `0 0 ${width} ${height}`);
      axes.replaceChildren(...gridOf({ across, up, px, py, left, right, bottom }));
      place(foot, (left + right) / 2, height - 6);
    }
    setText(title, up.log ? `${shown.measure.axis}, log scale` : shown.measure.axis);
    setText(foot, "generation");
    setAttribute(node, "aria-label", shown.label);

    const xs = Array.from(shown.x, (x) => tenths(px(x)));
    const line = (values) => (values ? linePath(xs, values, py) : "");
    const put = (layer, d) => setAttribute(layers[layer], "d", d);
    put("law", line(shown.law));
    put("mean", line(shown.mean));
    layers.mean.classList.toggle("cl-main", shown.median === null);
    put("median", line(shown.median));
    put("runs", shown.runs.map(line).join(""));
    put("band", shown.lower ? bandPath(xs, shown, py, bottom) : "");
    const [at, values] = [shown.frames.map((f) => tenths(px(f[0]))), shown.frames.map((f) => f[1])];
    put("frames", linePath(at, values, py));
    drawCursor(shown, px, py, bottom);
    if (marks.hasChildNodes() || shown.guess || shown.answer) {
      marks.replaceChildren(...markNodes(shown, px, py));
    }
  }

  function drawCursor(shown, px, py, bottom) {
    const heights = shown.median ?? shown.mean;
    const y = shown.t < shown.T && heights ? py(heights[shown.t - 1]) : NaN;
    setAttribute(cursor, "d", shown.t < shown.T ? `M${px(shown.t)} ${TOP}V${bottom}` : "");
    dot.toggleAttribute("hidden", !Number.isFinite(y));
    if (!Number.isFinite(y)) return;
    dot.setAttribute("cx", px(shown.t));
    dot.setAttribute("cy", y);
  }

  /** Take a new width in pixels; say whether it is another one. */
  function resize(wanted) {
    const found = Math.max(260, Math.round(wanted));
    if (!wanted || found === width) return false;
    width = found;
    return true;
  }

  return { node, draw, resize, width: () => width };
}

function gridOf({ across, up, px, py, left, right, bottom }) {
  const parts = [];
  for (const { at, text } of up.ticks) {
    const y = py(at);
    parts.push(makeSvg("path", { d: `M${left} ${y}H${right}`, class: "cl-grid" }));
    parts.push(tickText(text, left - 8, y + 4.5, "end"));
  }
  for (const { at, text } of across.ticks) {
    parts.push(tickText(text, px(at), bottom + 19, "middle"));
  }
  return parts;
}

function tickText(text, x, y, anchor) {
  const node = makeSvg("text", { class: "cl-quiet", "text-anchor": anchor, text });
  place(node, x, y);
  return node;
}

/** A guess is an open diamond, the answer a full one. */
function markNodes({ guess, answer }, px, py) {
  const nodes = [];
  for (const [mark, kind] of [[guess, "guess"], [answer, "answer"]]) {
    if (!mark) continue;
    const [x, y] = [px(mark.t), py(mark.value)];
    const d = `M${x} ${y - 7}l7 7l-7 7l-7 -7z`;
    nodes.push(makeSvg("path", { d, class: `cl-mark-${kind}` }));
  }
  return nodes;
}

function place(node, x, y) {
  node.setAttribute("x", x);
  node.setAttribute("y", y);
}

/** xs: where the values stand, as text; a gap where a value cannot be shown. */
function linePath(xs, values, py) {
  let path = "";
  let open = false;
  for (let i = 0; i < values.length; i++) {
    const y = py(values[i]);
    if (y === y) path += `${open ? "L" : "M"}${xs[i]} ${tenths(y)}`;
    open = y === y;
  }
  return path;
}

function bandPath(xs, { lower, upper }, py, bottom) {
  let [above, below] = ["", ""];
  for (let i = 0; i < upper.length; i++) {
    const [high, low] = [py(upper[i]), py(lower[i])];
    above += `${i ? "L" : "M"}${xs[i]} ${tenths(high === high ? high : bottom)}`;
    below = `L${xs[i]} ${tenths(low === low ? low : bottom)}${below}`;
  }
  return `${above}${below}Z`;
}

/** Pixels to a tenth, as text. */
function tenths(pixels) {
  const whole = Math.round(10 * pixels);
  return (TENTHS[whole] ??= String(whole / 10));
}
