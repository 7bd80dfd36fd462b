/**
 * The state of a frames figure: {v, condition, generation, playing}, plain JSON. In a link it is
 * `#fig=NAME&v=2&condition=...&generation=...`. What cannot be read is left out; a generation that
 * a condition does not have becomes the nearest that it has.
 */

import { linkPart } from "../view/links.mjs";
import { nearestIndex } from "./store.mjs";

/**
 * @param {Object} raw
 * @param {import("./store.mjs").Condition[]} conditions
 * @param {?Object} base  a complete state
 */
export function completeState(raw, conditions, base = null) {
  const named = (name) => conditions.find((condition) => condition.name === name);
  const condition = named(raw.condition) ?? named(base?.condition) ?? conditions[0];
  const { generations } = condition;
  const wanted = [raw.generation, base?.generation].find(Number.isFinite) ?? generations[0];
  const generation = generations[nearestIndex(generations, wanted)];
  const playing = raw.playing ?? base?.playing;
  return { v: 2, condition: condition.name, generation, playing: playing === true };
}

/** A figure's part of the hash. */
export function stateLink(name, state, hasChoice) {
  return linkPart(name, state, hasChoice ? ["condition", "generation"] : ["generation"]);
}

/** What the texts of a link say. */
export function stateOfLink(texts) {
  const generation = /^[0-9]/.test(texts.generation ?? "") ? Number(texts.generation) : NaN;
  return { condition: texts.condition, generation, playing: false };
}
