/**
 * The settings of a live figure: defaults, limits, and the code of links.
 *
 * A link is `#fig=NAME&v=1&n=1000&...`; several figures follow one another, each begun by its
 * `fig`. It holds what differs from the figure's first state or from the defaults, and is read on
 * top of the figure's first state. What cannot be read is left out; what is too large or too small
 * is clamped.
 */

/** @typedef {Object<string, any>} Settings  plain JSON, see SETTINGS_DEFAULTS */

export const SETTINGS_DEFAULTS = Object.freeze({
  v: 1,
  family: "urn",
  counts: [90, 10],
  names: ["yellow", "blue"],
  policy: "replace",
  n: 100,
  share: 0.1,
  newRows: 0,
  bias: 1,
  temperature: 1,
  ddof: 0,
  generations: 200,
  replicates: 200,
  seed: 1,
  measure: "share",
  colour: 1,
  runs: 0,
  t: 200,
  autoplay: false,
  revealed: false,
  guess: null,
});

/** key -> [lower, upper, whole] */
export const LIMITS = {
  n: [10, 1e12, true],
  share: [0, 1, false],
  newRows: [0, 1e12, true],
  bias: [0.5, 1, false],
  temperature: [0.5, 2, false],
  ddof: [0, 1, true],
  generations: [2, 1000, true],
  replicates: [2, 1000, true],
  seed: [0, 4294967295, true],
  colour: [0, 5, true],
  runs: [0, 20, true],
  t: [1, 1000, true],
};

export const POLICY_NAMES = {
  replace: "Replace: newest samples only",
  accumulate: "Accumulate: keep every row",
  subsample: "Accumulate, train on n of them",
  mix: "Mix: reuse some real rows",
  fresh: "Fresh: new real rows each time",
  anchored: "Anchored: all real rows stay",
};

export const MEASURES_OF = {
  urn: ["share", "diversity", "gone"],
  gaussian: ["variance", "mean", "risk"],
};

const MOST_COLOURS = 6;
const LINKED = [...Object.keys(LIMITS), "counts", "policy", "measure", "revealed", "guess"];

/**
 * Complete, valid settings: what raw says where it can be used, else what base says.
 * @param {Settings} raw
 * @param {Settings} base  complete settings
 * @returns {Settings}
 */
export function completeSettings(raw, base = SETTINGS_DEFAULTS) {
  const found = { ...base, v: 1 };
  if (Object.hasOwn(MEASURES_OF, raw.family)) found.family = raw.family;
  if (Object.hasOwn(POLICY_NAMES, raw.policy)) found.policy = raw.policy;
  if (isCounts(raw.counts)) found.counts = raw.counts.slice();
  if (Array.isArray(raw.names)) found.names = raw.names.map(tidyName);
  const padding = found.counts.map((_, i) => found.names[i] ?? `colour ${i + 1}`);
  found.names = padding.slice(0, found.counts.length);
  const measures = MEASURES_OF[found.family];
  for (const wanted of [raw.measure, base.measure, measures[0]]) {
    if (measures.includes(wanted)) {
      found.measure = wanted;
      break;
    }
  }
  for (const [key, [lower, upper, whole]] of Object.entries(LIMITS)) {
    const value = raw[key];
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    found[key] = Math.min(upper, Math.max(lower, whole ? Math.round(value) : value));
  }
  for (const key of ["autoplay", "revealed"]) {
    if (typeof raw[key] === "boolean") found[key] = raw[key];
  }
  if (Number.isFinite(raw.guess)) found.guess = raw.guess;
  found.colour = Math.min(found.colour, found.counts.length - 1);
  found.runs = Math.min(found.runs, found.replicates);
  const followsEnd = raw.t === undefined && base.t >= base.generations;
  found.t = followsEnd ? found.generations : Math.min(found.t, found.generations);
  return found;
}

/**
 * The settings that make a difference, given the others.
 * @param {Settings} s
 * @returns {Set<string>}
 */
export function effectiveKeys(s) {
  const keys = new Set(["policy", "n", "generations", "replicates", "seed", "measure", "t"]);
  if (s.policy === "mix" || s.policy === "fresh") keys.add("share");
  if (s.policy === "accumulate" || s.policy === "subsample") keys.add("newRows");
  if (s.family === "gaussian") keys.add("bias").add("ddof");
  else if (!keptForEver(s)) keys.add("temperature");
  if (s.family === "urn" && s.measure !== "diversity") keys.add("colour");
  if (s.measure !== "gone") keys.add("runs");
  return keys;
}

/**
 * The part of a link that belongs to one figure, without "#".
 * @param {string} name
 * @param {Settings} settings
 * @param {Settings} initial  the figure's first state
 */
export function linkOf(name, settings, initial) {
  const parts = [`fig=${encodeURIComponent(name)}`, "v=1"];
  const usual = completeSettings({ family: settings.family });
  for (const key of LINKED) {
    const text = linkText(settings[key]);
    const known = text === linkText(usual[key]) && text === linkText(initial[key]);
    const atEnd = key === "t" && settings.t === settings.generations;
    if (settings[key] !== null && !atEnd && !known) parts.push(`${key}=${text}`);
  }
  return parts.join("&");
}

/** What the texts of a link say, as far as they can be read. */
export function settingsOfLink(texts) {
  const raw = {};
  for (const key of LINKED) if (key in texts) raw[key] = linkValue(key, texts[key]);
  return raw;
}

/** Whether only real rows decide which colours are there: what is kept cannot be lost again. */
function keptForEver({ measure, policy }) {
  return measure === "gone" && (policy === "accumulate" || policy === "anchored");
}

function isCounts(counts) {
  if (!Array.isArray(counts) || counts.length < 2 || counts.length > MOST_COLOURS) return false;
  const usable = counts.every((c) => Number.isFinite(c) && c >= 0 && c <= 1e12);
  return usable && counts.some((c) => c > 0);
}

function tidyName(name) {
  const text = String(name).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function linkText(value) {
  return Array.isArray(value) ? value.join(",") : String(value);
}

function linkValue(key, text) {
  if (key === "counts") return text.split(",").map(linkNumber);
  if (key === "revealed") return text === "true";
  return Object.hasOwn(LIMITS, key) || key === "guess" ? linkNumber(text) : text;
}

function linkNumber(text) {
  return /^-?[0-9]/.test(text) ? Number(text) : NaN;
}
