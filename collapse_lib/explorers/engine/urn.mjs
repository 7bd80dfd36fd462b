/** The urn: counts of K colours, one multinomial draw a generation (Wright-Fisher drift). */

import { drawMultinomial, drawThinned } from "./draws.mjs";
import { newStream, restart } from "./random.mjs";
import { MOST_REPEATED, repeatedRows, repeatedThinning } from "./repeats.mjs";

/**
 * Fitted shares of every generation, of the replicates from..to - 1, into `shares`: Float64Array
 * [replicate][generation][K], flattened.
 *
 * counts: (K,) real shares in any unit. k: rows that mix and fresh take from the truth.
 */
export function urnChain(settings, k, { shares }, from, to) {
  const { counts, policy, n_samples: n, n_fresh, temperature, n_generations, seed } = settings;
  const K = counts.length;
  const stream = newStream();
  const real = Float64Array.from(counts);
  const first = new Float64Array(K); // history[0]
  const pool = new Float64Array(K);
  const some = new Float64Array(K);
  const train = new Float64Array(K);
  const weights = temperature === 1 ? train : new Float64Array(K); // of what is sampled next
  const drawReal = realDraws(policy, k, real, first);
  for (let replicate = from, at = from * n_generations * K; replicate < to; replicate++) {
    restart(stream, seed, replicate);
    drawMultinomial(stream, n, real, first);
    pool.set(first);
    train.set(first);
    drawReal.forget();
    for (let size = n, poolSize = n, t = 1; t <= n_generations; t++, at += K) {
      if (t > 1) {
        size = n;
        if (policy === "replace") {
          drawMultinomial(stream, n, weights, train);
        } else if (policy === "accumulate" || policy === "subsample") {
          drawMultinomial(stream, n, weights, some);
          addCounts(pool, some);
          if (n_fresh > 0) {
            drawMultinomial(stream, n_fresh, real, some);
            addCounts(pool, some);
          }
          poolSize += n + n_fresh;
          if (policy === "subsample") {
            drawThinned(stream, pool, n, train);
          } else {
            train.set(pool);
            size = poolSize;
          }
        } else if (policy === "anchored") {
          drawMultinomial(stream, n, weights, train);
          addCounts(train, first);
          size = 2 * n;
        } else {
          drawReal.draw(stream, some);
          drawMultinomial(stream, n - k, weights, train);
          addCounts(train, some);
        }
      }
      for (let j = 0; j < K; j++) shares[at + j] = train[j] / size;
      if (temperature !== 1) temper(train, temperature, weights);
    }
  }
}

/** The real rows of mix and fresh in a generation, into what draw(stream, out) is given. */
function realDraws(policy, k, real, first) {
  const repeated = k > 0 && k <= MOST_REPEATED;
  if (policy === "mix" && repeated) return repeatedThinning(first, k);
  if (policy === "mix") {
    return { draw: (stream, out) => drawThinned(stream, first, k, out), forget: () => {} };
  }
  if (repeated) return { ...repeatedRows(real, k), forget: () => {} };
  return { draw: (stream, out) => drawMultinomial(stream, k, real, out), forget: () => {} };
}

function addCounts(sum, counts) {
  for (let j = 0; j < sum.length; j++) sum[j] += counts[j];
}

/** counts^(1 / temperature) in units of the largest, into `weights`; zeros stay zero. */
function temper(counts, temperature, weights) {
  let largest = 0;
  for (let j = 0; j < counts.length; j++) largest = Math.max(largest, counts[j]);
  for (let j = 0; j < counts.length; j++) {
    weights[j] = counts[j] === 0 ? 0 : Math.exp(Math.log(counts[j] / largest) / temperature);
  }
}
