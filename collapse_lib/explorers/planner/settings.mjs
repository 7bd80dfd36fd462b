/**
 * The state of a planner: what the reader sets, plain JSON. In a link it is read on top of the
 * figure's first state; what cannot be read is left out, what is too large or too small is clamped.
 * adoption is there only where the figure was made with it.
 */

import { linkPart } from "../view/links.mjs";
import { linkNumber, putChoices, putNumbers } from "../view/settings.mjs";

export const REMEDIES = {
  fresh: "New real rows in every generation",
  mix: "The original real rows, again and again",
  accumulate: "Everything ever published is kept",
};

export const KEPT = { diversity: "the diversity kept", kinds: "the kinds still alive" };

/**
 * @param {Object} shared  meta.settings
 * @param {string[]} worlds  names of the worlds there are
 */
export function createPlans({ limits, defaults, measures }, worlds) {
  const choices = { world: worlds, policy: Object.keys(REMEDIES), measure: measures };
  const linked = [...Object.keys(choices), ...Object.keys(limits)];

  /** The plan that a figure starts from, as Python's state has it. */
  function first(state) {
    return complete(state, "adoption" in state ? { ...defaults, adoption: 1 } : defaults);
  }

  /** A complete, valid plan: what raw says where it can be used, else what base says. */
  function complete(raw, base) {
    const found = { ...base, v: defaults.v };
    putChoices(found, raw, choices);
    putNumbers(found, raw, limits);
    return found;
  }

  /** The part of a link that belongs to one figure: what differs from its first state or from the
   * defaults. */
  function link(name, plan, initial) {
    const isUsual = (key) => plan[key] === initial[key] && plan[key] === defaults[key];
    return linkPart(name, plan, linked.filter((key) => !isUsual(key)));
  }

  /** What the texts of a link say, as far as they can be read. */
  function ofLink(texts) {
    const said = linked.filter((key) => key in texts);
    const valueOf = (key) => (key in limits ? linkNumber(texts[key]) : texts[key]);
    return Object.fromEntries(said.map((key) => [key, valueOf(key)]));
  }

  return { first, complete, link, ofLink };
}

/** The settings that make a difference, given the others. */
export function planKeys(plan) {
  const { policy, real_fraction, hit_rate, adoption } = plan;
  const keys = new Set(Object.keys(plan));
  const kept = policy === "accumulate";
  if (!kept) keys.delete("n_fresh");
  if (kept) keys.delete("real_fraction");
  const isAllReal = kept || real_fraction === 1;
  if (isAllReal || adoption === 0) keys.delete("hit_rate"); // there is nothing to catch
  const uncaught = hit_rate === 0 && adoption > 0; // where both are zero one of the two must stay
  if (isAllReal || uncaught) keys.delete("adoption");
  if (kept || real_fraction === 0) keys.delete("false_alarm_rate");
  return keys;
}
