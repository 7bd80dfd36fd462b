/** A plane with axes: densities as a heat map of one hue, points as dots. */

import { make, makeSvg, setText } from "../view/dom.mjs";
import { numberText, shortName } from "../view/numbers.mjs";
import { spanScale } from "../view/scales.mjs";
import { colourOf, cssColour, pixelOf } from "./ink.mjs";
import { valuesOf } from "./store.mjs";

const DIGIT = 7.7; // width of a digit at the size of the ticks, in a wide font
const TALLEST_PLANE = 320;
const FOOT_OF_PLANE = 22;
const TOP_OF_PLANE = 6;
const FEW_TICKS = 240; // on a plane narrower than this
const RADIUS = 2;

/** @param {{label: string, x: number[], y: number[], role: string}} spec */
export function createDensity(spec) {
  const plane = createPlane(spec);
  plane.canvas.style.color = cssColour(spec.role);
  let colour = null;
  let small = null; // one pixel for a cell of the grid
  let pixels = null;

  function draw(picture, width) {
    const [height, across] = picture.shape;
    const page = plane.open(width);
    colour ??= pixelOf(colourOf(plane.canvas));
    small ??= new OffscreenCanvas(across, height).getContext("2d");
    pixels ??= small.createImageData(across, height);
    const words = new Uint32Array(pixels.data.buffer);
    const { value: highest } = highestOf(picture);
    const [low, step] = [picture.low, picture.step].map((part) => (255 * part) / (highest || 1));
    for (let row = 0; row < height; row++) {
      const to = (height - 1 - row) * across; // the first row has the lowest y
      for (let i = 0; i < across; i++) {
        const alpha = low + step * picture.codes[row * across + i] + 0.5;
        words[to + i] = (alpha << 24) | colour;
      }
    }
    small.putImageData(pixels, 0, 0);
    page.imageSmoothingEnabled = true;
    page.drawImage(small.canvas, 0, 0, plane.canvas.width, plane.canvas.height);
    setText(plane.note, `full colour: ${numberText(highest)}`);
  }

  function words(picture) {
    const [, across] = picture.shape;
    const { top, value } = highestOf(picture);
    const x = cellCentre(spec.x, top % across, across);
    const y = cellCentre(spec.y, Math.floor(top / across), picture.shape[0]);
    return `highest, ${numberText(value)}, at (${numberText(x)}, ${numberText(y)})`;
  }
  const forgetColour = () => (colour = null);
  return { node: plane.node, labelled: plane.canvas, draw, words, forgetColour };
}

/** @param {Object} spec  label; x, y: [lower, upper]; groups: {name: string, role: string}[] */
export function createPoints(spec) {
  const plane = createPlane(spec);
  const keys = spec.groups.map(({ name, role }) => {
    const sign = make("span", { class: "cl-spot" });
    sign.style.color = cssColour(role);
    return { name, sign };
  });
  if (keys.length > 1) {
    const entry = ({ name, sign }) => make("li", {}, sign, make("span", { text: shortName(name) }));
    plane.note.replaceWith(make("ul", { class: "cl-legend" }, ...keys.map(entry)));
  }
  let colours = null;

  function draw(picture, width) {
    if (keys.length === 1) plane.canvas.style.color = cssColour(spec.groups[0].role);
    const page = plane.open(width);
    colours ??= keys.map(({ sign }) => colourOf(keys.length > 1 ? sign : plane.canvas));
    const values = valuesOf(picture);
    const radius = RADIUS * plane.ratio();
    page.globalAlpha = 0.6;
    for (let group = 0; group < keys.length; group++) {
      page.fillStyle = `rgb(${colours[group].join(" ")})`;
      for (let i = 0; i < picture.shape[0]; i++) {
        if (picture.groups !== null && picture.groups[i] !== group) continue;
        page.beginPath();
        page.arc(plane.px(values[2 * i]), plane.py(values[2 * i + 1]), radius, 0, 2 * Math.PI);
        page.fill();
      }
    }
    page.globalAlpha = 1;
  }

  function words({ shape: [count], groups }) {
    if (groups === null || keys.length < 2) return `${count} points`;
    const of = keys.map(({ name }, k) => `${groups.filter((g) => g === k).length} ${name}`);
    return `${count} points: ${of.join(", ")}`;
  }
  const forgetColour = () => (colours = null);
  return { node: plane.node, labelled: plane.canvas, draw, words, forgetColour };
}

/** Axes in SVG with a canvas inside them. */
function createPlane({ x, y }) {
  const axes = makeSvg("svg", { class: "cl-axes", "aria-hidden": "true" });
  const canvas = make("canvas", { role: "img", class: "cl-field-of-plane" });
  const box = make("div", { class: "cl-plane" }, axes, canvas);
  const note = make("p", { class: "cl-note" });
  const node = make("div", {}, box, note);
  const page = canvas.getContext("2d");
  let [up, across] = [];
  let known = "";

  /** The canvas, blank and as wide as there is room. */
  function open(width) {
    const ratio = devicePixelRatio || 1;
    if (`${width} ${ratio}` !== known) {
      known = `${width} ${ratio}`;
      lay(width, ratio);
    }
    page.clearRect(0, 0, canvas.width, canvas.height);
    return page;
  }

  function lay(room, ratio) {
    [up, across] = [y, x].map((ends) => spanScale(...ends, room < FEW_TICKS ? 4 : 6));
    const left = Math.ceil(Math.max(...up.ticks.map((tick) => tick.text.length)) * DIGIT) + 9;
    const span = (y[1] - y[0]) / (x[1] - x[0]);
    const shape = span >= 0.5 && span <= 1.5 ? span : 0.8; // one unit on both axes where that fits
    const width = Math.floor(Math.min(room - left - 8, TALLEST_PLANE / shape));
    const height = Math.round(width * shape);
    const [right, bottom] = [left + width, TOP_OF_PLANE + height];
    axes.setAttribute("viewBox", `0 0 ${right + 8} ${bottom + FOOT_OF_PLANE}`);
    box.style.width = `${right + 8}px`;
    const frame = makeSvg("path", { d: `M${left} ${TOP_OF_PLANE}H${right}V${bottom}H${left}z` });
    frame.setAttribute("class", "cl-grid");
    const parts = [frame];
    for (const { at, text } of up.ticks) {
      const to = bottom - up.place(at) * height;
      parts.push(makeSvg("path", { d: `M${left - 4} ${to}H${left}`, class: "cl-tick" }));
      parts.push(tick(text, left - 7, to + 4, "end"));
    }
    for (const { at, text } of across.ticks) {
      const to = left + across.place(at) * width;
      parts.push(makeSvg("path", { d: `M${to} ${bottom}V${bottom + 4}`, class: "cl-tick" }));
      parts.push(tick(text, to, bottom + 17, "middle"));
    }
    axes.replaceChildren(...parts);
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    const place = { left, top: TOP_OF_PLANE, width, height };
    for (const key of Object.keys(place)) canvas.style[key] = `${place[key]}px`;
  }

  const tick = (text, atX, atY, anchor) =>
    makeSvg("text", { x: atX, y: atY, "text-anchor": anchor, class: "cl-quiet", text });
  return {
    node,
    note,
    canvas,
    open,
    ratio: () => devicePixelRatio || 1,
    px: (value) => across.place(value) * canvas.width,
    py: (value) => (1 - up.place(value)) * canvas.height,
  };
}

const HIGHEST = new WeakMap(); // picture -> where it is highest, looked for once

/** The highest value of a picture, and the place of its code. */
function highestOf(picture) {
  let found = HIGHEST.get(picture);
  if (!found) {
    const { codes, low, step } = picture;
    let top = 0;
    for (let i = 1; i < codes.length; i++) if (codes[i] > codes[top]) top = i;
    HIGHEST.set(picture, (found = { top, value: low + step * codes[top] }));
  }
  return found;
}

function cellCentre([lower, upper], index, count) {
  return lower + ((upper - lower) * (index + 0.5)) / count;
}
