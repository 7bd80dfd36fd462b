/**
 * What the settings of every figure share. Limits, defaults and measures are those of
 * view/settings.json, which Python reads too and sends with a figure as meta.settings.
 */

/**
 * @typedef {{limits: Object<string, [number, number, boolean]>, defaults: Object, measures}} Shared
 * limits: key -> [lower, upper, whole].
 */

/** Put the numbers of raw that can be used into found: whole where they must be, and clamped. */
export function putNumbers(found, raw, limits) {
  for (const [key, [lower, upper, whole]] of Object.entries(limits)) {
    if (!(key in found) || !Number.isFinite(raw[key])) continue;
    found[key] = Math.min(upper, Math.max(lower, whole ? Math.round(raw[key]) : raw[key]));
  }
}

/** Put what raw says into found where it is one of the values allowed, { key: values }. */
export function putChoices(found, raw, choices) {
  for (const [key, allowed] of Object.entries(choices)) {
    if (allowed.includes(raw[key])) found[key] = raw[key];
  }
}

/** A number as a link says it; NaN for other texts. */
export function linkNumber(text) {
  return /^-?[0-9]/.test(text) ? Number(text) : NaN;
}
