/** Axes: where values stand between the ends, and which ticks help to read them. */

import { numberText, tenTo } from "./measures.mjs";

/**
 * @typedef {{lower: number, upper: number, log: boolean, ticks: {at: number, text: string}[],
 *   place: function(number): number}} Scale
 * place: from a value to 0 (the lower end) .. 1; NaN where a log axis cannot show it.
 */

/**
 * A scale for all values, to the measure's fixed ends where it has them.
 * @param {import("./measures.mjs").Measure} measure
 * @param {Iterable<number>[]} arrays
 * @returns {Scale}
 */
export function heightScale(measure, arrays) {
  let [lowest, highest, positive] = [Infinity, -Infinity, Infinity];
  for (const values of arrays) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      if (value > 0 && value < positive) positive = value;
    }
  }
  if (measure.wide && highest > 100 * positive) return logScale(positive, highest);
  return linearScale(measure.lower ?? lowest, measure.upper ?? highest);
}

/** The scale of the generations 1..last. */
export function generationScale(last, wanted) {
  const step = Math.max(1, niceStep(last / wanted));
  const ticks = [1];
  for (let at = step; at < last; at += step) {
    if (at >= 1 + step / 2 && last - at >= 0.6 * step) ticks.push(at);
  }
  if (last > 1) ticks.push(last);
  return finished(1, Math.max(last, 2), false, ticks, (at) => at.toLocaleString("en-GB"));
}

function linearScale(lowest, highest) {
  const [from, to] = highest > lowest ? [lowest, highest] : [lowest - (lowest !== 0), lowest + 1];
  const step = niceStep((to - from) / 5);
  const lower = Math.floor(from / step + 1e-9) * step;
  const upper = Math.ceil(to / step - 1e-9) * step;
  const ticks = [];
  for (let i = 0; lower + i * step < upper + step / 2; i++) {
    ticks.push(Number((lower + i * step).toPrecision(12)));
  }
  return finished(lower, upper, false, ticks, (at) => numberText(at, 6));
}

function logScale(lowest, highest) {
  const from = Math.floor(Math.log10(lowest) + 1e-9);
  const to = Math.ceil(Math.log10(highest) - 1e-9);
  const step = Math.max(1, Math.ceil((to - from) / 5));
  const ticks = [];
  for (let power = to; power >= from; power -= step) ticks.push(10 ** power);
  const plain = from >= -3 && to <= 4;
  const text = (at) => (plain ? numberText(at, 6) : tenTo(Math.round(Math.log10(at))));
  return finished(10 ** from, 10 ** to, true, ticks, text);
}

function finished(lower, upper, log, ticks, text) {
  const [a, b] = log ? [Math.log10(lower), Math.log10(upper)] : [lower, upper];
  const place = log
    ? (value) => (value > 0 ? (Math.log10(value) - a) / (b - a) : NaN)
    : (value) => (value - a) / (b - a);
  return { lower, upper, log, ticks: ticks.map((at) => ({ at, text: text(at) })), place };
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const mantissa = rough / power;
  return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}
