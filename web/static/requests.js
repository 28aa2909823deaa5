/* What the pages' scripts share: asking the dashboard, and saying what went wrong.
   A log-in that has ended loses nothing that was typed: the page stays, says so, and what is pressed
   after the next log-in counts. */
(function () {
  "use strict";

  if (window.enrichment) {
    return;
  }

  /* `kind` is "away" (no answer), "ended" (not logged in any more) or "refused" (with its words). */
  class Trouble extends Error {
    constructor(kind, words) {
      super(words || kind);
      this.kind = kind;
    }
  }

  function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  }

  async function ask(address, options) {
    let response;
    try {
      response = await fetch(address, { cache: "no-store", credentials: "same-origin", ...options });
    } catch (error) {
      throw error.name === "AbortError" ? error : new Trouble("away");
    }
    if (response.redirected || response.status === 401) {
      throw new Trouble("ended");
    }
    return response;
  }

  async function part(address, name, options) {
    const headers = { Accept: "text/html", "X-Part": name };
    return ask(address, { ...options, headers });
  }

  /* Another log-in has another token: the page's forms are given it. True where it is another one. */
  async function renewToken() {
    const response = await ask(window.location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) {
      throw new Trouble("ended");
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector('input[name="csrf_token"]');
    const forms = Array.from(document.querySelectorAll('input[name="csrf_token"]'));
    const isAnother = fresh && forms.some((field) => field.value !== fresh.value);
    if (isAnother) {
      forms.forEach((field) => {
        field.value = fresh.value;
      });
    }
    return Boolean(isAnother);
  }

  /* Sends a form, with the button that was pressed; once more where only its token was too old. */
  async function send(form, headers, button) {
    const address = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    const post = () =>
      ask(address, { method: "POST", headers, body: new FormData(form, button || undefined) });
    let response = await post();
    if (response.status === 403 && (await renewToken())) {
      response = await post();
    }
    return response;
  }

  async function sendForJson(form, button) {
    const response = await send(form, { Accept: "application/json" }, button);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Trouble("refused", answer.error);
    }
    return answer;
  }

  /* What the page of a refusal says: the status alone would be in English ("NOT FOUND"). */
  function refusal(response, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const words = page.querySelector(".enr-problem");
    return new Trouble("refused", words ? words.textContent : response.statusText);
  }

  /* A form to edit a song in place; `cancel` is called where nothing is to be saved. */
  function editForm(html, cancel) {
    const form = parsed(html);
    form.removeAttribute("id");
    const button = form.querySelector("[data-cancel]");
    button.hidden = false;
    button.addEventListener("click", () => cancel(form));
    return form;
  }

  /* Whether a click is meant for this page, and for no new tab or window. */
  function isPlain(event) {
    return !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  }

  /* Says in `place` what became of `name`; `texts` is the dataset of the page's root. */
  function explain(place, trouble, name, texts) {
    const words = { away: texts.away, ended: texts.ended }[trouble.kind] || trouble.message;
    const title = document.createElement("bdi");
    title.textContent = name;
    place.replaceChildren(...(name ? [title, ": "] : []), words);
    if (trouble.kind === "ended" && texts.login) {
      const link = document.createElement("a");
      link.href = texts.login;
      link.target = "_blank"; // what was typed stays here
      link.rel = "noopener";
      link.textContent = texts.toLogin;
      place.append(" ", link);
    }
  }

  window.enrichment = {
    Trouble, parsed, ask, part, send, sendForJson, refusal, editForm, isPlain, explain,
  };
})();
