/**
 * The loop in the page: simulate(settings) and what figures ask of its result.
 *
 * The semantics are those of collapse_lib.exact: history[0] is n real rows and generation 1 is
 * fitted to it; from then on the policy makes the training rows. Arrays of replicates are
 * flattened, [replicate][generation], generation 1 first.
 */

import { normalChain } from "./normal.mjs";
import { urnChain } from "./urn.mjs";

export const ENGINE_DEFAULTS = {
  family: "urn", counts: [90, 10], policy: "replace", n: 100, share: 0.1, newRows: 0, bias: 1,
  temperature: 1, ddof: 0, generations: 200, replicates: 200, seed: 1, measure: "share", colour: 1,
};

const MOST_COUNTED = 2 ** 53; // above this a float no longer holds every whole number
const MOST_NUMBERS = 2e7; // in a result
const MOST_ON_ROWS = 10_000; // n of a chain that holds single rows
const MOST_ROWS_LOOKED_AT = 2e7; // by such a chain, over all replicates

/** Settings with what is not named at its default. */
export function completed(settings) {
  return { ...ENGINE_DEFAULTS, ...settings };
}

/** Real rows that mix and fresh train on: Python's round(share * n), half to even. */
export function realRows(settings) {
  const x = settings.share * settings.n;
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** null, or one sentence: why there is no live form of these settings, and what to do. */
export function unsupported(settings) {
  const s = completed(settings);
  const K = s.family === "urn" ? s.counts.length : 2;
  if (s.generations * s.replicates * K > MOST_NUMBERS) {
    return "This is more than a page should draw; lower the generations or the replicates.";
  }
  if (s.family === "urn") {
    if (!s.counts.some((count) => count > 0)) {
      return "No colour has a real share; give one of them a count above 0.";
    }
    return poolSize(s) <= MOST_COUNTED ? null : TOO_MANY_TO_COUNT;
  }
  if (!needsRows(s)) return null;
  if (s.n > MOST_ON_ROWS) {
    return (
      "This policy uses single rows again, and the mean and variance of normal rows do not tell " +
      `how a part of them would look: set n to ${MOST_ON_ROWS} or less, or run it in Python.`
    );
  }
  if (rowsLookedAt(s) > MOST_ROWS_LOOKED_AT) {
    return (
      "This policy uses single rows again, and there are too many here for a page; lower n, the " +
      "generations or the replicates, or run it in Python."
    );
  }
  return null;
}

const TOO_MANY_TO_COUNT =
  "The pool grows beyond 2^53 rows, which is more than a count in a page holds; lower n, the new " +
  "rows or the generations.";

function needsRows({ policy }) {
  return policy === "mix" || policy === "subsample";
}

function poolSize({ policy, n, newRows, generations }) {
  if (policy === "anchored") return 2 * n;
  if (policy !== "accumulate" && policy !== "subsample") return n;
  return n + (generations - 1) * (n + newRows);
}

function rowsLookedAt(s) {
  const each = s.policy === "mix" ? realRows(s) : 2 * s.n + s.newRows;
  return s.replicates * (s.n + s.generations * each);
}

/**
 * Run the loop. The same settings give the same arrays, bit for bit; more generations or more
 * replicates leave those that were there as they are. Throws where `unsupported` has a sentence.
 *
 * Returns { family, generations, replicates, K, shares, mean, variance }: the fitted models, shares
 * Float64Array [replicate][generation][K] of an urn (else null), mean and variance of a Gaussian.
 */
export function simulate(settings) {
  const run = beginRun(settings);
  extendRun(run, settings, completed(settings).replicates);
  return run;
}

/** What `simulate` returns, of no replicate yet, with room for all: for `extendRun`. */
export function beginRun(settings) {
  const s = completed(settings);
  const reason = unsupported(s);
  if (reason !== null) throw new Error(reason);
  const { family, generations } = s;
  const room = () => new Float64Array(s.replicates * generations);
  const run = { family, generations, replicates: 0 };
  if (family === "gaussian") return { ...run, K: 0, shares: null, mean: room(), variance: room() };
  const K = s.counts.length;
  const shares = new Float64Array(s.replicates * generations * K);
  return { ...run, K, shares, mean: null, variance: null };
}

/** Draw further replicates of a run that was begun with the same settings, until there are
 * `replicates` of them. In how many parts they are drawn makes no difference to any. */
export function extendRun(run, settings, replicates) {
  const s = completed(settings);
  const chain = s.family === "gaussian" ? normalChain : urnChain;
  chain(s, realRows(s), run, run.replicates, replicates);
  run.replicates = replicates;
}

/** What is drawn, [replicate][generation]: settings.measure of every fitted model. */
export function measured(result, settings) {
  const { measure, colour } = completed(settings);
  const { K, shares, mean, variance } = result;
  const values = new Float64Array(result.replicates * result.generations);
  if (measure === "share") {
    for (let i = 0; i < values.length; i++) values[i] = shares[i * K + colour];
  } else if (measure === "gone") {
    for (let i = 0; i < values.length; i++) values[i] = shares[i * K + colour] === 0 ? 1 : 0;
  } else if (measure === "diversity") {
    for (let i = 0; i < values.length; i++) {
      let same = 0;
      for (let j = i * K; j < (i + 1) * K; j++) same += shares[j] * shares[j];
      values[i] = 1 - same;
    }
  } else if (measure === "variance") {
    values.set(variance.subarray(0, values.length));
  } else if (measure === "mean") {
    values.set(mean.subarray(0, values.length));
  } else if (measure === "risk") {
    for (let i = 0; i < values.length; i++) {
      const gap = Math.sqrt(variance[i]) - 1;
      values[i] = mean[i] * mean[i] + gap * gap;
    }
  } else {
    throw new Error(`measure must be one of those of the ${result.family}; got ${measure}.`);
  }
  return values;
}

/** Quantiles over replicates, each a Float64Array (generations,): 10 %, median, 90 %, by linear
 * interpolation between order statistics as in numpy.quantile; and the mean. */
export function band(values, replicates, generations) {
  const [lower, median, upper, mean] = [0, 1, 2, 3].map(() => new Float64Array(generations));
  const column = new Float64Array(replicates);
  for (let t = 0; t < generations; t++) {
    let sum = 0;
    for (let r = 0, at = t; r < replicates; r++, at += generations) {
      column[r] = values[at];
      sum += values[at];
    }
    median[t] = quantileOf(column, 0.5, 0, replicates - 1);
    const middle = (replicates - 1) / 2; // now no value before it is larger, none after smaller
    lower[t] = quantileOf(column, 0.1, 0, Math.ceil(middle));
    upper[t] = quantileOf(column, 0.9, Math.floor(middle), replicates - 1);
    mean[t] = sum / replicates;
  }
  return { median, lower, upper, mean };
}

/** A quantile that is known to stand between `first` and `last` were the values sorted; sorts them
 * only so far that it stands in its place. */
function quantileOf(values, q, first, last) {
  const at = q * (values.length - 1);
  const below = Math.floor(at);
  const lower = selected(values, below, first, last);
  if (at === below) return lower;
  let next = Infinity; // the smallest of those after it
  for (let i = below + 1; i <= last; i++) if (values[i] < next) next = values[i];
  return lower + (at - below) * (next - lower);
}

/** The value that a sort would put at `rank`: Hoare (1961), doi:10.1145/366622.366647. Puts it
 * there, with no larger one before it and no smaller one after it. */
function selected(values, rank, first, last) {
  let [left, right] = [first, last];
  while (left < right) {
    const pivot = values[rank];
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (pivot < values[j]) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (j < rank) left = i;
    if (rank < i) right = j;
  }
  return values[rank];
}

/** How lucky a run was: the share of replicates whose value at `generation` is below its own, those
 * equal to it counted half, 0..1. */
export function luck(values, replicates, generations, run = 0, generation = generations) {
  const own = values[run * generations + generation - 1];
  let below = 0;
  for (let r = 0; r < replicates; r++) {
    const value = values[r * generations + generation - 1];
    below += value < own ? 1 : value === own ? 0.5 : 0;
  }
  return below / replicates;
}

/** First generation whose fitted model lacks settings.colour, (replicates,); NaN where none does,
 * and everywhere for a Gaussian. */
export function extinctionTimes(result, settings) {
  const { colour } = completed(settings);
  const { K, shares, generations, replicates } = result;
  const times = new Float64Array(replicates).fill(NaN);
  if (shares === null) return times;
  for (let r = 0; r < replicates; r++) {
    for (let t = 0; t < generations; t++) {
      if (shares[(r * generations + t) * K + colour] === 0) {
        times[r] = t + 1;
        break;
      }
    }
  }
  return times;
}
