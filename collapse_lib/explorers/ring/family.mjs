/** The runs that Python made, as its `Family` gives them: who was copied from whom. */

/**
 * @typedef {Object} Family
 * t: generation 1, 2, ...; at 0 the samples are the real objects. kinds(t), train(t): (n,) kinds of
 * the samples and of the training set; taken(t), parents(t): (n,) places, as in Python;
 * counts(t): (K,); left(t), founders(t): numbers.
 */

/**
 * @param {{counts: number[], limits: Object}} meta
 * @param {DataView} bytes  (policy, run, generation, taken or parents, n)
 * @returns {function({policy: string, seed: number}): Family}
 */
export function createFamilies({ counts, limits }, bytes) {
  const real = counts.flatMap((count, kind) => Array(count).fill(kind));
  const [n, K, T] = [real.length, counts.length, limits.t[1]];
  const [first, last] = limits.seed;
  const held = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = new Map();

  function makeFamily(start) {
    const row = (t, which) => {
      const at = start + (2 * (t - 1) + which) * n;
      return held.subarray(at, at + n);
    };
    const [kinds, trains] = [[real], [real]];
    let marks = real.map((_, i) => i);
    const founders = [n];
    for (let t = 1; t <= T; t++) {
      const [taken, parents] = [row(t, 0), row(t, 1)];
      const train = Array.from(taken, (i) => (i < n ? kinds[t - 1][i] : real[i - n]));
      const carried = Array.from(taken, (i) => (i < n ? marks[i] : i - n));
      trains.push(train);
      kinds.push(Array.from(parents, (i) => train[i]));
      marks = Array.from(parents, (i) => carried[i]);
      founders.push(new Set(marks).size);
    }
    const counted = kinds.map((row) => countsOf(row, K));
    return {
      n, K, T, real,
      kinds: (t) => kinds[t],
      train: (t) => trains[t],
      taken: (t) => row(t, 0),
      parents: (t) => row(t, 1),
      counts: (t) => counted[t],
      left: (t) => counted[t].filter(Boolean).length,
      founders: (t) => founders[t],
    };
  }

  return ({ policy, seed }) => {
    const run = (policy === "mix" ? last - first + 1 : 0) + seed - first;
    if (!known.has(run)) known.set(run, makeFamily(run * T * 2 * n));
    return known.get(run);
  };
}

export function countsOf(kinds, K) {
  const counts = Array(K).fill(0);
  for (const kind of kinds) counts[kind]++;
  return counts;
}
