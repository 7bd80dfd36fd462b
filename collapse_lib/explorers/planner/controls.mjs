/** The controls of a planner, in three groups: the world, what is collected, the detector. */

import {
  SLIDERS, gridOfControls, seedField, selectField, sliderField, updateFields,
} from "../view/controls.mjs";
import { make } from "../view/dom.mjs";
import { KEPT, REMEDIES, planKeys } from "./settings.mjs";

const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i / 100);
const PLAN_LENGTHS = [2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 125, 150, 175, 200];
const PLAN_SLIDERS = {
  n_samples: { ...SLIDERS.n_samples, text: "Rows a model trains on, n" },
  temperature: { ...SLIDERS.temperature, text: "Decoding temperature" },
  n_generations: { text: "Generations ahead, t", values: () => PLAN_LENGTHS },
  real_fraction: perCent("Real rows in what is collected (%)"),
  n_fresh: SLIDERS.n_fresh,
  hit_rate: perCent("Synthetic rows it catches (%)"),
  false_alarm_rate: perCent("Real rows it takes for synthetic (%)"),
  n_replicates: SLIDERS.n_replicates,
};
const MARK_SLIDERS = { // where only marked rows can be caught
  ...PLAN_SLIDERS,
  real_fraction: { ...perCent("Synthetic share of what is collected (%)"), turned: true },
  hit_rate: perCent("Marked rows it catches (%)"),
  adoption: perCent("Synthetic rows that carry a mark (%)"),
};
const GROUPS = {
  "The world": ["world", "measure", "n_samples", "n_generations", "temperature", "n_replicates"],
  "The training data": ["policy", "real_fraction", "n_fresh"],
  "The detector": ["adoption", "hit_rate", "false_alarm_rate"],
};

/**
 * @param {Object<string, Array>} limits  of meta.settings
 * @param {Array<[string, string]>} worlds  [key, name] of each
 * @param {Object} initial  the figure's first plan, with or without adoption
 * @param {function(Object): void} onChange  takes what the reader changed
 * @returns {{groups: HTMLElement[], seed: HTMLElement, update: function(Object): void}}
 */
export function createPlanControls(limits, worlds, initial, onChange) {
  const choices = (key) =>
    ({ world: worlds, policy: Object.entries(REMEDIES), measure: Object.entries(KEPT) })[key];
  const fields = {
    world: selectField("world", "Real shares", onChange, choices),
    measure: selectField("measure", "What is counted", onChange, choices),
    policy: selectField("policy", "Where real rows come from", onChange, choices),
    seed: seedField(limits.seed, onChange),
  };
  const sliders = "adoption" in initial ? MARK_SLIDERS : PLAN_SLIDERS;
  for (const [key, slider] of Object.entries(sliders)) {
    const fieldOf = slider.turned ? turnedField : sliderField;
    fields[key] = fieldOf(key, slider, limits[key], onChange);
  }
  const sets = Object.entries(GROUPS).map(([text, keys]) => {
    const there = keys.filter((key) => key in fields).map((key) => fields[key].node);
    const node = make("fieldset", { class: "cl-set" }, make("legend", { text }));
    node.append(gridOfControls(there));
    return { node, keys };
  });

  function update(plan) {
    const effective = planKeys(plan);
    updateFields(fields, effective, plan);
    for (const { node, keys } of sets) node.hidden = !keys.some((key) => effective.has(key));
  }
  return { groups: sets.map(({ node }) => node), seed: fields.seed.node, update };
}

function perCent(text) {
  return { text, values: () => HUNDREDTHS, factor: 100 };
}

/** A slider of one minus the setting; the state keeps the setting itself. */
function turnedField(key, slider, limits, onChange) {
  const turned = (share) => Number((1 - share).toFixed(15)); // 1 - 0.9 is not quite 0.1
  const turn = (change) => onChange({ [key]: turned(change[key]) });
  const field = sliderField(key, slider, limits, turn);
  const update = (plan) => field.update({ ...plan, [key]: turned(plan[key]) });
  return { node: field.node, update };
}
