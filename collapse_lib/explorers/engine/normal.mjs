/** The Gaussian: a normal and a gamma draw a generation (Cochran's theorem), or rows where a mean
 * and a variance cannot tell how a part of the rows would look. The truth is N(0, 1). */

import { drawGamma } from "./draws.mjs";
import { drawNormal, drawUniform, newStream, restart } from "./random.mjs";

/** Fitted mean and variance of every generation, of the replicates from..to - 1, into Float64Arrays
 * [replicate][generation]. k: rows that mix and fresh take from the truth. */
export function normalChain(settings, k, { mean, variance }, from, to) {
  const { policy, n_generations, seed } = settings;
  const walk = policy === "subsample" ? pooledRows : policy === "mix" ? mixedRows : statistics;
  const stream = newStream();
  for (let replicate = from; replicate < to; replicate++) {
    restart(stream, seed, replicate);
    const start = replicate * n_generations;
    const end = start + n_generations;
    walk(stream, settings, k, mean.subarray(start, end), variance.subarray(start, end));
  }
}

/** A sum of rows: how many, their mean, and their squares about it. */
function emptyRows() {
  return { size: 0, mean: 0, squares: 0 };
}

function emptied(rows) {
  rows.size = 0;
  rows.mean = 0;
  rows.squares = 0;
}

/** Join `size` rows: Chan, Golub and LeVeque (1983), doi:10.1080/00031305.1983.10483115. */
function joinRows(rows, size, mean, squares) {
  const gap = mean - rows.mean;
  const share = size / (rows.size + size);
  rows.squares += squares + share * rows.size * gap * gap;
  rows.mean += share * gap;
  rows.size += size;
}

/** Join `size` new rows of N(mean, variance). */
function joinDrawn(stream, rows, size, mean, variance) {
  if (size === 0) return;
  const drawn = mean + Math.sqrt(variance / size) * drawNormal(stream);
  const squares = size === 1 ? 0 : 2 * variance * drawGamma(stream, (size - 1) / 2);
  joinRows(rows, size, drawn, squares);
}

function statistics(stream, settings, k, mean, variance) {
  const { policy, n_samples: n, n_fresh, sampling_bias, ddof } = settings;
  const train = emptyRows();
  emptied(train);
  joinDrawn(stream, train, n, 0, 1);
  const firstMean = train.mean;
  const firstSquares = train.squares;
  for (let t = 0; t < mean.length; t++) {
    if (t > 0) {
      const newest = sampling_bias * variance[t - 1];
      if (policy !== "accumulate") emptied(train);
      if (policy === "anchored") joinRows(train, n, firstMean, firstSquares);
      if (policy === "fresh") joinDrawn(stream, train, k, 0, 1);
      joinDrawn(stream, train, policy === "fresh" ? n - k : n, mean[t - 1], newest);
      if (policy === "accumulate") joinDrawn(stream, train, n_fresh, 0, 1);
    }
    mean[t] = train.mean;
    variance[t] = train.squares / (train.size - ddof);
  }
}

/** Mix: k of the n original rows, drawn again in each generation, beside n - k newest ones. */
function mixedRows(stream, settings, k, mean, variance) {
  const { n_samples: n, sampling_bias, ddof } = settings;
  const original = new Float64Array(n);
  for (let i = 0; i < n; i++) original[i] = drawNormal(stream);
  const train = emptyRows();
  emptied(train);
  joinPicked(stream, train, original, n, n);
  for (let t = 0; t < mean.length; t++) {
    if (t > 0) {
      emptied(train);
      joinPicked(stream, train, original, n, k);
      joinDrawn(stream, train, n - k, mean[t - 1], sampling_bias * variance[t - 1]);
    }
    mean[t] = train.mean;
    variance[t] = train.squares / (train.size - ddof);
  }
}

/** Subsample: n of all rows published so far, drawn again in each generation. */
function pooledRows(stream, settings, k, mean, variance) {
  const { n_samples: n, n_fresh, sampling_bias, ddof } = settings;
  const pool = new Float64Array(n + (mean.length - 1) * (n + n_fresh));
  const train = emptyRows();
  let size = 0;
  for (let i = 0; i < n; i++) pool[size++] = drawNormal(stream);
  for (let t = 0; t < mean.length; t++) {
    if (t > 0) {
      const std = Math.sqrt(sampling_bias * variance[t - 1]);
      for (let i = 0; i < n; i++) pool[size++] = mean[t - 1] + std * drawNormal(stream);
      for (let i = 0; i < n_fresh; i++) pool[size++] = drawNormal(stream);
    }
    emptied(train);
    joinPicked(stream, train, pool, size, n);
    mean[t] = train.mean;
    variance[t] = train.squares / (n - ddof);
  }
}

/** Join k of the first `size` rows, drawn without replacement by shuffling them to the front. */
function joinPicked(stream, train, rows, size, k) {
  if (k === 0) return;
  if (k < size) {
    for (let i = 0; i < k; i++) {
      const other = i + Math.floor(drawUniform(stream) * (size - i));
      const row = rows[other];
      rows[other] = rows[i];
      rows[i] = row;
    }
  }
  let sum = 0;
  for (let i = 0; i < k; i++) sum += rows[i];
  const mean = sum / k;
  let squares = 0;
  for (let i = 0; i < k; i++) squares += (rows[i] - mean) * (rows[i] - mean);
  joinRows(train, k, mean, squares);
}
