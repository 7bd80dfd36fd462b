/** The value made for the last key, made anew for another. */
export function remember() {
  let last = null;
  let value = null;
  return (key, makeValue) => {
    if (key !== last) {
      value = makeValue();
      last = key;
    }
    return value;
  };
}
