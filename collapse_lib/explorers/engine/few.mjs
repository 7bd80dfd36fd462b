/**
 * Binomial draws of few trials, exact, from small tables of the law at the chances g of a grid.
 * A trial that fails at g <= p succeeds at p with the chance r = (p - g) / (1 - g), so that
 * Binomial(n, p) is x from Binomial(n, g) and then Binomial(n - x, r) more, which is mostly none.
 * Tables for every n would crowd one another out of the processor's memory, so x is the sum of a
 * draw for a multiple of 16 trials and one for the rest; what the uniform of the rest leaves over,
 * by where it stands between its bounds, says how many more there are.
 */

import { drawUniform } from "./random.mjs";

export const MOST_TRIALS = 128;

const STEP = 16; // trials between the larger tables
const GRID = 128; // chances 0, 1/128, ..., 1/2
const LAWS = GRID / 2 + 1; // in a table
const CELLS = 64; // of a uniform, each with where its search starts
const EMPTY = 255; // in place of a start: this law is still to be filled in
const LEFT_OVER = Float64Array.from({ length: LAWS }, (_, g) => 1 / (GRID - g));

const BOUNDS_AT = new Int32Array(MOST_TRIALS + 1); // where the table of n trials begins
const STARTS_AT = new Int32Array(MOST_TRIALS + 1);
let nBounds = 0;
let nStarts = 0;
for (let n = 0; n <= MOST_TRIALS; n += n < STEP ? 1 : STEP) {
  BOUNDS_AT[n] = nBounds;
  STARTS_AT[n] = nStarts;
  nBounds += LAWS * (n + 2);
  nStarts += LAWS * CELLS;
}
const BOUNDS = new Float64Array(nBounds); // of each law 0, P(count < 1), P(count < 2), ..., 1
const STARTS = new Uint8Array(nStarts).fill(EMPTY);

/** Successes among n trials, 0..MOST_TRIALS, of the probability p = weight / (weight + other), at
 * most 1/2. (Two whole numbers pass between functions sooner than a fraction.) */
export function drawFew(stream, n, weight, other) {
  const scaled = GRID * (weight / (weight + other));
  const g = Math.floor(scaled);
  const rest = n & (STEP - 1);
  let many = 0;
  if (n >= STEP) {
    const row = filledLaw(n - rest, g);
    const u = drawUniform(stream);
    many = STARTS[STARTS_AT[n - rest] + g * CELLS + Math.floor(u * CELLS)];
    while (u >= BOUNDS[row + many + 1]) many++;
  }
  const row = filledLaw(rest, g);
  const u = drawUniform(stream);
  let at = row + STARTS[STARTS_AT[rest] + g * CELLS + Math.floor(u * CELLS)];
  while (u >= BOUNDS[at + 1]) at++;
  const width = BOUNDS[at + 1] - BOUNDS[at];
  const beyond = BOUNDS[at + 1] - u; // over the width: a uniform once more, in (0, 1]
  const x = many + at - row;
  const r = (scaled - g) * LEFT_OVER[g];
  const mean = (n - x) * r;
  if (beyond > mean * width) return x; // Bonferroni: P(any) <= mean
  const two = (mean * (n - x - 1) * r) / 2; // P(two or more) <= two, so P(any) >= mean - two
  if (beyond > two * width && beyond <= (mean - two) * width) return x + 1;
  return x + countedFromTop(n - x, r, beyond / width);
}

/** Where the bounds of n trials of the probability g / GRID begin, filled in when first asked for;
 * n: below STEP, or a multiple of it. */
function filledLaw(n, g) {
  const row = BOUNDS_AT[n] + g * (n + 2);
  if (STARTS[STARTS_AT[n] + g * CELLS] === EMPTY) fillLaw(n, g, row, STARTS_AT[n] + g * CELLS);
  return row;
}

/** The count that a uniform stands for where the highest counts have the lowest uniforms. */
function countedFromTop(n, r, uniform) {
  let chance = Math.exp(n * Math.log1p(-r));
  let left = 1 - uniform;
  let k = 0;
  while (left >= chance && k < n) {
    left -= chance;
    chance *= ((n - k) * r) / ((k + 1) * (1 - r));
    k++;
  }
  return k;
}

function fillLaw(n, g, row, start) {
  const p = g / GRID;
  let chance = (1 - p) ** n;
  let sum = 0;
  for (let k = 0, cell = 0; k <= n; k++) {
    sum = k === n ? 1 : sum + chance;
    BOUNDS[row + k + 1] = sum;
    for (; cell < CELLS && cell < CELLS * sum; cell++) STARTS[start + cell] = k;
    chance *= ((n - k) * p) / ((k + 1) * (1 - p));
  }
}
