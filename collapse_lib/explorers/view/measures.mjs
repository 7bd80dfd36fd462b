/** What is measured: its words, its unit, its axis; and numbers as text. */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const GROUPED = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 });

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

/** A name cut to what fits a label. */
export function shortName(name) {
  return name.length > 28 ? `${name.slice(0, 27)}…` : name;
}

/** A number as text with its thousands apart; with a formatter that is made once. */
export function groupedText(value) {
  return GROUPED.format(value);
}

/** A number as text, at a few significant digits. */
export function numberText(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return powerText(value, 2);
  const rounded = Number(value.toPrecision(digits));
  return groupedText(rounded).replace("-", "−");
}

/** A value of a measure as text with its unit. */
export function valueText(value, measure) {
  const text = measure.factor === 100 ? percentText(value) : numberText(value);
  return `${text}${measure.unit}`;
}

/** Per cent: one decimal below ten and above ninety, unless it is whole. */
export function percentText(value) {
  if (value > 0 && value < 0.05) return "< 0.1";
  const fine = value < 9.95 || (value > 90 && value < 100);
  return String(Number(value.toFixed(fine ? 1 : 0)));
}

/** A power of ten, such as 10⁻⁵. */
export function tenTo(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => RAISED[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

function powerText(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = tenTo(Number(exponent));
  if (Number(mantissa) === 1) return power;
  return `${String(Number(mantissa)).replace("-", "−")} × ${power}`;
}
