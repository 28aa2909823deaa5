/* Keeps the page of lists true while one is taken in, and says of a file that it is too large before
   it is sent: a server that refuses it in the midst of that can hardly be heard. */
(function () {
  "use strict";

  const EVERY = 700;
  const root = document.getElementById("enrichment-lists");
  if (!root || root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";

  const place = document.getElementById("enrichment-draft-progress");

  async function look() {
    try {
      const response = await fetch(root.dataset.progress, {
        cache: "no-store",
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      const now = await response.json();
      if (!response.ok || !now.words) {
        window.location.reload();
        return;
      }
      place.querySelector("[role=status]").textContent = now.words;
      place.querySelector("progress").value = now.value;
    } catch (error) {
      // The dashboard is away for a moment: it is asked again.
    }
    window.setTimeout(look, EVERY);
  }

  if (place) {
    window.setTimeout(look, EVERY);
  }

  const form = document.getElementById("enrichment-upload");
  if (form) {
    form.addEventListener("submit", (event) => {
      const file = form.elements.file.files[0];
      const problem = document.getElementById("enrichment-upload-problem");
      const isTooLarge = Boolean(file) && file.size > Number(root.dataset.largest);
      problem.hidden = !isTooLarge;
      problem.textContent = isTooLarge ? root.dataset.tooLarge : "";
      if (isTooLarge) {
        event.preventDefault();
      }
    });
  }
})();
