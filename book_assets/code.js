/* The switch of a page: all its code open or closed, as on the page before. */
{
  const KEY = "model-collapse-loop-code";
  const button = document.querySelector(".cl-code-switch button");

  const isShown = () => button.getAttribute("aria-pressed") === "true";

  const show = (shown) => {
    button.setAttribute("aria-pressed", shown);
    for (const fold of document.querySelectorAll("details.cl-code")) fold.open = shown;
  };

  // A page inside another may have no storage: the switch then works for that page alone.
  const recall = () => {
    try {
      const state = localStorage.getItem(KEY);
      if (state && (state === "shown") !== isShown()) show(state === "shown");
    } catch {}
  };

  button.addEventListener("click", () => {
    show(!isShown());
    try {
      localStorage.setItem(KEY, isShown() ? "shown" : "folded");
    } catch {}
  });

  recall();
  addEventListener("pageshow", (event) => event.persisted && recall()); // back from another page
}
