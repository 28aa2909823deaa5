/* Typed words are not lost without a question. A form that has `data-unsaved` asks before its page is
   left, and whoever takes it out of a page asks `mayGo` first. With the value "yes" it holds words
   that were refused, which the page has brought along itself. */
(function () {
  "use strict";

  if (window.enrichmentUnsaved) {
    return;
  }

  const { question } = document.currentScript.dataset;
  let sent = null; // the form that is just being sent, and takes its words along

  function isTyped(field) {
    if (field.type === "hidden") {
      return false;
    }
    if (field.options) {
      const chosen = Array.from(field.options).findIndex((each) => each.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    const isTick = ["checkbox", "radio"].includes(field.type);
    return isTick ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  }

  /* The forms in `place` whose words are saved nowhere. */
  function unsaved(place) {
    return Array.from(place.querySelectorAll("form[data-unsaved]")).filter(
      (form) =>
        form.dataset.unsaved === "yes" ||
        Array.from(form.querySelectorAll("input, select, textarea")).some(isTyped),
    );
  }

  /* Whether what stands in `place` may be taken away. */
  function mayGo(place) {
    return !unsaved(place).length || window.confirm(question);
  }

  window.addEventListener("submit", (event) => {
    sent = event.defaultPrevented ? null : event.target;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved(document).some((form) => form !== sent)) {
      event.preventDefault();
    }
    sent = null;
  });

  window.enrichmentUnsaved = { unsaved, mayGo };
})();
