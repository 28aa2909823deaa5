/* Songs into PiKaraoke's queue without leaving the page. Without it the same forms load pages. */
(function () {
  "use strict";

  if (window.enrichmentQueue) {
    return;
  }
  window.enrichmentQueue = true;

  async function put(form, body) {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: body,
    });
    return { status: answer.status, said: await answer.json() };
  }

  async function queue(form) {
    const body = new FormData(form);
    let { status, said } = await put(form, body);
    if (status === 400 && said.wants === "singer") {
      const name = window.prompt(said.error); // as PiKaraoke asks for it
      if (!name || !name.trim()) {
        return "";
      }
      body.set("singer", name);
      ({ said } = await put(form, body));
    }
    return said.words || said.error;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-queue]")) {
      return;
    }
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true; // pressed twice, it is queued once
    let words;
    try {
      words = await queue(form);
    } catch {
      words = form.closest(".enr").dataset.lost || form.closest(".enr").dataset.failed || "?";
    }
    form.closest(".enr-row").querySelector("[data-said]").textContent = words;
    button.disabled = false;
  });
})();
