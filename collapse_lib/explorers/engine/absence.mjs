/** The exact chain of one colour's count under Replace and FreshReal (CF4). */

import { logBinomial } from "./draws.mjs";

const NEGLIGIBLE = 1e-18; // chance of a count

/** How far from its middle a row of the transition matrix matters: 10 standard deviations. */
export function rowReach(n, p = 0.5, q = 0.5) {
  return 10 * Math.sqrt(n * p * q) + 20;
}

/** P(count = 0) in generations 1, 2, ...: powers of the transition matrix of one count, of which
 * `fresh` of n rows are new from the truth. */
export function absentPath(n, fresh, p, n_generations) {
  const newest = n - fresh;
  const rows = Array.from({ length: n + 1 }, (_, i) => binomialRow(newest, i / n, (n - i) / n));
  const migrants = binomialRow(fresh, p, 1 - p);
  const path = new Float64Array(n_generations);
  let chances = new Float64Array(n + 1);
  const start = binomialRow(n, p, 1 - p);
  chances.set(start.chances, start.first);
  for (let t = 0; t < n_generations; t++) {
    path[t] = chances[0];
    const sampled = new Float64Array(n + 1);
    for (let i = 0; i <= n; i++) {
      if (chances[i] < NEGLIGIBLE) continue;
      const { first, chances: row } = rows[i];
      for (let j = 0; j < row.length; j++) sampled[first + j] += chances[i] * row[j];
    }
    if (fresh === 0) {
      chances = sampled;
      continue;
    }
    chances = new Float64Array(n + 1);
    for (let j = 0; j < migrants.chances.length; j++) {
      const shift = migrants.first + j;
      const chance = migrants.chances[j];
      for (let i = 0; i <= newest && i + shift <= n; i++) chances[i + shift] += chance * sampled[i];
    }
  }
  return path;
}

/** Probabilities of the counts first, first + 1, ... among n, wherever they matter. */
function binomialRow(n, p, q) {
  const reach = rowReach(n, p, q);
  const first = Math.max(0, Math.floor(n * p - reach));
  const last = Math.min(n, Math.ceil(n * p + reach));
  const chances = new Float64Array(last - first + 1);
  for (let k = first; k <= last; k++) chances[k - first] = Math.exp(logBinomial(k, n, p, q));
  return { first, chances };
}
