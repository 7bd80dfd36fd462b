/**
 * Streams of random numbers: one for each pair (seed, replicate), so that more replicates leave the
 * first ones as they were and a longer run keeps its beginning.
 *
 * The generator is sfc32 of Chris Doty-Humphrey's PractRand: 128 bits of state, among them a
 * counter that makes every period at least 2^32. Seed and replicate enter as the three words that
 * its author seeds, each through the one-to-one finaliser of MurmurHash3, so that no two pairs
 * start from the same state.
 *
 * Equal to the last bit on every load of one browser. Browsers may round log and exp differently in
 * the last digit, so another one can show another run of the same law.
 */

const BLOCK = 128; // uniforms made at a time: the loop that makes them keeps its state in registers
const WARM_UP = 16; // words thrown away until every bit of the seed has reached every bit

function scrambled(word) {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** An unstarted stream; `restart` gives it its numbers. One stream serves many replicates. */
export function newStream() {
  return {
    words: new Int32Array(4),
    uniforms: new Float64Array(BLOCK),
    at: BLOCK,
    spare: 0.5, // the second normal of a pair
    hasSpare: false,
  };
}

/** Put the stream at the beginning of replicate 0, 1, ... of a seed (a whole number). */
export function restart(stream, seed, replicate) {
  stream.words[0] = scrambled(seed % 2 ** 32);
  stream.words[1] = scrambled(Math.floor(seed / 2 ** 32) ^ 0x5bd1e995);
  stream.words[2] = scrambled(replicate ^ 0x1b873593);
  stream.words[3] = 1;
  stream.hasSpare = false;
  refill(stream, WARM_UP / 2);
  stream.at = BLOCK;
}

/** Make `size` new uniforms of 53 bits, k / 2^53, from two words each. */
function refill(stream, size) {
  const { words, uniforms } = stream;
  let a = words[0], b = words[1], c = words[2], counter = words[3];
  for (let i = 0; i < size; i++) {
    const first = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + first) | 0;
    const second = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + second) | 0;
    uniforms[i] = ((first >>> 5) * 67108864 + (second >>> 6)) / 9007199254740992;
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = counter;
  stream.at = 0;
}

/** Uniform in [0, 1). */
export function drawUniform(stream) {
  if (stream.at === BLOCK) refill(stream, BLOCK);
  return stream.uniforms[stream.at++];
}

/** Standard normal: Marsaglia's polar method, doi:10.1137/1006063. */
export function drawNormal(stream) {
  if (stream.hasSpare) {
    stream.hasSpare = false;
    return stream.spare;
  }
  let x, y, square;
  do {
    x = 2 * drawUniform(stream) - 1;
    y = 2 * drawUniform(stream) - 1;
    square = x * x + y * y;
  } while (square >= 1 || square === 0);
  const stretch = Math.sqrt((-2 * Math.log(square)) / square);
  stream.spare = y * stretch;
  stream.hasSpare = true;
  return x * stretch;
}
