/** From settings to the arrays that are drawn, in drawn units; work that settings share is kept. */

import {
  band, beginRun, extendRun, extinctionTimes, luck, measured, unsupported,
} from "../engine/chains.mjs";
import { law } from "../engine/laws.mjs";
import { runsAtATime } from "../engine/pace.mjs";
import { remember } from "../view/remember.mjs";
import { measureOf } from "./measures.mjs";

const OF_CHAIN = [
  "family", "counts", "policy", "n_samples", "real_fraction", "n_fresh", "sampling_bias",
  "temperature", "ddof", "n_generations",
];
const OF_RUN = [...OF_CHAIN, "n_replicates", "seed"];
const OF_LAW = [...OF_CHAIN, "measure", "colour"];

/**
 * @typedef {Object} Results
 * problem: null or a sentence. settings: with as many replicates and runs as are there by now.
 * x, mean: Float64Array (T,). median, lower, upper: (T,), or null where every value is 0 or 1.
 * law: null or {values: (T,), label, source}. values: (n_replicates, T), flat. extinction:
 * (n_replicates,), NaN where the colour is never gone.
 */

/**
 * @returns {function(Object, boolean): Results} which remembers its last run and its last law. Each
 *   call draws as many runs more as a frame has time for, or the whole of them where it is told to.
 */
export function rememberingResults() {
  const results = { of: remember(), banded: remember(), law: remember(), times: remember() };
  return (asked, whole) => {
    const measure = measureOf(asked);
    const problem = unsupported(asked);
    if (problem !== null) return emptyResults(problem, measure, asked);
    const run = results.of(keyOf(asked, OF_RUN), () => beginRun(asked));
    if (run.n_replicates < asked.n_replicates) {
      const more = whole ? asked.n_replicates : run.n_replicates + runsAtATime(asked);
      extendRun(run, asked, Math.min(more, asked.n_replicates));
    }
    const { n_replicates } = run;
    const s = { ...asked, n_replicates, runs: Math.min(asked.runs, n_replicates) };
    const shown = [...OF_RUN, "measure", "colour"];
    const banded = results.banded(keyOf(s, shown), () => bandedValues(run, s, measure));
    const known = results.law(keyOf(s, OF_LAW), () => drawnLaw(law(s), measure));
    const extinction = results.times(keyOf(s, [...OF_RUN, "colour"]), () =>
      s.family === "urn" ? extinctionTimes(run, s) : null,
    );
    return { problem, settings: s, measure, run, ...banded, law: known, extinction };
  };
}

/** How the first run stands among all at generation t: { value, below, level } in per cent. */
export function standing(results, s) {
  const { values, measure } = results;
  const value = values[s.t - 1];
  let level = 0;
  for (let at = s.t - 1; at < values.length; at += s.n_generations) level += values[at] === value;
  const middle = luck(values, s.n_replicates, s.n_generations, 0, s.t);
  const half = level / s.n_replicates / 2;
  const others = s.n_replicates / Math.max(s.n_replicates - 1, 1);
  return {
    text: value,
    measure,
    below: 100 * (middle - half) * others,
    level: (100 * (level - 1)) / Math.max(s.n_replicates - 1, 1),
  };
}

/** Extinction up to generation t: { gone: number of runs, median: generation or NaN }. */
export function extinctionBy(times, t) {
  const gone = times.filter((time) => time <= t).sort();
  const middle = (gone.length - 1) / 2;
  const median = (gone[Math.floor(middle)] + gone[Math.ceil(middle)]) / 2;
  return { gone: gone.length, median: gone.length ? median : NaN };
}

/** One run, (T,). */
export function singleRun(results, index) {
  const { length } = results.x;
  return results.values.subarray(index * length, (index + 1) * length);
}

function bandedValues(run, s, measure) {
  const values = measured(run, s);
  if (measure.factor !== 1) for (let i = 0; i < values.length; i++) values[i] *= measure.factor;
  const { median, lower, upper, mean } = band(values, s.n_replicates, s.n_generations);
  const x = Float64Array.from({ length: s.n_generations }, (_, i) => i + 1);
  if (s.measure === "gone") return { x, values, mean, median: null, lower: null, upper: null };
  return { x, values, mean, median, lower, upper };
}

function drawnLaw(found, measure) {
  return found && { ...found, values: found.values.map((value) => measure.factor * value) };
}

function emptyResults(problem, measure, settings) {
  const none = { median: null, lower: null, upper: null, law: null, extinction: null };
  return { problem, settings, measure, x: new Float64Array(), mean: new Float64Array(), ...none };
}

function keyOf(s, keys) {
  return JSON.stringify(keys.map((key) => s[key]));
}
