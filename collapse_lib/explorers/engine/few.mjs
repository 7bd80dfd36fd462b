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
const CELLS = 64; // of a uniform, each with where its search starts
const EMPTY = 255; // in place of a start: this law is still to be filled in
const TABLES = new Array(MOST_TRIALS + 1).fill(null); // by trials

/** Successes among n trials, 0..MOST_TRIALS, of the probability p = weight / (weight + other), at
 * most 1/2. (Two whole numbers pass between functions sooner than a fraction.) */
export function drawFew(stream, n, weight, other) {
  const scaled = GRID * (weight / (weight + other));
  const g = Math.floor(scaled);
  const rest = n % STEP;
  const many = n < STEP ? 0 : drawTabled(stream, n - rest, g);
  const { bounds, starts } = filledTable(rest, g);
  const u = drawUniform(stream);
  const row = g * (rest + 2);
  let at = row + starts[g * CELLS + Math.floor(u * CELLS)];
  while (u >= bounds[at + 1]) at++;
  const width = bounds[at + 1] - bounds[at];
  const beyond = bounds[at + 1] - u; // over the width: a uniform once more, in (0, 1]
  const x = many + at - row;
  const r = (scaled - g) / (GRID - g);
  const mean = (n - x) * r;
  if (beyond > mean * width) return x; // Bonferroni: P(any) <= mean
  const two = (mean * (n - x - 1) * r) / 2; // P(two or more) <= two, so P(any) >= mean - two
  if (beyond > two * width && beyond <= (mean - two) * width) return x + 1;
  return x + countedFromTop(n - x, r, beyond / width);
}

/** Successes among n trials of the probability g / GRID. */
function drawTabled(stream, n, g) {
  const { bounds, starts } = filledTable(n, g);
  const u = drawUniform(stream);
  const row = g * (n + 2) + 1;
  let x = starts[g * CELLS + Math.floor(u * CELLS)];
  while (u >= bounds[row + x]) x++;
  return x;
}

/** The table of n trials, with the law at g / GRID in it. */
function filledTable(n, g) {
  const table = TABLES[n] ?? addTable(n);
  if (table.starts[g * CELLS] === EMPTY) fillTable(table, n, g);
  return table;
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

function addTable(n) {
  const laws = GRID / 2 + 1;
  TABLES[n] = {
    bounds: new Float64Array(laws * (n + 2)), // of each law P(count < 0), P(count < 1), ..., 1
    starts: new Uint8Array(laws * CELLS).fill(EMPTY),
  };
  return TABLES[n];
}

function fillTable({ bounds, starts }, n, g) {
  const p = g / GRID;
  const row = g * (n + 2) + 1;
  let chance = (1 - p) ** n;
  let sum = 0;
  for (let k = 0, cell = 0; k <= n; k++) {
    sum = k === n ? 1 : sum + chance;
    bounds[row + k] = sum;
    for (; cell < CELLS && cell < CELLS * sum; cell++) starts[g * CELLS + cell] = k;
    chance *= ((n - k) * p) / ((k + 1) * (1 - p));
  }
}
