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
 * Of a share `share` of real rows a detector that takes `hits` of the marked and `alarms` of the
 * real ones for machine-made leaves the share realShare; realRows of n, rounded, are real, and
 * n / left must be collected. A share `adoption` of the synthetic rows is marked, all of them by
 * default. Where everything is kept there is no detector. null: nothing is left.
 *
 * @returns {?{left: number, realShare: number, realRows: number, collected: number}}
 */
export function remainderOf({ policy, share, hits, alarms, n, adoption = 1 }) {
  if (policy === "accumulate") return { left: 1, realShare: 0, realRows: 0, collected: n };
  const real = share * (1 - alarms);
  const left = real + (1 - share) * (1 - adoption * hits);
  if (left === 0) return null;
  const realShare = real / left;
  return { left, realShare, realRows: realRows({ share: realShare, n }), collected: n / left };
}

/**
 * The settings of the engine for a plan.
 * @param {Object} s  a plan
 * @param {number[]} counts  real shares in any unit
 * @param {?Object} remainder  of remainderOf; null for the loop without a remedy
 */
export function chainOf(s, counts, remainder) {
  const { n, temperature, generations, replicates, seed } = s;
  const chain = { family: "urn", counts, n, temperature, generations, replicates, seed };
  if (remainder === null) return { ...chain, policy: "replace" };
  return { ...chain, policy: s.policy, share: remainder.realShare, newRows: s.newRows };
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

function aliveShares({ shares, K, replicates, generations }) {
  const values = new Float64Array(replicates * generations);
  for (let i = 0; i < values.length; i++) {
    let alive = 0;
    for (let j = i * K; j < (i + 1) * K; j++) alive += shares[j] > 0;
    values[i] = (100 * alive) / K;
  }
  return values;
}

/** Median, central 80 % and mean of the runs that are there: see `band`. */
export function bandedRuns(run, counts, measure) {
  return band(keptShares(run, counts, measure), run.replicates, run.generations);
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
  const { counts, policy, n, newRows, generations } = chain;
  const K = counts.length;
  const values = new Float64Array(generations);
  if (policy === "accumulate") {
    const total = sumOf(counts);
    for (let t = 0; t < generations; t++) {
      const rows = n + t * newRows;
      for (const count of counts) {
        values[t] -= (100 / K) * Math.expm1(rows * Math.log1p(-count / total));
      }
    }
    return { values, source: "derived here" };
  }
  if (n * n * K * generations > MOST_FOLLOWED) return null;
  let source = null;
  for (let colour = 0; colour < K; colour++) {
    const gone = law({ ...chain, measure: "gone", colour });
    if (gone === null) return null;
    for (let t = 0; t < generations; t++) values[t] += (100 / K) * (1 - gone.values[t]);
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
