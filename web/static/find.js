/* The filters of the guests' page hold as soon as they are chosen. Without it there is the button. */
(function () {
  "use strict";

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form && event.target.matches("select")) {
      form.requestSubmit();
    }
  });
})();
