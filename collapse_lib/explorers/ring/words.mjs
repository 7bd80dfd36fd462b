/** What the ring shows, in words and as columns. */

import { countsOf } from "./family.mjs";

export const NOTES = {
  source: "real objects",
  mix: "training set",
  fit: "learned shares",
  sample: "new objects",
  measure: "colours left",
};

export function leftWords(family, t) {
  return `${family.left(t)} of ${family.K} colours left`;
}

/** The share of the most frequent colour. */
export function largestShare(family, t) {
  return `${Math.round((100 * Math.max(...family.counts(t))) / family.n)} %`;
}

/** What stands at generation t. */
export function resultSentence(family, t, policy) {
  const { n, K } = family;
  if (t === 0) return `Before the first turn: ${n} real objects in ${K} colours.`;
  const head = `Generation ${t}: ${leftWords(family, t)}`;
  if (policy === "mix") {
    return `${head}. A colour that is missed can come back: the real objects are asked again.`;
  }
  return (
    `${head}, the most frequent with ${largestShare(family, t)}. All ${n} objects descend from ` +
    `${family.founders(t)} of the first ${n}.`
  );
}

/** What happens on the way to a station in turn t. */
export function stepSentence(family, t, station) {
  const { n } = family;
  const real = family.taken(t).filter((i) => i >= n).length;
  const copied = new Set(family.parents(t)).size;
  const mixes = {
    [n]: `the ${n} real objects are the first training set.`,
    0: `the ${n} newest samples are the next training set.`,
  };
  return {
    mix: `Mix: ${mixes[real] ?? `${real} real objects and ${n - real} of the newest samples.`}`,
    fit: "Fit: the model learns the share of each colour. It keeps nothing else.",
    sample: `Sample: it paints ${n} new objects; ${n - copied} of the ${n} were not copied.`,
    measure: `Measure: ${leftWords(family, t)}.`,
  }[station];
}

/** The columns of the data table. */
export function columnsOf(family) {
  const turns = Array.from({ length: family.T }, (_, i) => i + 1);
  const columns = new Map([["generation", turns]]);
  columns.set("real training objects", turns.map((t) =>
    family.taken(t).filter((i) => i >= family.n).length));
  columns.set("colours left", turns.map(family.left));
  columns.set("real objects they descend from", turns.map(family.founders));
  for (let k = 0; k < family.K; k++) {
    columns.set(`colour ${k + 1}`, turns.map((t) => family.counts(t)[k]));
  }
  return columns;
}

/** What is shown as plain JSON, for tests and for the curious. */
export function plainData(family, t) {
  const { n, K } = family;
  const turns = Array.from({ length: family.T + 1 }, (_, i) => i);
  return {
    n, t,
    counts: turns.map(family.counts),
    train: turns.map((each) => countsOf(family.train(each), K)),
    left: turns.map(family.left),
    founders: turns.map(family.founders),
  };
}
