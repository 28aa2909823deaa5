/* The filters of the guests' page hold as soon as they are chosen. Without it there is the button. */
(function () {
  "use strict";

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form && event.target.matches("select")) {
      form.requestSubmit();
    }
  });

  /* Of several that may be ticked: once they are, and the choice is closed. */
  document.querySelectorAll("form[data-at-once] details[data-several]").forEach((choice) => {
    const ticked = () =>
      Array.from(choice.querySelectorAll("input:checked"), (box) => box.value).join("\n");
    const before = ticked();
    choice.addEventListener("toggle", () => {
      if (!choice.open && ticked() !== before) {
        choice.closest("form").requestSubmit();
      }
    });
  });
})();
