/** The controls of a planner, in three groups: the world, what is collected, the detector. */

import { SLIDERS, seedField, selectField, sliderField } from "../view/controls.mjs";
import { make } from "../view/dom.mjs";
import { KEPT, PLAN_LIMITS, REMEDIES, planKeys } from "./plan.mjs";

const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i / 100);
const PLAN_LENGTHS = [2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 125, 150, 175, 200];
const PLAN_SLIDERS = {
  n: { ...SLIDERS.n, text: "Rows a model trains on, n" },
  temperature: { ...SLIDERS.temperature, text: "Decoding temperature" },
  generations: { text: "Generations ahead, t", values: () => PLAN_LENGTHS },
  share: { text: "Real rows in what is collected (%)", values: () => HUNDREDTHS, factor: 100 },
  newRows: SLIDERS.newRows,
  hits: { text: "Synthetic rows it catches (%)", values: () => HUNDREDTHS, factor: 100 },
  alarms: { text: "Real rows it takes for synthetic (%)", values: () => HUNDREDTHS, factor: 100 },
  replicates: SLIDERS.replicates,
};
const MARK_SLIDERS = { // where only marked rows can be caught
  ...PLAN_SLIDERS,
  share: { ...PLAN_SLIDERS.share, text: "Synthetic share of what is collected (%)", turned: true },
  hits: { ...PLAN_SLIDERS.hits, text: "Marked rows it catches (%)" },
  adoption: { ...PLAN_SLIDERS.hits, text: "Synthetic rows that carry a mark (%)" },
};
const GROUPS = {
  "The world": ["world", "measure", "n", "generations", "temperature", "replicates"],
  "The training data": ["policy", "share", "newRows"],
  "The detector": ["adoption", "hits", "alarms"],
};

/**
 * @param {Array<[string, string]>} worlds  [key, name] of each
 * @param {Object} initial  the figure's first plan, with or without adoption
 * @param {function(Object): void} onChange  takes what the reader changed
 * @returns {{groups: HTMLElement[], seed: HTMLElement, update: function(Object): void}}
 */
export function createPlanControls(worlds, initial, onChange) {
  const choices = (key) =>
    ({ world: worlds, policy: Object.entries(REMEDIES), measure: Object.entries(KEPT) })[key];
  const fields = {
    world: selectField("world", "Real shares", onChange, choices),
    measure: selectField("measure", "What is counted", onChange, choices),
    policy: selectField("policy", "Where real rows come from", onChange, choices),
    seed: seedField(onChange),
  };
  const sliders = "adoption" in initial ? MARK_SLIDERS : PLAN_SLIDERS;
  for (const [key, slider] of Object.entries(sliders)) {
    const fieldOf = slider.turned ? turnedField : sliderField;
    fields[key] = fieldOf(key, { ...slider, limits: PLAN_LIMITS[key] }, onChange);
  }
  const nodesOf = (keys) => keys.filter((key) => key in fields).map((key) => fields[key].node);
  const gridOf = (keys) => make("div", { class: "cl-grid-of-controls" }, ...nodesOf(keys));
  const sets = Object.entries(GROUPS).map(([text, keys]) => {
    const node = make("fieldset", { class: "cl-set" }, make("legend", { text }), gridOf(keys));
    return { node, keys };
  });

  function update(plan) {
    const effective = planKeys(plan);
    for (const [key, field] of Object.entries(fields)) {
      field.node.hidden = !effective.has(key);
      if (effective.has(key)) field.update(plan);
    }
    for (const { node, keys } of sets) node.hidden = !keys.some((key) => effective.has(key));
  }
  return { groups: sets.map(({ node }) => node), seed: fields.seed.node, update };
}

/** A slider of one minus the setting; the state keeps the setting itself. */
function turnedField(key, slider, onChange) {
  const turned = (share) => Number((1 - share).toFixed(15)); // 1 - 0.9 is not quite 0.1
  const field = sliderField(key, slider, (change) => onChange({ [key]: turned(change[key]) }));
  const update = (plan) => field.update({ ...plan, [key]: turned(plan[key]) });
  return { node: field.node, update };
}
