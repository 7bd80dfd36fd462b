/** Numbers and names as text. */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const GROUPED = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 });

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
