/** Exact moments of the Gaussian loop, generations 1, 2, ...: { variance, drift } are E of the
 * fitted variance and E of the squared fitted mean, in units of the truth (CF18-CF21 of
 * theory.gaussian_kept and theory.gaussian_fresh). */

/** k new real rows and n - k of the newest. */
export function freshMoments({ n_samples: n, ddof, sampling_bias, n_generations }, k) {
  const a = (n - k) / n;
  const r = k / n;
  const variance = new Float64Array(n_generations);
  const drift = new Float64Array(n_generations);
  let v = (n - 1) / (n - ddof);
  let m = 1 / n;
  for (let t = 0; t < n_generations; t++) {
    variance[t] = v;
    drift[t] = m;
    const within = r + a * sampling_bias * v;
    v = ((n - 1) * within + a * r * n * m) / (n - ddof);
    m = a * a * m + within / n;
  }
  return { variance, drift };
}

/** Everything published, or n rows of it. */
export function pooledMoments(settings) {
  const { policy, n_samples: n, n_fresh, ddof, sampling_bias, n_generations } = settings;
  const variance = new Float64Array(n_generations);
  const drift = new Float64Array(n_generations);
  for (let t = 0, square = 1, mean = 1 / n; t < n_generations; t++) {
    const size = n + t * (n + n_fresh);
    const rows = policy === "subsample" ? n : size;
    const population = ((square - mean) * size) / (size - 1);
    const extra = population * (1 / rows - 1 / size);
    variance[t] = (population * (rows - 1)) / (rows - ddof);
    drift[t] = mean + extra;
    const sampled = sampling_bias * variance[t];
    const after = size + n + n_fresh;
    mean = ((size + n) ** 2 * mean + n ** 2 * extra + n * sampled + n_fresh) / after ** 2;
    square = (size * square + n * (drift[t] + sampled) + n_fresh) / after;
  }
  return { variance, drift };
}

/** k of the original rows and n of the newest. */
export function reusedMoments({ n_samples: original, ddof, sampling_bias, n_generations }, k, n) {
  const size = k + n;
  const variance = new Float64Array(n_generations);
  const drift = new Float64Array(n_generations);
  const real = 1 - 1 / original;
  const redrawn = (k * real * (original - k)) / (original - 1);
  let [fitted, mean] = [(real * original) / (original - ddof), 0];
  for (let t = 0; t < n_generations; t++) {
    variance[t] = fitted;
    drift[t] = mean + 1 / original; // `mean`: E of (fitted mean - mean of the real rows)^2
    const square = (k * real + n * (mean + sampling_bias * fitted)) / size;
    mean = (redrawn + n ** 2 * mean + n * sampling_bias * fitted) / size ** 2;
    fitted = ((square - mean) * size) / (size - ddof);
  }
  return { variance, drift };
}

/** ln c4(n), the mean of an unbiased standard deviation: a series for many rows, to which few are
 * carried by Gamma(x + 1/2) / Gamma(x) = (x / (x + 1/2)) Gamma(x + 3/2) / Gamma(x + 1). */
export function logC4(n) {
  let x = (n - 1) / 2;
  let log = -Math.log(x) / 2;
  for (; x < 40; x++) log += Math.log(x / (x + 0.5));
  const series = -1 / (8 * x) + 1 / (192 * x ** 3) - 1 / (640 * x ** 5) + 17 / (14336 * x ** 7);
  return log + Math.log(x) / 2 + series;
}
