/** Axes: where values stand between the ends, and which ticks help to read them. */

import { groupedText, numberText, tenTo } from "./numbers.mjs";

/**
 * @typedef {{lower: number, upper: number, log: boolean, ticks: {at: number, text: string}[],
 *   place: function(number): number}} Scale
 * place: from a value to 0 (the lower end) .. 1; NaN where a log axis cannot show it.
 */

/**
 * A scale for all values, to the measure's fixed ends where it has them.
 * @param {import("../live/measures.mjs").Measure} measure
 * @param {ArrayLike<number>[]} arrays
 * @returns {Scale}
 */
export function heightScale(measure, arrays) {
  let [lowest, highest, positive] = [Infinity, -Infinity, Infinity];
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isFinite(value)) continue;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      if (value > 0 && value < positive) positive = value;
    }
  }
  const many = measure.wide && highest > 100 * positive;
  if (positive < Infinity && (measure.log || many)) return logScale(positive, highest);
  return linearScale(measure.lower ?? lowest, measure.upper ?? highest);
}

/** The scale of the generations 1..last, or of first..last. */
export function generationScale(last, wanted, first = 1) {
  const step = Math.max(1, niceStep(Math.max(last, 1) / wanted));
  const ticks = [first];
  for (let at = (Math.floor(first / step) + 1) * step; at < last; at += step) {
    if (at >= first + step / 2 && last - at >= 0.6 * step) ticks.push(at);
  }
  if (last > first) ticks.push(last);
  const end = Math.max(last, first + 1);
  return finished(first, end, false, ticks, groupedText);
}

/**
 * The scale of generations first..last on which equal factors are equally wide, for those that lie
 * ever further apart.
 */
export function factorScale(first, last) {
  const ticks = [first];
  for (let at = 10 ** Math.ceil(Math.log10(first) + 1e-9); at < last / 2; at *= 10) {
    if (at >= 2 * first) ticks.push(at);
  }
  ticks.push(last);
  return finished(first, last, true, ticks, groupedText);
}

/** A plain scale from one number to another, with few ticks, all of them inside. */
export function spanScale(lower, upper, wanted) {
  const step = niceStep((upper - lower) / wanted);
  const ticks = [];
  for (let i = Math.ceil(lower / step - 1e-9); i * step <= upper + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return finished(lower, upper, false, ticks, (at) => numberText(at, 6));
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
