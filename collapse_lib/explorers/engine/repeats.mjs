/** The same few rows, drawn from the same categories again and again: laws kept as tables. */

import { logBinomial } from "./draws.mjs";
import { drawUniform } from "./random.mjs";

export const MOST_REPEATED = 32; // rows: a longer table would be slower than a draw of its own

const SEARCHES = 32; // parts of a uniform, each with where its search starts
const UNKNOWN = 255; // in place of a start: this law is still to be made

/**
 * What draws `size` rows, 1..MOST_REPEATED, of K categories into `out`, category by category.
 *
 * lawOf(j, wanted, out): P(count) of category j among the `wanted` rows that are left for j and
 * those after it, into out[0..wanted]. `forget` where its laws have become others.
 */
export function createRepeated(K, size, lawOf) {
  const width = size + 1;
  const bounds = new Float64Array(K * width * width); // P(count <= 0), ... by category and wanted
  const starts = new Uint8Array(K * width * SEARCHES).fill(UNKNOWN); // of the search in each cell

  function makeLaw(j, wanted) {
    const row = (j * width + wanted) * width;
    const start = (j * width + wanted) * SEARCHES;
    const law = bounds.subarray(row, row + wanted + 1);
    lawOf(j, wanted, law);
    let last = wanted;
    while (law[last] === 0) last--;
    for (let x = 1; x < last; x++) law[x] += law[x - 1];
    law.fill(1, last); // of rounding nothing is left over for what cannot be
    for (let cell = 0, x = 0; cell < SEARCHES; cell++) {
      while (cell >= SEARCHES * law[x]) x++;
      starts[start + cell] = x;
    }
  }

  function draw(stream, out) {
    let wanted = size;
    for (let j = 0; j < K - 1; j++) {
      let count = 0;
      if (wanted > 0) {
        const law = j * width + wanted;
        if (starts[law * SEARCHES] === UNKNOWN) makeLaw(j, wanted);
        const u = drawUniform(stream);
        count = starts[law * SEARCHES + Math.floor(u * SEARCHES)];
        while (u >= bounds[law * width + count]) count++;
      }
      out[j] = count;
      wanted -= count;
    }
    out[K - 1] = wanted;
  }

  return { draw, forget: () => starts.fill(UNKNOWN) };
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
    law.fill(0);
    law[likely] = 1; // in units of the likeliest; then each from its neighbour
    let sum = 1;
    for (let x = likely; x < most; x++) {
      law[x + 1] = (law[x] * (good - x) * (wanted - x)) / ((x + 1) * (after - wanted + x + 1));
      sum += law[x + 1];
    }
    for (let x = likely; x > least; x--) {
      law[x - 1] = (law[x] * x * (after - wanted + x)) / ((good - x + 1) * (wanted - x + 1));
      sum += law[x - 1];
    }
    for (let x = least; x <= most; x++) law[x] /= sum;
  });
}
