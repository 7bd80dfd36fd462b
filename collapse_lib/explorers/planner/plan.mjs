/**
 * The state of a planner: what the reader sets, plain JSON. In a link it is
 * `#fig=NAME&v=1&share=0.2&...`, read on top of the figure's first state; what cannot be read is
 * left out, what is too large or too small is clamped. adoption is there only where the figure was
 * made with it.
 */

import { LIMITS } from "../view/settings.mjs";

export const PLAN_DEFAULTS = Object.freeze({
  v: 1,
  world: "kinds",
  policy: "fresh",
  n: 100,
  share: 0.1,
  newRows: 0,
  hits: 0,
  alarms: 0,
  temperature: 1,
  generations: 50,
  replicates: 200,
  seed: 1,
  measure: "diversity",
});

/** key -> [lower, upper, whole]; those of planner_settings.py */
export const PLAN_LIMITS = {
  n: LIMITS.n,
  share: LIMITS.share,
  newRows: LIMITS.newRows,
  hits: [0, 1, false],
  alarms: [0, 1, false],
  temperature: LIMITS.temperature,
  generations: [2, 200, true],
  replicates: LIMITS.replicates,
  seed: LIMITS.seed,
  adoption: [0, 1, false],
};

export const REMEDIES = {
  fresh: "New real rows in every generation",
  mix: "The original real rows, again and again",
  accumulate: "Everything ever published is kept",
};

export const KEPT = { diversity: "the diversity kept", kinds: "the kinds still alive" };

const PLAN_LINKED = ["world", "policy", "measure", ...Object.keys(PLAN_LIMITS)];

/** The plan that a figure starts from, as Python's state has it. */
export function firstPlan(state, worlds) {
  const base = "adoption" in state ? { ...PLAN_DEFAULTS, adoption: 1 } : PLAN_DEFAULTS;
  return completePlan(state, worlds, base);
}

/**
 * A complete, valid plan: what raw says where it can be used, else what base says.
 * @param {Object} raw
 * @param {string[]} worlds  names of the worlds there are
 * @param {Object} base  a complete plan
 */
export function completePlan(raw, worlds, base) {
  const found = { ...base, v: 1 };
  const choices = { world: worlds, policy: Object.keys(REMEDIES), measure: Object.keys(KEPT) };
  for (const [key, allowed] of Object.entries(choices)) {
    if (allowed.includes(raw[key])) found[key] = raw[key];
  }
  for (const [key, [lower, upper, whole]] of Object.entries(PLAN_LIMITS)) {
    if (!(key in base) || !Number.isFinite(raw[key])) continue;
    found[key] = Math.min(upper, Math.max(lower, whole ? Math.round(raw[key]) : raw[key]));
  }
  return found;
}

/** The settings that make a difference, given the others. */
export function planKeys({ policy, share, hits, adoption }) {
  const keys = new Set(Object.keys(PLAN_LIMITS)).add("world").add("policy").add("measure");
  const kept = policy === "accumulate";
  if (!kept) keys.delete("newRows");
  if (kept) keys.delete("share");
  if (kept || share === 1 || adoption === 0) keys.delete("hits"); // there is nothing to catch
  const uncaught = hits === 0 && adoption > 0; // where both are zero one of the two must stay
  if (adoption === undefined || kept || share === 1 || uncaught) keys.delete("adoption");
  if (kept || share === 0) keys.delete("alarms");
  return keys;
}

/** The part of a link that belongs to one figure, without "#": what differs from its first state or
 * from the defaults. */
export function planLink(name, plan, initial) {
  const parts = [`fig=${encodeURIComponent(name)}`, "v=1"];
  for (const key of PLAN_LINKED) {
    const usual = plan[key] === initial[key] && plan[key] === PLAN_DEFAULTS[key];
    if (!usual) parts.push(`${key}=${encodeURIComponent(plan[key])}`);
  }
  return parts.join("&");
}

/** What the texts of a link say, as far as they can be read. */
export function planOfLink(texts) {
  const raw = {};
  for (const key of PLAN_LINKED) {
    if (!(key in texts)) continue;
    const isNumber = Object.hasOwn(PLAN_LIMITS, key);
    raw[key] = isNumber && /^-?[0-9]/.test(texts[key]) ? Number(texts[key]) : texts[key];
  }
  return raw;
}
