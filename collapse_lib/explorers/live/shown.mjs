/** What is on show of the results: up to the generation reached, or hidden until a guess. */

import { valueText } from "../view/numbers.mjs";
import { urnAt } from "./objects.mjs";
import { singleRun } from "./results.mjs";
import { resultSentence } from "./words.mjs";

const NOTHING = {
  median: null, lower: null, upper: null, mean: null, law: null, runs: [], frames: [],
  guess: null, answer: null, objects: null, scaled: [], label: "",
};

/**
 * @param {import("./results.mjs").Results} results
 * @param {import("./settings.mjs").Settings} s
 * @param {?import("./predict.mjs").Predict} predict
 * @param {[number, ?number][]} frames  what Python has run, in the engine's unit
 * @param {boolean} isAsked  whether these are the settings that the question is about
 * @returns {import("../view/drawing.mjs").Shown}
 */
export function shownOf(results, s, predict, frames, isAsked) {
  const { x, measure } = results;
  const base = { ...NOTHING, x, measure, T: s.n_generations, t: s.t };
  if (results.problem !== null) return base;
  if (predict && !s.revealed) return { ...base, ...onlyTheStart(results, s, predict) };
  const upTo = (values) => values && values.subarray(0, s.t);
  const drawn = s.measure === "gone" ? 0 : s.runs;
  const runs = Array.from({ length: drawn }, (_, i) => singleRun(results, i));
  const overlay = framesIn(frames, s, measure);
  const marks = predict && isAsked ? marksOf(results, s, predict) : {};
  const heights = [marks.guess, marks.answer].filter(Boolean).map((mark) => mark.value);
  const { mean, median, upper } = results;
  const law = results.law?.values ?? null;
  const lower = measure.lower === null || measure.wide ? results.lower : null;
  const scaled = [mean, median, upper, lower, law, heights, ...runs];
  scaled.push(overlay.map((frame) => frame[1]));
  return {
    ...base,
    ...marks,
    median: upTo(median),
    lower: upTo(results.lower),
    upper: upTo(upper),
    mean: upTo(mean),
    law,
    runs: runs.map(upTo),
    frames: overlay,
    objects: urnAt(results, s),
    scaled: scaled.filter(Boolean),
    label: resultSentence(results, s),
  };
}

/** Generation 1 and the guess: nothing else is given away. */
function onlyTheStart(results, s, predict) {
  const { lower, upper, t } = predict;
  const guess = s.guess === null ? null : { t, value: s.guess };
  const first = answerAt(results, predict, 1);
  const words = valueText(first, results.measure);
  return {
    t: 1,
    mean: results.mean.subarray(0, 1),
    median: results.median && results.median.subarray(0, 1),
    guess,
    scaled: [[lower, upper, first, ...(guess ? [guess.value] : [])]],
    label: `It starts from ${words}. The rest is hidden until you have made a guess.`,
  };
}

function framesIn(frames, s, measure) {
  return frames
    .filter(([t]) => t >= 1 && t <= s.n_generations)
    .map(([t, value]) => [t, value === null ? NaN : value * measure.factor]);
}

function marksOf(results, s, predict) {
  const { t } = predict;
  const guess = s.guess === null ? null : { t, value: s.guess };
  const answer = s.t >= t ? { t, value: answerAt(results, predict, t) } : null;
  return { guess, answer };
}

function answerAt({ mean, median }, { answer }, t) {
  return (answer === "mean" || !median ? mean : median)[t - 1];
}

/** The columns of the data table: the arrays of the drawing, by what the legend calls them. */
export function columnsOf(shown) {
  const columns = new Map();
  const { label, factor } = shown.measure;
  const unit = factor === 100 ? " (%)" : "";
  const put = (name, values) => values && columns.set(`${name}${unit}`, values);
  columns.set("generation", shown.x.subarray(0, shown.law ? shown.x.length : shown.t));
  put("median", shown.median);
  put("lower, 10 %", shown.lower);
  put("upper, 90 %", shown.upper);
  put(shown.median ? "mean" : label, shown.mean);
  put("closed form", shown.law);
  shown.runs.forEach((run, i) => put(`run ${i + 1}`, run));
  if (shown.frames.length) {
    columns.set("Python, generation", shown.frames.map((frame) => frame[0]));
    put("Python, on rows", shown.frames.map((frame) => frame[1]));
  }
  if (shown.mean === null) columns.clear();
  return columns;
}

/** What is drawn as plain JSON, for tests and for the curious. */
export function plainData({ x, median, lower, upper, mean, law, runs, ...others }) {
  const { frames, t, guess, answer, objects } = others;
  const plain = (values) => values && Array.from(values);
  const arrays = { median, lower, upper, mean, law };
  for (const [key, values] of Object.entries(arrays)) arrays[key] = plain(values);
  return { x: plain(x), ...arrays, runs: runs.map(plain), frames, t, guess, answer, objects };
}
