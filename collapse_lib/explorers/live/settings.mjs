/**
 * The settings of a live figure: what can be used of a state or a link. A link holds what differs
 * from the figure's first state or from the defaults, and is read on top of the first state. What
 * cannot be read is left out; what is too large or too small is clamped.
 */

import { linkPart } from "../view/links.mjs";
import { linkNumber, putChoices, putNumbers } from "../view/settings.mjs";

/** @typedef {Object<string, any>} Settings  plain JSON, see the defaults of view/settings.json */

export const POLICY_NAMES = {
  replace: "Replace: newest samples only",
  accumulate: "Accumulate: keep every row",
  subsample: "Accumulate, train on n of them",
  mix: "Mix: reuse some real rows",
  fresh: "Fresh: new real rows each time",
  anchored: "Anchored: all real rows stay",
};

/**
 * @param {Object} shared  meta.settings
 * @returns {{complete: function(Settings, Settings=): Settings, link: function(string, Settings,
 *   Settings): string, ofLink: function(Object<string, string>): Settings,
 *   runKey: function(Settings): string}}
 */
export function createSettings({ limits, defaults, measures, counts, of_run }) {
  const linked = [...Object.keys(limits), "counts", "policy", "measure", "revealed", "guess"];

  /** Complete, valid settings: what raw says where it can be used, else what base says. */
  function complete(raw, base = defaults) {
    const found = { ...base, v: defaults.v };
    const choices = { family: Object.keys(measures), policy: Object.keys(POLICY_NAMES) };
    putChoices(found, raw, { ...choices, autoplay: [true, false], revealed: [true, false] });
    if (areCounts(raw.counts, counts)) found.counts = raw.counts.slice();
    if (Array.isArray(raw.names)) found.names = raw.names.map(tidyName);
    const padding = found.counts.map((_, i) => found.names[i] ?? `colour ${i + 1}`);
    found.names = padding.slice(0, found.counts.length);
    const known = measures[found.family];
    found.measure = [raw.measure, base.measure].find((each) => known.includes(each)) ?? known[0];
    putNumbers(found, raw, limits);
    if (Number.isFinite(raw.guess)) found.guess = raw.guess;
    found.colour = Math.min(found.colour, found.counts.length - 1);
    found.runs = Math.min(found.runs, found.n_replicates);
    const followsEnd = raw.t === undefined && base.t >= base.n_generations;
    found.t = followsEnd ? found.n_generations : Math.min(found.t, found.n_generations);
    return found;
  }

  /** The part of a link that belongs to one figure; initial: the figure's first state. */
  function link(name, settings, initial) {
    const usual = complete({ family: settings.family });
    return linkPart(name, settings, linked.filter((key) => {
      const text = String(settings[key]);
      const isKnown = text === String(usual[key]) && text === String(initial[key]);
      const isAtEnd = key === "t" && settings.t === settings.n_generations;
      return settings[key] !== null && !isAtEnd && !isKnown;
    }));
  }

  /** What the texts of a link say, as far as they can be read. */
  function ofLink(texts) {
    const raw = {};
    for (const key of linked) if (key in texts) raw[key] = valueOf(key, texts[key]);
    return raw;
  }

  function valueOf(key, text) {
    if (key === "counts") return text.split(",").map(linkNumber);
    if (key === "revealed") return text === "true";
    return Object.hasOwn(limits, key) || key === "guess" ? linkNumber(text) : text;
  }

  /** Two settings with one text have one run on rows, with the same numbers. */
  function runKey(settings) {
    return JSON.stringify(of_run.map((key) => settings[key]));
  }

  return { complete, link, ofLink, runKey };
}

/**
 * The settings that make a difference, given the others.
 * @param {Settings} s
 * @returns {Set<string>}
 */
export function effectiveKeys(s) {
  const keys = new Set(["policy", "measure", "n_samples", "n_generations", "n_replicates"]);
  keys.add("seed").add("t");
  if (s.policy === "mix" || s.policy === "fresh") keys.add("real_fraction");
  if (s.policy === "accumulate" || s.policy === "subsample") keys.add("n_fresh");
  if (s.family === "gaussian") keys.add("sampling_bias").add("ddof");
  else if (!keptForEver(s)) keys.add("temperature");
  if (s.family === "urn" && s.measure !== "diversity") keys.add("colour");
  if (s.measure !== "gone") keys.add("runs");
  return keys;
}

/** Whether only real rows decide which colours are there: what is kept cannot be lost again. */
function keptForEver({ measure, policy }) {
  return measure === "gone" && (policy === "accumulate" || policy === "anchored");
}

function areCounts(counts, { least, most, largest }) {
  if (!Array.isArray(counts) || counts.length < least || counts.length > most) return false;
  const usable = counts.every((c) => Number.isFinite(c) && c >= 0 && c <= largest);
  return usable && counts.some((c) => c > 0);
}

function tidyName(name) {
  const text = String(name).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
