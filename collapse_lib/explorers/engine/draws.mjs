/** Draws from the laws that the chains are made of, exact in law up to 2^53 rows. */

import { drawFew, MOST_TRIALS } from "./few.mjs";
import { drawNormal, drawUniform } from "./random.mjs";

const FEW = 10; // below this mean a draw of many trials counts up from 0, above it by rejection

const HAT_SLOPE = 2 * Math.sqrt(2 / Math.E); // of the ratio-of-uniforms hat
const HAT_SHIFT = 3 - 2 * Math.sqrt(3 / Math.E);

const COUNTED = 128; // what counts up from 0 stops here: with a mean below FEW, out of reach
const RECIPROCALS = Float64Array.from({ length: COUNTED }, (_, k) => 1 / (k + 1));

const TABLED = 2 ** 15;
const LOG_FACTORIALS = new Float64Array(TABLED); // of 0!, 1!, ...; exact sums first, then Stirling
const STIRLING_ERRORS = new Float64Array(16); // of 1!, 2!, ...; that of 0! is never asked for
for (let k = 1; k < TABLED; k++) {
  const formula = (k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI);
  if (k < STIRLING_ERRORS.length) {
    LOG_FACTORIALS[k] = LOG_FACTORIALS[k - 1] + Math.log(k);
    STIRLING_ERRORS[k] = LOG_FACTORIALS[k] - formula;
  } else {
    LOG_FACTORIALS[k] = formula + stirlingError(k);
  }
}

/** ln k! minus Stirling's formula for it, k = 1, 2, ... */
function stirlingError(k) {
  if (k < STIRLING_ERRORS.length) return STIRLING_ERRORS[k];
  const x = 1 / (k * k);
  return (1 / 12 - (1 / 360 - (1 / 1260 - x / 1680) * x) * x) / k;
}

/** x ln(x / mean) + mean - x without the loss of digits: Loader (2000), "Fast and accurate
 * computation of binomial probabilities". */
function deviance(x, mean) {
  const gap = x - mean;
  if (Math.abs(gap) > 0.1 * (x + mean)) return x * Math.log(x / mean) - gap;
  const v = gap / (x + mean);
  let sum = gap * v;
  let term = 2 * x * v;
  for (let odd = 3; ; odd += 2) {
    term *= v * v;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln of the Poisson probability of x at a mean. Binomial and hypergeometric probabilities are
 * products of these, and so keep their digits at any size. */
export function logPoisson(x, mean) {
  if (x === 0) return -mean;
  return -stirlingError(x) - deviance(x, mean) - 0.5 * Math.log(2 * Math.PI * x);
}

/** ln of the probability of k successes among n trials; q = 1 - p. */
export function logBinomial(k, n, p, q) {
  if (p === 0) return k === 0 ? 0 : -Infinity;
  if (q === 0) return k === n ? 0 : -Infinity;
  return logPoisson(k, n * p) + logPoisson(n - k, n * q) - logPoisson(n, n);
}

/** Standard gamma of a shape above 0: Marsaglia and Tsang (2000), doi:10.1145/358407.358414. */
export function drawGamma(stream, shape) {
  if (shape < 1) {
    const power = Math.log(1 - drawUniform(stream)) / shape;
    return drawGamma(stream, shape + 1) * Math.exp(power);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(stream);
    const y = c * x;
    if (y <= -1) continue;
    const v = (1 + y) * (1 + y) * (1 + y);
    const u = 1 - drawUniform(stream);
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    // ln u < x^2 / 2 + d (1 - v + ln v), with v - 1 multiplied out to keep its digits
    const rest = 3 * (Math.log1p(y) - y) - y * y * (3 + y);
    if (Math.log(u) < 0.5 * square + d * rest) return d * v;
  }
}

/** Successes among n trials of probability p; q = 1 - p is given too, to keep its digits. */
export function drawBinomial(stream, n, p, q) {
  if (p > q) return n - drawBinomial(stream, n, q, p);
  if (n <= MOST_TRIALS) return drawFew(stream, n, p, q);
  if (n * p < FEW) return countedBinomial(stream, n, p, q);
  return rejectedBinomial(stream, n, p, q);
}

function countedBinomial(stream, n, p, q) {
  if (p === 0) return 0;
  const odds = p / q;
  const none = Math.exp(n * Math.log1p(-p));
  const most = Math.min(n, COUNTED - 1);
  for (;;) {
    let u = drawUniform(stream);
    let chance = none;
    for (let k = 0; k <= most; k++) {
      if (u < chance) return k;
      u -= chance;
      chance *= (n - k) * odds * RECIPROCALS[k];
    }
  }
}

/** Algorithm BTRS of Hoermann (1993), doi:10.1080/00949659308811496, for n p >= 10, p <= 1/2. */
function rejectedBinomial(stream, n, p, q) {
  const std = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * std;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = drawUniform(stream) - 0.5;
    const v = drawUniform(stream);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n || us === 0) continue;
    const mode = Math.floor((n + 1) * p);
    const hat = (v * (2.83 + 5.1 / b) * std) / (a / (us * us) + b);
    const ratio = n < TABLED
      ? LOG_FACTORIALS[mode] + LOG_FACTORIALS[n - mode] -
        LOG_FACTORIALS[k] - LOG_FACTORIALS[n - k] + (k - mode) * Math.log(p / q)
      : logPoisson(k, n * p) + logPoisson(n - k, n * q) -
        logPoisson(mode, n * p) - logPoisson(n - mode, n * q);
    if (Math.log(hat) <= ratio) return k;
  }
}

/** Good rows among `k` rows drawn without replacement from `good` and `bad` ones. */
export function drawHypergeometric(stream, good, bad, k) {
  const kept = good + bad - k;
  const rare = good > bad ? bad : good;
  const among = rareAmong(stream, rare, good > bad ? good : bad, k > kept ? kept : k);
  const drawn = k > kept ? rare - among : among;
  return good > bad ? k - drawn : drawn;
}

/** The same where neither good nor k are more than half of all. */
function rareAmong(stream, good, bad, k) {
  if (good === 0 || k === 0) return 0;
  if (k <= MOST_TRIALS) return fewOfMany(stream, good, bad, k);
  const all = good + bad;
  if (good <= MOST_TRIALS) return fewOfMany(stream, k, all - k, good); // the same law
  if ((k / all) * good < FEW) return countedHypergeometric(stream, good, bad, k);
  return rejectedHypergeometric(stream, good, bad, k);
}

/**
 * Few rows, drawn with replacement and then accepted or not. R(x), the chance of x without
 * replacement over that with it, has
 *     R(x + 1) / R(x) = (1 - x / good) / (1 - (k - x - 1) / bad)
 * and so is largest where x passes good (k - 1) / all; d steps from there it has lost no more than
 * the sum of what the steps lose, all d (d + 1) / 2 over what is called `slack`.
 */
function fewOfMany(stream, good, bad, k) {
  const all = good + bad;
  const top = Math.floor((good / all) * (k - 1)) + 1;
  const slack = Math.min(good * (bad - k + top + 1), bad * (good - top + 1));
  for (;;) {
    const x = drawFew(stream, k, good, bad);
    const steps = Math.abs(x - top);
    const refusal = drawUniform(stream);
    if (refusal * slack >= (all * steps * (steps + 1)) / 2) return x;
    let ratio = 1;
    for (let i = top; i < x; i++) ratio *= ((good - i) / good) * (bad / (bad - k + i + 1));
    for (let i = x; i < top; i++) ratio *= (good / (good - i)) * ((bad - k + i + 1) / bad);
    if (refusal >= 1 - ratio) return x;
  }
}

/** ln of the probability of x good rows among k, but for what does not depend on x. */
export function logHypergeometric(x, good, bad, k) {
  if (good + bad < TABLED) {
    return -(
      LOG_FACTORIALS[x] + LOG_FACTORIALS[good - x] +
      LOG_FACTORIALS[k - x] + LOG_FACTORIALS[bad - k + x]
    );
  }
  const p = k / (good + bad);
  const q = (good + bad - k) / (good + bad);
  return (
    logPoisson(x, good * p) + logPoisson(good - x, good * q) +
    logPoisson(k - x, bad * p) + logPoisson(bad - k + x, bad * q)
  );
}

/** ln of the probability that none of the k is good. */
function logNoneGood(good, bad, k) {
  const all = good + bad;
  if (all < TABLED) {
    return LOG_FACTORIALS[bad] - LOG_FACTORIALS[bad - k] + LOG_FACTORIALS[all - k] -
      LOG_FACTORIALS[all];
  }
  const scale =
    logPoisson(good, good) + logPoisson(bad, bad) - logPoisson(all, all) +
    logPoisson(k, k) + logPoisson(all - k, all - k);
  return logHypergeometric(0, good, bad, k) - scale;
}

function countedHypergeometric(stream, good, bad, k) {
  const none = Math.exp(logNoneGood(good, bad, k));
  const most = Math.min(good, k, COUNTED - 1);
  for (;;) {
    let u = drawUniform(stream);
    let chance = none;
    for (let x = 0; x <= most; x++) {
      if (u < chance) return x;
      u -= chance;
      chance *= ((good - x) * RECIPROCALS[x] * (k - x)) / (bad - k + x + 1);
    }
  }
}

/** Algorithm HRUA of Stadlober (1990), doi:10.1016/0377-0427(90)90349-5: ratio of uniforms. */
function rejectedHypergeometric(stream, good, bad, k) {
  const all = good + bad;
  const p = k / all;
  const variance = ((good * p * (all - k)) / all) * (bad / (all - 1));
  const width = HAT_SLOPE * Math.sqrt(variance + 0.5) + HAT_SHIFT;
  const centre = good * p + 0.5;
  const mode = Math.floor(((good + 1) / (all + 2)) * (k + 1));
  const top = logHypergeometric(mode, good, bad, k);
  for (;;) {
    const u = 1 - drawUniform(stream);
    const x = Math.floor(centre + (width * (drawUniform(stream) - 0.5)) / u);
    if (x < 0 || x > good || x > k) continue;
    const ratio = logHypergeometric(x, good, bad, k) - top;
    if (u * (4 - u) - 3 <= ratio) return x;
    if (u * (u - ratio) < 1 && 2 * Math.log(u) <= ratio) return x;
  }
}

/**
 * Counts of n draws from K categories, into `out` (K,), by conditional binomials.
 *
 * weights: (K,) in any unit, may be `out` itself; what has weight 0 gets nothing, and the last
 * category that has some gets what is left, so that rounding revives nobody.
 */
export function drawMultinomial(stream, n, weights, out) {
  let last = weights.length - 1;
  while (weights[last] === 0) last--;
  let left = n;
  for (let j = 0; j < last; j++) {
    const weight = weights[j];
    let count = 0;
    if (weight > 0 && left > 0) {
      let after = weights[j + 1];
      for (let i = j + 2; i <= last; i++) after += weights[i];
      if (left <= MOST_TRIALS) {
        count = weight <= after
          ? drawFew(stream, left, weight, after)
          : left - drawFew(stream, left, after, weight);
      } else {
        const both = weight + after;
        count = drawBinomial(stream, left, weight / both, after / both);
      }
    }
    out[j] = count;
    left -= count;
  }
  out[last] = left;
  for (let j = last + 1; j < weights.length; j++) out[j] = 0;
}

/** Counts of k rows drawn without replacement from the rows that `counts` (K,) counts. */
export function drawThinned(stream, counts, k, out) {
  let left = 0;
  for (let j = 0; j < counts.length; j++) left += counts[j];
  let wanted = k;
  for (let j = 0; j < counts.length; j++) {
    const good = counts[j];
    left -= good;
    let count = 0;
    if (left === 0) count = wanted;
    else if (good > 0 && wanted > 0) {
      if (wanted > MOST_TRIALS || wanted > good + left - wanted) {
        count = drawHypergeometric(stream, good, left, wanted);
      } else if (good > left) count = wanted - fewOfMany(stream, left, good, wanted);
      else count = fewOfMany(stream, good, left, wanted);
    }
    out[j] = count;
    wanted -= count;
  }
}
