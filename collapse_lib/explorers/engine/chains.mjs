/**
 * The loop in the page: simulate(settings) and what figures ask of its result.
 *
 * The semantics are those of collapse_lib.exact: history[0] is n_samples real rows and generation 1
 * is fitted to it; from then on the policy makes the training rows. Arrays of replicates are
 * flattened, [replicate][generation], generation 1 first. settings: all of the family's own, under
 * the names of view/settings.json, where their defaults are.
 */

import { normalChain } from "./normal.mjs";
import { urnChain } from "./urn.mjs";

const MOST_COUNTED = 2 ** 53; // above this a float no longer holds every whole number
const MOST_NUMBERS = 2e7; // in a result
const MOST_ON_ROWS = 10_000; // n of a chain that holds single rows
const MOST_ROWS_LOOKED_AT = 2e7; // by such a chain, over all replicates

/** Rows that mix and fresh train on and are real: rounded as by Python, half to even. */
export function realRows({ real_fraction, n_samples }) {
  const x = real_fraction * n_samples;
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** null, or one sentence: why there is no live form of these settings, and what to do. */
export function unsupported(s) {
  const K = s.family === "urn" ? s.counts.length : 2;
  if (s.n_generations * s.n_replicates * K > MOST_NUMBERS) {
    return "This is more than a page should draw; lower the generations or the replicates.";
  }
  if (s.family === "urn") {
    if (!s.counts.some((count) => count > 0)) {
      return "No colour has a real share; give one of them a count above 0.";
    }
    return poolSize(s) <= MOST_COUNTED ? null : TOO_MANY_TO_COUNT;
  }
  if (!needsRows(s)) return null;
  if (s.n_samples > MOST_ON_ROWS) {
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

function poolSize({ policy, n_samples: n, n_fresh, n_generations }) {
  if (policy === "anchored") return 2 * n;
  if (policy !== "accumulate" && policy !== "subsample") return n;
  return n + (n_generations - 1) * (n + n_fresh);
}

function rowsLookedAt(s) {
  const each = s.policy === "mix" ? realRows(s) : 2 * s.n_samples + s.n_fresh;
  return s.n_replicates * (s.n_samples + s.n_generations * each);
}

/**
 * Run the loop. The same settings give the same arrays, bit for bit; more generations or more
 * replicates leave those that were there as they are. Throws where `unsupported` has a sentence.
 *
 * Returns { family, n_generations, n_replicates, K, shares, mean, variance }: the fitted models,
 * shares Float64Array [replicate][generation][K] of an urn (else null), mean and variance of a
 * Gaussian.
 */
export function simulate(settings) {
  const run = beginRun(settings);
  extendRun(run, settings, settings.n_replicates);
  return run;
}

/** What `simulate` returns, of no replicate yet, with room for all: for `extendRun`. */
export function beginRun(settings) {
  const reason = unsupported(settings);
  if (reason !== null) throw new Error(reason);
  const { family, counts, n_generations, n_replicates } = settings;
  const room = () => new Float64Array(n_replicates * n_generations);
  const run = { family, n_generations, n_replicates: 0 };
  if (family === "gaussian") return { ...run, K: 0, shares: null, mean: room(), variance: room() };
  const K = counts.length;
  const shares = new Float64Array(n_replicates * n_generations * K);
  return { ...run, K, shares, mean: null, variance: null };
}

/** Draw further replicates of a run that was begun with the same settings, until there are
 * `n_replicates` of them. In how many parts they are drawn makes no difference to any. */
export function extendRun(run, settings, n_replicates) {
  const chain = settings.family === "gaussian" ? normalChain : urnChain;
  chain(settings, realRows(settings), run, run.n_replicates, n_replicates);
  run.n_replicates = n_replicates;
}

/** What is drawn, [replicate][generation]: the measure of every fitted model. */
export function measured(result, { measure, colour }) {
  const { K, shares, mean, variance } = result;
  const values = new Float64Array(result.n_replicates * result.n_generations);
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

/** Quantiles over replicates, each a Float64Array (n_generations,): 10 %, median, 90 %, by linear
 * interpolation between order statistics as in numpy.quantile; and the mean. */
export function band(values, n_replicates, n_generations) {
  const [lower, median, upper, mean] = [0, 1, 2, 3].map(() => new Float64Array(n_generations));
  const column = new Float64Array(n_replicates);
  for (let t = 0; t < n_generations; t++) {
    let sum = 0;
    for (let r = 0, at = t; r < n_replicates; r++, at += n_generations) {
      column[r] = values[at];
      sum += values[at];
    }
    median[t] = quantileOf(column, 0.5, 0, n_replicates - 1);
    const middle = (n_replicates - 1) / 2; // now no value before it is larger, none after smaller
    lower[t] = quantileOf(column, 0.1, 0, Math.ceil(middle));
    upper[t] = quantileOf(column, 0.9, Math.floor(middle), n_replicates - 1);
    mean[t] = sum / n_replicates;
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
export function luck(values, n_replicates, n_generations, run = 0, generation = n_generations) {
  const own = values[run * n_generations + generation - 1];
  let below = 0;
  for (let r = 0; r < n_replicates; r++) {
    const value = values[r * n_generations + generation - 1];
    below += value < own ? 1 : value === own ? 0.5 : 0;
  }
  return below / n_replicates;
}

/** First generation whose fitted model lacks the colour, (n_replicates,); NaN where none does,
 * and everywhere for a Gaussian. */
export function extinctionTimes(result, { colour }) {
  const { K, shares, n_generations, n_replicates } = result;
  const times = new Float64Array(n_replicates).fill(NaN);
  if (shares === null) return times;
  for (let r = 0; r < n_replicates; r++) {
    for (let t = 0; t < n_generations; t++) {
      if (shares[(r * n_generations + t) * K + colour] === 0) {
        times[r] = t + 1;
        break;
      }
    }
  }
  return times;
}
