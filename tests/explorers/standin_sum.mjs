/** What the stand-in imports. */

const ONE = 1;

/** A name ends no script: </ script> and <! -- would, were they written in one piece. */
export const NAMES_BEFORE = "Names: ";

export function plusOne(number) {
  return number + ONE;
}
