/** The controls of a live figure; what makes no difference is not shown. */

import {
  SLIDERS, evenSteps, gridOfControls, seedField, selectField, sliderField, updateFields,
} from "../view/controls.mjs";
import { make } from "../view/dom.mjs";
import { shortName } from "../view/numbers.mjs";
import { MEASURE_CHOICES } from "./measures.mjs";
import { POLICY_NAMES, effectiveKeys } from "./settings.mjs";

const LENGTHS = [10, 20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1000];
const BIASES = evenSteps(0.5, 1, 0.01);
const FEW_RUNS = evenSteps(0, 20, 1);
const LIVE_SLIDERS = {
  ...SLIDERS,
  real_fraction: { text: "Real rows (%)", values: shareSteps, factor: 100 },
  sampling_bias: { text: "Sampling bias", values: () => BIASES },
  n_generations: { text: "Generations", values: () => LENGTHS },
  runs: { text: "Single runs drawn", values: () => FEW_RUNS },
};

const ESTIMATORS = { 0: "divide by n", 1: "divide by n − 1" };
const MAIN = ["policy", "real_fraction", "n_samples", "measure", "colour", "ddof"];
const MORE = ["temperature", "sampling_bias", "n_fresh", "runs", "n_generations", "n_replicates"];

/**
 * @param {Object} shared  meta.settings
 * @param {function(Object): void} onChange  takes the settings that the reader changed
 * @returns {{main: HTMLElement, more: HTMLElement, seed: HTMLElement,
 *   update: function(Object): void}}
 */
export function createControls({ limits, measures }, onChange) {
  const choose = (key, text, change = onChange) => selectField(key, text, change, choicesOf);
  const fields = {
    policy: choose("policy", "What the next model learns from"),
    measure: choose("measure", "What is drawn"),
    colour: choose("colour", "Colour", ({ colour }) => onChange({ colour: +colour })),
    ddof: choose("ddof", "Variance", ({ ddof }) => onChange({ ddof: +ddof })),
    seed: seedField(limits.seed, onChange),
  };
  for (const [key, slider] of Object.entries(LIVE_SLIDERS)) {
    fields[key] = sliderField(key, slider, limits[key], onChange);
  }
  const grid = (keys) => gridOfControls(keys.map((key) => fields[key].node));
  const more = make("details", { class: "cl-more" }, make("summary", { text: "More settings" }));
  more.append(grid(MORE));

  function choicesOf(key, settings) {
    if (key === "policy") return Object.entries(POLICY_NAMES);
    if (key === "ddof") return Object.entries(ESTIMATORS);
    if (key === "colour") return settings.names.map((name, i) => [String(i), shortName(name)]);
    return measures[settings.family].map((measure) => [measure, MEASURE_CHOICES[measure]]);
  }

  function update(settings) {
    updateFields(fields, effectiveKeys(settings), settings);
  }
  return { main: grid(MAIN), more, seed: fields.seed.node, update };
}

/** Steps of one real row where there are few, else of one per cent. */
function shareSteps({ n_samples }) {
  const count = Math.min(n_samples, 100);
  return Array.from({ length: count + 1 }, (_, i) => i / count);
}
