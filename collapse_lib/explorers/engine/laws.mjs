/**
 * Closed forms of the MEAN of what a figure draws, for generations 1, 2, ...; the formulas are
 * those of collapse_lib.theory, which names the derivations (CF numbers).
 */

import { absentPath, rowReach } from "./absence.mjs";
import { realRows } from "./chains.mjs";
import { freshMoments, logC4, pooledMoments, reusedMoments } from "./moments.mjs";

const MOST_STEPS = 1e7; // of the exact chain of one colour: some 30 milliseconds, once
const lastAbsent = { key: "", path: null }; // a new seed asks for the same law again

/**
 * The law of the mean of s.measure over replicates, or null where none is known.
 *
 * Returns { values: Float64Array (n_generations,), label, source, exact }; `exact` is false for an
 * approximation, and the label then says so.
 */
export function law(s) {
  return s.family === "gaussian" ? gaussianLaw(s) : urnLaw(s);
}

function stated(values, label, source, exact = true) {
  return { values, label, source, exact };
}

function urnLaw(s) {
  if (s.temperature !== 1) return null;
  const total = s.counts.reduce((sum, count) => sum + count, 0);
  const real = s.counts.map((count) => count / total);
  if (s.measure === "share") {
    const values = new Float64Array(s.n_generations).fill(real[s.colour]);
    return stated(values, "mean share: the real one, for ever", "Wright 1931");
  }
  if (s.measure === "diversity") {
    const { loss, label, source } = inbreedingLaw(s);
    const diversity = 1 - real.reduce((sum, p) => sum + p * p, 0);
    return stated(loss.map((f) => (1 - f) * diversity), label, source);
  }
  if (s.measure === "gone") return goneLaw(s, real[s.colour]);
  return null;
}

/** Share of the diversity lost, F of theory.kept, under each policy. */
function inbreedingLaw(s) {
  const { n_samples: n } = s;
  if (s.policy === "replace") {
    const loss = geometricPath(s.n_generations, 1 / n, 1 / n, 1 / n);
    return { loss, label: "mean diversity, (1 − 1/n)^t of the real one", source: "Wright 1931" };
  }
  if (s.policy === "fresh") {
    const k = realRows(s);
    const pull = (k * (2 - k / n) + (1 - k / n)) / n;
    const loss = geometricPath(s.n_generations, 1 / n, 1 / n, pull);
    return { loss, label: "mean diversity with new real rows", source: "Wright 1931" };
  }
  if (s.policy === "mix" || s.policy === "anchored") {
    const [k, newest] = reused(s);
    const size = k + newest;
    const gain = (newest + (k * (n - k)) / Math.max(n - 1, 1)) / size ** 2;
    const pull = (size ** 2 - newest * (newest - 1)) / size ** 2;
    const around = geometricPath(s.n_generations, 0, gain, pull);
    const loss = around.map((f) => 1 / n + f - f / n);
    return { loss, label: "mean diversity with the same real rows", source: "derived here" };
  }
  const label = s.n_fresh > 0
    ? "mean diversity, all kept, with new real rows"
    : "mean diversity, all kept";
  return { loss: pooledLoss(s), label, source: "derived here" };
}

/** Rows that mix and anchored train on: [of the original ones, of the newest]. */
function reused(s) {
  if (s.policy === "anchored") return [s.n_samples, s.n_samples];
  const k = realRows(s);
  return [k, s.n_samples - k];
}

/** first, then F <- gain + (1 - loss) F. */
function geometricPath(n_generations, first, gain, loss) {
  const path = new Float64Array(n_generations);
  for (let t = 0, f = first; t < n_generations; t++, f = gain + (1 - loss) * f) path[t] = f;
  return path;
}

function pooledLoss({ policy, n_samples: n, n_fresh, n_generations }) {
  const path = new Float64Array(n_generations);
  for (let t = 0, pool = 1 / n; t < n_generations; t++) {
    const size = n + t * (n + n_fresh);
    const rows = policy === "subsample" ? Math.min(n, size) : size;
    const extra = ((1 - pool) * (size - rows)) / (rows * Math.max(size - 1, 1));
    path[t] = pool + extra;
    const sum = (size + n) ** 2 * pool + n ** 2 * extra + n * (1 - path[t]) + n_fresh;
    pool = sum / (size + n + n_fresh) ** 2;
  }
  return path;
}

/** Mean of "gone": the probability that a colour of real share p is absent. */
function goneLaw(s, p) {
  const fresh = s.policy === "fresh" ? realRows(s) : 0;
  if (s.policy !== "replace" && s.policy !== "fresh") return null;
  if (s.n_samples * Math.min(s.n_samples, rowReach(s.n_samples)) * s.n_generations <= MOST_STEPS) {
    const key = [s.n_samples, fresh, p, s.n_generations].join();
    if (lastAbsent.key !== key) {
      lastAbsent.path = absentPath(s.n_samples, fresh, p, s.n_generations);
      lastAbsent.key = key;
    }
    const values = lastAbsent.path.slice();
    return stated(values, "probability of being gone, exact", "Wright 1931");
  }
  if (fresh > 0 || p > 0.05 || s.n_generations > s.n_samples) return null;
  const values = new Float64Array(s.n_generations);
  for (let t = 0, g = 1; t < s.n_generations; t++, g = -Math.expm1(-g)) {
    values[t] = Math.exp(-s.n_samples * p * g);
  }
  const label = "probability of being gone, approximation for a rare colour";
  return stated(values, label, "Suresh et al. 2024", false);
}

function gaussianLaw(s) {
  if (s.measure === "mean") {
    const values = new Float64Array(s.n_generations);
    return stated(values, "mean over replicates: 0, for ever", "a martingale");
  }
  if (s.n_samples <= s.ddof || s.n_samples < 2) return null;
  if (s.measure === "variance") {
    const { variance, label, source } = momentsOf(s);
    return stated(variance, label, source);
  }
  return s.measure === "risk" ? riskLaw(s) : null;
}

/** Exact moments, with what to call them. */
function momentsOf(s) {
  if (s.policy === "accumulate" || s.policy === "subsample") {
    return { ...pooledMoments(s), label: "mean variance, all kept", source: "derived here" };
  }
  if (s.policy === "mix" || s.policy === "anchored") {
    const [k, newest] = reused(s);
    const label = "mean variance with the same real rows";
    return { ...reusedMoments(s, k, newest), label, source: "derived here" };
  }
  const k = s.policy === "fresh" ? realRows(s) : 0;
  if (k > 0) {
    return { ...freshMoments(s, k), label: "mean variance with new real rows", source: "derived here" };
  }
  const isPlain = s.sampling_bias === 1 && s.ddof === 0;
  const label = isPlain ? "mean variance, (1 − 1/n)^t" : "mean variance";
  return { ...freshMoments(s, 0), label, source: "derived here" };
}

/** E mean^2 + E (std - 1)^2, known where the std is a product of independent chi: Replace. */
function riskLaw(s) {
  const k = s.policy === "fresh" ? realRows(s) : 0;
  if (k > 0 || (s.policy !== "replace" && s.policy !== "fresh")) return null;
  const { drift } = freshMoments(s, 0);
  const logStep = Math.log1p((s.ddof - 1) / (s.n_samples - s.ddof));
  const logBias = Math.log(s.sampling_bias);
  const values = drift.map((m, i) => {
    const logVariance = (i + 1) * logStep + i * logBias;
    const logStd = (i + 1) * (logC4(s.n_samples) + logStep / 2) + (i / 2) * logBias;
    return m + Math.expm1(logVariance) - 2 * Math.expm1(logStd);
  });
  return stated(values, "mean squared distance to the truth", "derived here");
}
