/** The same few rows, drawn from the same categories again and again: laws kept as tables. */

import { logBinomial, logHypergeometric } from "./draws.mjs";
import { drawUniform } from "./random.mjs";

export const MOST_REPEATED = 32; // rows: a longer table would be slower than a draw of its own

/**
 * What draws `size` rows, 1..MOST_REPEATED, of K categories into `out`, category by category.
 *
 * lawOf(j, wanted, out): P(count) of category j among the `wanted` rows that are left for j and
 * those after it, into out[0..wanted]. `forget` where its laws have become others.
 */
export function createRepeated(K, size, lawOf) {
  const width = size + 1;
  const bounds = new Float64Array(K * width * width); // P(count <= 0), ... by category and wanted
  const known = new Uint8Array(K * width);

  function makeLaw(j, wanted, row) {
    const law = bounds.subarray(row, row + wanted + 1);
    lawOf(j, wanted, law);
    let last = wanted;
    while (law[last] === 0) last--;
    for (let x = 1; x < last; x++) law[x] += law[x - 1];
    law.fill(1, last); // of rounding nothing is left over for what cannot be
    known[j * width + wanted] = 1;
  }

  function draw(stream, out) {
    let wanted = size;
    for (let j = 0; j < K - 1; j++) {
      let count = 0;
      if (wanted > 0) {
        const row = (j * width + wanted) * width;
        if (known[j * width + wanted] === 0) makeLaw(j, wanted, row);
        const u = drawUniform(stream);
        while (u >= bounds[row + count]) count++;
      }
      out[j] = count;
      wanted -= count;
    }
    out[K - 1] = wanted;
  }

  return { draw, forget: () => known.fill(0) };
}

/** New rows of categories of the given weights (K,). */
export function repeatedRows(weights, size) {
  return createRepeated(weights.length, size, (j, wanted, law) => {
    let after = 0;
    for (let i = j + 1; i < weights.length; i++) after += weights[i];
    const both = weights[j] + after;
    const [p, q] = both > 0 ? [weights[j] / both, after / both] : [0, 1];
    for (let x = 0; x <= wanted; x++) law[x] = Math.exp(logBinomial(x, wanted, p, q));
  });
}

/** Rows drawn without replacement from those that `counts` (K,) counts, whole numbers that may
 * change between one `forget` and another. */
export function repeatedThinning(counts, size) {
  return createRepeated(counts.length, size, (j, wanted, law) => {
    let after = 0;
    for (let i = j + 1; i < counts.length; i++) after += counts[i];
    const good = counts[j];
    const least = Math.max(0, wanted - after);
    const most = Math.min(good, wanted);
    const middle = Math.floor(((good + 1) / (good + after + 2)) * (wanted + 1));
    const likely = Math.min(most, Math.max(least, middle));
    const scale = logHypergeometric(likely, good, after, wanted);
    let sum = 0;
    for (let x = 0; x <= wanted; x++) {
      const possible = x >= least && x <= most;
      law[x] = possible ? Math.exp(logHypergeometric(x, good, after, wanted) - scale) : 0;
      sum += law[x];
    }
    for (let x = least; x <= most; x++) law[x] /= sum;
  });
}
