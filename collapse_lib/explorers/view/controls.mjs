/** The controls: native elements with labels; what makes no difference is not shown. */

import { make, setAttribute } from "./dom.mjs";
import { groupedText, MEASURE_CHOICES, shortName } from "./measures.mjs";
import { LIMITS, MEASURES_OF, POLICY_NAMES, effectiveKeys } from "./settings.mjs";

const LADDER = [1, 2, 5].flatMap((k) => [...Array(13).keys()].map((power) => k * 10 ** power));
LADDER.sort((a, b) => a - b);

const SIZES = LADDER.filter((n) => n >= 10 && n <= 1e12);
const BANDS = SIZES.filter((n) => n <= 1000);
const ADDED = [0, ...LADDER.filter((n) => n <= 1e6)];
const LENGTHS = [10, 20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1000];
const TEMPERATURES = evenSteps(0.5, 2, 0.05);
const BIASES = evenSteps(0.5, 1, 0.01);
const FEW_RUNS = evenSteps(0, 20, 1);

/**
 * A slider goes through `values`, the number beside it takes any value within the limits.
 * factor: from the setting to the number that is shown.
 */
export const SLIDERS = {
  n: { text: "Rows per generation, n", values: () => SIZES },
  share: { text: "Real rows (%)", values: shareSteps, factor: 100 },
  newRows: { text: "New real rows each time", values: () => ADDED },
  temperature: { text: "Temperature", values: () => TEMPERATURES },
  bias: { text: "Sampling bias", values: () => BIASES },
  generations: { text: "Generations", values: () => LENGTHS },
  replicates: { text: "Runs in the band", values: () => BANDS },
  runs: { text: "Single runs drawn", values: () => FEW_RUNS },
};

const ESTIMATORS = { 0: "divide by n", 1: "divide by n − 1" };
const MAIN = ["policy", "share", "n", "measure", "colour", "ddof"];
const MORE = ["temperature", "bias", "newRows", "runs", "generations", "replicates"];

/**
 * @param {function(Object): void} onChange  takes the settings that the reader changed
 * @returns {{main: HTMLElement, more: HTMLElement, seed: HTMLElement,
 *   update: function(Object): void}}
 */
export function createControls(onChange) {
  const fields = {
    policy: selectField("policy", "What the next model learns from", onChange),
    measure: selectField("measure", "What is drawn", onChange),
    colour: selectField("colour", "Colour", (change) => onChange({ colour: +change.colour })),
    ddof: selectField("ddof", "Variance", (change) => onChange({ ddof: +change.ddof })),
    seed: seedField(onChange),
  };
  for (const key of Object.keys(SLIDERS)) fields[key] = sliderField(key, SLIDERS[key], onChange);
  const grid = (keys) => make("div", { class: "cl-grid-of-controls" }, ...keys.map(nodeOf));
  const nodeOf = (key) => fields[key].node;
  const more = make("details", { class: "cl-more" }, make("summary", { text: "More settings" }));
  more.append(grid(MORE));

  function update(settings) {
    const effective = effectiveKeys(settings);
    for (const [key, field] of Object.entries(fields)) {
      field.node.hidden = !effective.has(key);
      if (effective.has(key)) field.update(settings);
    }
  }
  return { main: grid(MAIN), more, seed: fields.seed.node, update };
}

function choicesOf(key, settings) {
  if (key === "policy") return Object.entries(POLICY_NAMES);
  if (key === "ddof") return Object.entries(ESTIMATORS);
  if (key === "colour") return settings.names.map((name, i) => [String(i), shortName(name)]);
  return MEASURES_OF[settings.family].map((measure) => [measure, MEASURE_CHOICES[measure]]);
}

export function selectField(key, text, onChange, choicesFor = choicesOf) {
  const select = make("select", { "data-cl-key": key });
  const node = make("label", { class: "cl-field" }, make("span", { text }), select);
  let known = "";
  select.addEventListener("change", () => onChange({ [key]: select.value }));
  return {
    node,
    update(settings) {
      const choices = choicesFor(key, settings);
      if (JSON.stringify(choices) !== known) {
        known = JSON.stringify(choices);
        select.replaceChildren(
          ...choices.map(([value, label]) => make("option", { value, text: label })),
        );
      }
      if (select.value !== String(settings[key])) select.value = settings[key];
    },
  };
}

export function sliderField(key, { text, values, factor = 1, limits = LIMITS[key] }, onChange) {
  const range = make("input", { type: "range", min: 0, step: 1, "data-cl-key": key });
  const number = numberInput(key, text, factor, onChange, limits);
  const label = make("label", {}, make("span", { text }), range); // laid out as if not there
  const wide = limits[1] > 1e6 ? " cl-field-wide" : "";
  const node = make("div", { class: `cl-field cl-field-slider${wide}` }, label, number.node);
  let steps = [];
  range.addEventListener("input", () => onChange({ [key]: steps[range.valueAsNumber] }));
  return {
    node,
    update(settings) {
      steps = values(settings);
      if (Number(range.max) !== steps.length - 1) range.max = steps.length - 1;
      const position = nearest(steps, settings[key]);
      if (range.valueAsNumber !== position) range.value = position;
      const shown = groupedText(Number((settings[key] * factor).toFixed(3)));
      setAttribute(range, "aria-valuetext", shown);
      number.update(settings);
    },
  };
}

export function seedField(onChange) {
  const number = numberInput("seed", null, 1, onChange);
  const node = make("label", { class: "cl-seed" }, make("span", { text: "Seed" }), number.node);
  return { node, update: number.update };
}

/** A number field; while it is being typed into, only a usable number changes anything. */
function numberInput(key, text, factor, onChange, limits = LIMITS[key]) {
  const [lower, upper, whole] = limits;
  const [min, max] = [lower * factor, upper * factor];
  const aria = text && `${text}, exact`;
  const bounds = { type: "number", min, max, step: whole ? 1 : "any", inputmode: "decimal" };
  const node = make("input", { ...bounds, "aria-label": aria, "data-cl-key": key });
  let last = null;
  let step = 1;
  const usable = () => node.value !== "" && node.valueAsNumber >= min && node.valueAsNumber <= max;
  const send = () => usable() && onChange({ [key]: node.valueAsNumber / factor });
  node.addEventListener("input", send);
  node.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (whole || !way || !usable()) return;
    event.preventDefault(); // the browser's own step of "any" is 1
    const next = (Math.round(node.valueAsNumber / step) + way) * step;
    node.value = Number(Math.min(max, Math.max(min, next)).toFixed(6));
    send();
  });
  node.addEventListener("change", () => {
    if (!usable()) node.value = shownNumber(last, factor);
  });
  return {
    node,
    update(settings) {
      last = settings[key];
      step = { share: 100 / Math.min(settings.n, 100), temperature: 0.05, bias: 0.01 }[key] ?? 1;
      const typing = node.getRootNode().activeElement === node && usable();
      const same = node.valueAsNumber === shownNumber(last, factor);
      if (!same && !(typing && node.valueAsNumber / factor === last)) {
        node.value = shownNumber(last, factor);
      }
    },
  };
}

function shownNumber(value, factor) {
  return Number((value * factor).toPrecision(13));
}

function nearest(steps, value) {
  let best = 0;
  for (let i = 1; i < steps.length; i++) {
    if (Math.abs(steps[i] - value) <= Math.abs(steps[best] - value)) best = i;
  }
  return best;
}

function evenSteps(lower, upper, step) {
  const count = Math.round((upper - lower) / step);
  return Array.from({ length: count + 1 }, (_, i) => Number((lower + i * step).toFixed(6)));
}

/** Steps of one real row where there are few, else of one per cent. */
function shareSteps({ n }) {
  const count = Math.min(n, 100);
  return Array.from({ length: count + 1 }, (_, i) => i / count);
}
