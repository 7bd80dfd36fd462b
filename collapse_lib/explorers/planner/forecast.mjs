/**
 * What a plan leads to: runs of the loop with the remedy and of the same loop without one. The
 * arithmetic of collapse_lib/explorers/planner/forecast.py, in the page.
 */

import { band, measured, realRows, unsupported } from "../engine/chains.mjs";
import { law } from "../engine/laws.mjs";

const MOST_FOLLOWED = 4e6; // n^2 K T: up to here the exact chain of every kind is quick

const NOTHING_LEFT =
  "The detector throws out everything that is collected, so nothing is left to train on: let it " +
  "catch less, or collect other rows.";

/**
 * What trains, once the detector has been through what was collected.
 *
 * Of real_fraction real rows a detector that takes hit_rate of the marked and false_alarm_rate of
 * the real ones for machine-made leaves the share real_share; real_rows of n_samples, rounded, are
 * real, and n_samples / left must be collected. A share `adoption` of the synthetic rows is marked,
 * all of them by default. Where everything is kept there is no detector. null: nothing is left.
 *
 * @returns {?{left: number, real_share: number, real_rows: number, collected: number}}
 */
export function remainderOf(plan) {
  const { n_samples, real_fraction, hit_rate, false_alarm_rate, adoption = 1 } = plan;
  if (plan.policy === "accumulate") {
    return { left: 1, real_share: 0, real_rows: 0, collected: n_samples };
  }
  const real = real_fraction * (1 - false_alarm_rate);
  const left = real + (1 - real_fraction) * (1 - adoption * hit_rate);
  if (left === 0) return null;
  const real_share = real / left;
  const real_rows = realRows({ real_fraction: real_share, n_samples });
  return { left, real_share, real_rows, collected: n_samples / left };
}

/**
 * The settings of the engine for a plan.
 * @param {Object} s  a plan
 * @param {number[]} counts  real shares in any unit
 * @param {?Object} remainder  of remainderOf; null for the loop without a remedy
 */
export function chainOf(s, counts, remainder) {
  const { n_samples, temperature, n_generations, n_replicates, seed } = s;
  const world = { family: "urn", counts, n_samples, temperature };
  const chain = { ...world, n_generations, n_replicates, seed };
  if (remainder === null) return { ...chain, policy: "replace", real_fraction: 0, n_fresh: 0 };
  const { real_share: real_fraction } = remainder;
  return { ...chain, policy: s.policy, real_fraction, n_fresh: s.n_fresh };
}

/** null, or one sentence: why nothing can be forecast. */
export function problemOf(s, counts) {
  const remainder = remainderOf(s);
  return remainder === null ? NOTHING_LEFT : unsupported(chainOf(s, counts, remainder));
}

/** One measure of every run in per cent, Float64Array [replicate][generation]: of the real
 * diversity, or of the real kinds. */
export function keptShares(run, counts, measure) {
  if (measure === "kinds") return aliveShares(run);
  const values = measured(run, { measure: "diversity" });
  const whole = diversityOf(counts);
  for (let i = 0; i < values.length; i++) values[i] *= 100 / whole;
  return values;
}

function aliveShares({ shares, K, n_replicates, n_generations }) {
  const values = new Float64Array(n_replicates * n_generations);
  for (let i = 0; i < values.length; i++) {
    let alive = 0;
    for (let j = i * K; j < (i + 1) * K; j++) alive += shares[j] > 0;
    values[i] = (100 * alive) / K;
  }
  return values;
}

/** Median, central 80 % and mean of the runs that are there: see `band`. */
export function bandedRuns(run, counts, measure) {
  return band(keptShares(run, counts, measure), run.n_replicates, run.n_generations);
}

/** The closed form of the mean in per cent, { values, source }, or null where none is drawn. */
export function lawOf(chain, measure) {
  if (measure === "kinds") return kindsLaw(chain);
  const found = law({ ...chain, measure: "diversity" });
  const whole = diversityOf(chain.counts);
  return found && { values: found.values.map((v) => (100 * v) / whole), source: found.source };
}

/** A kind is alive with the chance that it is not absent; where all is kept, that it is among the
 * real rows. */
function kindsLaw(chain) {
  const { counts, policy, n_samples: n, n_fresh, n_generations } = chain;
  const K = counts.length;
  const values = new Float64Array(n_generations);
  if (policy === "accumulate") {
    const total = sumOf(counts);
    for (let t = 0; t < n_generations; t++) {
      const rows = n + t * n_fresh;
      for (const count of counts) {
        values[t] -= (100 / K) * Math.expm1(rows * Math.log1p(-count / total));
      }
    }
    return { values, source: "derived here" };
  }
  if (n * n * K * n_generations > MOST_FOLLOWED) return null;
  let source = null;
  for (let colour = 0; colour < K; colour++) {
    const gone = law({ ...chain, measure: "gone", colour });
    if (gone === null) return null;
    for (let t = 0; t < n_generations; t++) values[t] += (100 / K) * (1 - gone.values[t]);
    source = gone.source;
  }
  return { values, source };
}

function diversityOf(counts) {
  const total = sumOf(counts);
  return 1 - counts.reduce((sum, count) => sum + (count / total) ** 2, 0);
}

function sumOf(counts) {
  return counts.reduce((sum, count) => sum + count, 0);
}
