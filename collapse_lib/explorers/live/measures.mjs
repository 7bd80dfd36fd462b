/** What is measured: its words, its unit, its axis. */

import { shortName } from "../view/numbers.mjs";

/**
 * @typedef {{label: string, axis: string, factor: number, unit: string, lower: ?number,
 *   upper: ?number, wide: boolean}} Measure
 * axis: the label with its unit; factor: from the engine's unit to the drawn one; lower, upper:
 * fixed ends of the axis; wide: takes a log axis where values span more than two decades.
 */

/**
 * The measure that the settings ask for.
 * @param {import("./settings.mjs").Settings} s
 * @returns {Measure}
 */
export function measureOf(s) {
  const colour = shortName(s.names[s.colour]);
  const plain = { factor: 1, unit: "", lower: 0, upper: null, wide: false };
  const percent = { ...plain, factor: 100, unit: " %" };
  return {
    share: { ...percent, label: `share of ${colour}`, axis: `share of ${colour} (%)` },
    diversity: { ...plain, label: "diversity", axis: "chance that two objects differ" },
    gone: { ...percent, upper: 100, label: `${colour} gone`, axis: `runs without ${colour} (%)` },
    variance: { ...plain, wide: true, label: "variance", axis: "fitted variance" },
    mean: { ...plain, lower: null, label: "mean", axis: "fitted mean" },
    risk: { ...plain, label: "distance", axis: "squared distance to the truth" },
  }[s.measure];
}

/** Names of the measures, for a choice. */
export const MEASURE_CHOICES = {
  share: "share of a colour",
  diversity: "diversity",
  gone: "runs that lost a colour",
  variance: "variance",
  mean: "mean",
  risk: "distance to the truth",
};
