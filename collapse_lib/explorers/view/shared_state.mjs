/** The trait `state`, which the figure and Python both write. */

/**
 * @param {Object} model  an anywidget model with the trait `state`
 * @returns {{write: function(Object): void, hasChanged: function(): boolean}} write: tell the
 *   model, unless it knows; hasChanged: whether the model holds another state than was last written
 *   or seen here, which from now on counts as seen.
 */
export function shareState(model) {
  let known = JSON.stringify(model.get("state"));

  function isNew(state) {
    const text = JSON.stringify(state);
    if (text === known) return false;
    known = text;
    return true;
  }

  return {
    write(state) {
      if (!isNew(state)) return;
      model.set("state", { ...state });
      model.save_changes();
    },
    hasChanged: () => isNew(model.get("state")),
  };
}
