/* A form is sent once: the second half of a double click came after the first had been answered, and
   its refusal ("another list is being taken in") was all that the page showed. */
(function () {
  "use strict";

  if (window.enrichmentOnce) {
    return;
  }
  window.enrichmentOnce = true;

  const AGAIN_AFTER = 5000; // where no answer comes, another press may help
  const underWay = new Map(); // a form -> the button that sent it

  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") {
      return; // a script has taken it
    }
    if (underWay.has(form) && underWay.get(form) === event.submitter) {
      event.preventDefault();
      return;
    }
    underWay.set(form, event.submitter);
    window.setTimeout(() => underWay.delete(form), AGAIN_AFTER);
  });
  window.addEventListener("pageshow", () => underWay.clear());
})();
