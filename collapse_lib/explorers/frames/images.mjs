/** A sheet of small grey images: 0 of the ink is blank paper, 1 is the colour of the text. */

import { make, setText } from "../view/dom.mjs";
import { colourOf, pixelOf } from "./ink.mjs";

const LARGEST = 64; // an image, in CSS pixels
const SHEET_FREE = 300; // a sheet whose columns are free
const SHEET_SET = 440; // a sheet whose columns are set
const TAG = 15; // a line of text under an image

/** @param {{label: string, ink: number[], columns: ?number}} spec */
export function createSheet(spec) {
  const canvas = make("canvas", { role: "img", class: "cl-sheet" });
  const tagBox = make("div", { class: "cl-tags" });
  const node = make("div", { class: "cl-sheet-box" }, canvas, tagBox);
  const onPage = canvas.getContext("2d");
  const levels = new Uint32Array(256);
  let colour = null;
  let plan = null;
  let small = null; // one pixel of canvas for one of the images
  let pixels = null;

  function draw(picture, width) {
    const [count, height, across] = picture.shape;
    colour ??= pixelOf(colourOf(canvas));
    const tagged = picture.tags !== null;
    const found = sheetPlan({ count, height, across, width, tagged, columns: spec.columns });
    if (JSON.stringify(found) !== JSON.stringify(plan)) lay(found);
    const [blank, full] = spec.ink;
    for (let code = 0; code < 256; code++) {
      const share = (picture.low + picture.step * code - blank) / (full - blank);
      const alpha = Math.round(255 * Math.min(1, Math.max(0, share)));
      levels[code] = ((alpha << 24) | colour) >>> 0;
    }
    const words = new Uint32Array(pixels.data.buffer);
    const { columns } = plan;
    let from = 0;
    for (let i = 0; i < count; i++) {
      const [left, top] = [(i % columns) * across, Math.floor(i / columns) * height];
      for (let y = 0; y < height; y++) {
        let to = (top + y) * pixels.width + left;
        for (let x = 0; x < across; x++) words[to++] = levels[picture.codes[from++]];
      }
    }
    small.putImageData(pixels, 0, 0);
    onPage.clearRect(0, 0, canvas.width, canvas.height);
    onPage.imageSmoothingEnabled = false;
    const { scale, step, rowStep } = plan;
    for (let i = 0; i < count; i++) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      onPage.drawImage(
        small.canvas, column * across, row * height, across, height,
        column * step, row * rowStep, across * scale, height * scale,
      );
    }
    if (tagged) picture.tags.forEach((tag, i) => setText(tagBox.children[i], tag));
  }

  function lay(found) {
    plan = found;
    const { count, height, across, columns, rows, scale, step, rowStep, ratio } = plan;
    canvas.width = columns * step - (step - across * scale);
    canvas.height = rows * rowStep;
    canvas.style.width = `${canvas.width / ratio}px`;
    const sheet = new OffscreenCanvas(columns * across, rows * height);
    small = sheet.getContext("2d");
    pixels = small.createImageData(sheet.width, sheet.height);
    const tags = Array.from({ length: plan.tagged ? count : 0 }, (_, i) => {
      const tag = make("span");
      tag.style.left = `${((i % columns) * step) / ratio}px`;
      tag.style.top = `${(Math.floor(i / columns) * rowStep + height * scale) / ratio}px`;
      tag.style.width = `${step / ratio - 2}px`;
      return tag;
    });
    tagBox.replaceChildren(...tags);
  }

  return {
    node,
    labelled: canvas,
    draw,
    words({ shape: [count, height, across] }) {
      return `${count} ${count === 1 ? "image" : "images"} of ${across} by ${height} pixels`;
    },
    forgetColour() {
      colour = null;
    },
  };
}

/** The columns that were set, or a part of them that keeps images of a column together. */
function columnsThatFit(columns, fitting) {
  for (let parts = 1; parts <= columns; parts++) {
    if (columns % parts === 0 && columns / parts <= fitting) return columns / parts;
  }
  return 1;
}

/** Columns and whole pixels of the screen for one of an image: as large as room allows. */
function sheetPlan({ count, height, across, width, tagged, columns }) {
  const ratio = devicePixelRatio || 1;
  const room = width * ratio;
  const tag = tagged ? Math.round(TAG * ratio) : 0;
  const tallest = (columns ? SHEET_SET : SHEET_FREE) * ratio;
  let scale = Math.max(1, Math.floor((LARGEST * ratio) / Math.max(across, height)));
  for (; ; scale--) {
    const gap = Math.max(Math.round(2 * ratio), Math.round(scale / 3));
    const [step, rowStep] = [across * scale + gap, height * scale + gap + tag];
    const fitting = Math.max(1, Math.floor((room + gap) / step));
    const wanted = Math.min(columns ? columnsThatFit(columns, fitting) : fitting, count);
    const rows = Math.ceil(count / wanted);
    const fits = rows * rowStep <= tallest && (!columns || fitting >= Math.min(columns, count));
    if (fits || scale === 1) {
      const even = columns ? wanted : Math.ceil(count / rows);
      const spare = Math.floor((room + gap) / even) - step; // spread, up to an ample gap
      const wide = step + Math.min(Math.max(0, spare), Math.max(0, Math.round(6 * ratio) - gap));
      const plan = { count, height, across, columns: even, rows, scale, rowStep, ratio, tagged };
      return { ...plan, step: wide };
    }
  }
}
