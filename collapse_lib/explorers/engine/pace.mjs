/** How many runs a page draws before it shows them: a hand that moves a slider wants an answer. */

import { realRows } from "./chains.mjs";
import { MOST_REPEATED } from "./repeats.mjs";

const FRAME = 7.5e6; // nanoseconds of drawing that leave a frame's time for the picture

// Nanoseconds as they were measured; only their sizes beside one another and FRAME matter.
const STATE = 30; // of an urn
const BINOMIAL = 50;
const THINNED = 5 / 3; // hypergeometric draws, in binomial ones
const FROM_TABLE = 0.4;
const STATISTICS = 75; // of rows of a Gaussian: a normal and a gamma draw
const ROW = 12; // drawn, or picked out of few

/** Runs to draw at a time: all of them, or equal parts of which each takes about one frame. */
export function runsAtATime(s) {
  const one = s.n_generations * (s.family === "urn" ? urnCost(s) : normalCost(s));
  const parts = Math.max(1, Math.ceil((s.n_replicates * one) / FRAME));
  return Math.ceil(s.n_replicates / Math.min(parts, s.n_replicates));
}

function urnCost(s) {
  let vectors = 1; // multinomial draws in a generation
  if (s.policy === "mix" || s.policy === "fresh") {
    const k = realRows(s);
    if (k > 0) vectors += k <= MOST_REPEATED ? FROM_TABLE : s.policy === "mix" ? THINNED : 1;
  }
  if (s.policy === "subsample") vectors += THINNED;
  if (takesNew(s)) vectors += 1;
  return STATE + BINOMIAL * (s.counts.length - 1) * vectors;
}

function normalCost(s) {
  if (s.policy === "subsample") return 2 * ROW * (2 * s.n_samples + s.n_fresh); // the pool is large
  if (s.policy === "mix") return STATISTICS + ROW * realRows(s);
  return STATISTICS * (s.policy === "fresh" || takesNew(s) ? 2 : 1);
}

function takesNew({ policy, n_fresh }) {
  return (policy === "accumulate" || policy === "subsample") && n_fresh > 0;
}
