/**
 * From bytes to frames. All arrays of a figure lie in one text of bytes, deflated; what lies where
 * is told by the trait `frames`. Images are whole numbers of 8 bits, other panels of 16, each
 * frame with its own lowest value and step; curves are float32, or float64 where that is too
 * short, NaN where there is a gap.
 */

/**
 * @typedef {Object} Picture  one panel at one generation
 * shape: of the frame; codes: Uint8Array or Uint16Array, flat; low, step: value = low + step *
 * code; tags: string[] or null; groups: Uint8Array or null; text: null, a string or
 * [word, flag][].
 *
 * @typedef {Object} Condition
 * name; generations: number[]; panels: (Picture[] or null)[]; curves: ({middle, lower, upper}: each
 * number[], lower and upper null without a band; or null)[], both in the order of the layout.
 */

/** The bytes of a DataView, inflated. @returns {Promise<ArrayBuffer>} */
export async function inflated(view) {
  const packed = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return await new Response(stream).arrayBuffer();
}

/** The bytes of a DataView, at the start of a buffer of their own. */
export function ownBuffer(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** @returns {Condition} */
export function readCondition({ name, generations, panels, curves }, buffer) {
  const count = generations.length;
  return {
    name,
    generations: [...generations],
    panels: panels.map((panel) => panel && readPictures(panel, count, buffer)),
    curves: curves.map((curve) => curve && readCurve(curve, count, buffer)),
  };
}

/** A condition with the frames of another behind its own. */
export function joined(before, next) {
  const both = (a, b) => (a && b ? [...a, ...b] : null);
  return {
    name: next.name,
    generations: [...before.generations, ...next.generations],
    panels: before.panels.map((pictures, i) => both(pictures, next.panels[i])),
    curves: before.curves.map((curve, i) => curve && next.curves[i] && {
      middle: both(curve.middle, next.curves[i].middle),
      lower: both(curve.lower, next.curves[i].lower),
      upper: both(curve.upper, next.curves[i].upper),
    }),
  };
}

/** The values of a picture. @returns {Float64Array} */
export function valuesOf({ codes, low, step }) {
  return Float64Array.from(codes, (code) => low + step * code);
}

/** The place in `generations` that is nearest to a number. */
export function nearestIndex(generations, wanted) {
  let best = 0;
  for (let i = 1; i < generations.length; i++) {
    if (Math.abs(generations[i] - wanted) < Math.abs(generations[best] - wanted)) best = i;
  }
  return best;
}

function readPictures(panel, count, buffer) {
  const { shape, bits, at, low, step, tags, groups, texts } = panel;
  const size = shape.reduce((product, length) => product * length, 1);
  const Codes = bits === 8 ? Uint8Array : Uint16Array;
  return Array.from({ length: count }, (_, i) => ({
    shape,
    codes: texts ? new Uint8Array() : new Codes(buffer, at + (i * size * bits) / 8, size),
    low: low[i],
    step: step[i],
    tags: tags ? tags[i] : null,
    groups: groups === null ? null : new Uint8Array(buffer, groups + i * shape[0], shape[0]),
    text: texts ? texts[i] : null,
  }));
}

function readCurve({ at, bits, band }, count, buffer) {
  const Numbers = bits === 32 ? Float32Array : Float64Array;
  const row = (i) => Array.from(new Numbers(buffer, at + (i * count * bits) / 8, count));
  return { middle: row(0), lower: band ? row(1) : null, upper: band ? row(2) : null };
}
