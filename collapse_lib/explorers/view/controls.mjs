/** The fields that controls are made of: native elements with labels. */

import { make, setAttribute } from "./dom.mjs";
import { groupedText } from "./numbers.mjs";

const LADDER = [1, 2, 5].flatMap((k) => [...Array(13).keys()].map((power) => k * 10 ** power));
LADDER.sort((a, b) => a - b);

const SIZES = LADDER.filter((n) => n >= 10 && n <= 1e12);
const BANDS = SIZES.filter((n) => n <= 1000);
const ADDED = [0, ...LADDER.filter((n) => n <= 1e6)];
const TEMPERATURES = evenSteps(0.5, 2, 0.05);

/** The sliders that several figures have. */
export const SLIDERS = {
  n_samples: { text: "Rows per generation, n", values: () => SIZES },
  n_fresh: { text: "New real rows each time", values: () => ADDED },
  temperature: { text: "Temperature", values: () => TEMPERATURES },
  n_replicates: { text: "Runs in the band", values: () => BANDS },
};

export function gridOfControls(nodes) {
  return make("div", { class: "cl-grid-of-controls" }, ...nodes);
}

/** Show the fields of which the settings make use, at their values; hide the others. */
export function updateFields(fields, effective, settings) {
  for (const [key, field] of Object.entries(fields)) {
    field.node.hidden = !effective.has(key);
    if (effective.has(key)) field.update(settings);
  }
}

/** choicesOf(key, settings) -> [value, label] of each choice. */
export function selectField(key, text, onChange, choicesOf) {
  const select = make("select", { "data-cl-key": key });
  const node = make("label", { class: "cl-field" }, make("span", { text }), select);
  let known = "";
  select.addEventListener("change", () => onChange({ [key]: select.value }));
  return {
    node,
    update(settings) {
      const choices = choicesOf(key, settings);
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

/**
 * A slider goes through `values`, the number beside it takes any value within the limits, [lower,
 * upper, whole]. factor: from the setting to the number that is shown.
 */
export function sliderField(key, { text, values, factor = 1 }, limits, onChange) {
  const range = make("input", { type: "range", min: 0, step: 1, "data-cl-key": key });
  const number = numberInput(key, text, factor, limits, onChange);
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

export function seedField(limits, onChange) {
  const number = numberInput("seed", null, 1, limits, onChange);
  const node = make("label", { class: "cl-seed" }, make("span", { text: "Seed" }), number.node);
  return { node, update: number.update };
}

/** A number field; while it is being typed into, only a usable number changes anything. */
function numberInput(key, text, factor, [lower, upper, whole], onChange) {
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
      const row = 100 / Math.min(settings.n_samples, 100);
      step = { real_fraction: row, temperature: 0.05, sampling_bias: 0.01 }[key] ?? 1;
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

export function evenSteps(lower, upper, step) {
  const count = Math.round((upper - lower) / step);
  return Array.from({ length: count + 1 }, (_, i) => Number((lower + i * step).toFixed(6)));
}
