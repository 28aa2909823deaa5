/* The review: one key a decision, and the next song is there already. Without it the same forms load
   pages. What the server sends is a part of its own page, where every name is escaped already. */
(function () {
  "use strict";

  const root = document.getElementById("enrichment-review");
  if (!root || root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";

  let coming = null; // the next song's part of the page, asked for ahead
  let isBusy = false;

  const one = () => document.getElementById("enrichment-one");
  const find = (css) => one().querySelector(css);

  function say(words) {
    document.getElementById("enrichment-problem").textContent = words;
  }

  async function load(address) {
    const response = await fetch(address, {
      cache: "no-store",
      credentials: "same-origin",
      headers: { Accept: "text/html", "X-Part": "review" },
    });
    if (response.redirected || !response.ok) {
      throw new Error("refused");
    }
    return response.text();
  }

  function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  }

  function preload() {
    const address = one().dataset.next;
    coming = address ? { address, html: load(address).catch(() => null) } : null;
  }

  function put(html, address) {
    one().replaceWith(parsed(html));
    if (address) {
      window.history.replaceState(window.history.state, "", address);
    }
    document.getElementById("enrichment-name").focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
    preload();
  }

  /* Shows the next song; the one asked for ahead where it has come. The end is asked for anew once
     the decision is saved: which songs are left depends on it. */
  async function goOn(sent) {
    const next = coming;
    let html = next && (await next.html);
    if (html && !parsed(html).dataset.next) {
      await sent.catch(() => null);
      html = await load(next.address);
    }
    if (html) {
      put(html, next.address);
    } else {
      window.location.assign(one().dataset.next);
    }
  }

  async function send(form) {
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      credentials: "same-origin",
      body: new FormData(form),
      headers: { Accept: "application/json", "X-CSRF-Token": root.dataset.token },
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(answer.error);
    }
    return answer;
  }

  /* What was just done, with the button that takes it back. */
  function showDone(form, name, answer) {
    const place = document.getElementById("enrichment-done");
    const words = document.createElement("p");
    const title = document.createElement("bdi");
    title.textContent = name;
    words.append(title, ": " + answer.words);
    place.replaceChildren(words);
    const left = find(".enr-count-line");
    if (left && left.textContent && answer.waiting) {
      left.textContent = answer.waiting;
    }
    if (!answer.change) {
      return;
    }
    const undo = document.createElement("form");
    undo.method = "post";
    undo.action = form.getAttribute("action").replace(/[^/]+$/, "undo");
    undo.dataset.action = "undo";
    undo.dataset.song = new URL(undo.action).pathname.split("/").slice(-2)[0];
    const fields = { csrf_token: root.dataset.token, change: answer.change, place: "-" };
    Object.entries(fields).forEach(([key, value]) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = key;
      field.value = value;
      undo.append(field);
    });
    const button = document.createElement("button");
    button.className = "button is-small enr-quiet";
    button.textContent = root.dataset.undo + " ";
    const key = document.createElement("kbd");
    key.textContent = "U";
    key.setAttribute("aria-hidden", "true");
    button.append(key);
    undo.append(button);
    place.append(undo);
  }

  /* The next song is shown while the decision is on its way; where that fails, the page says so and
     shows the song again. */
  async function decide(form, isLast) {
    const name = document.getElementById("enrichment-name").textContent;
    const here = window.location.href;
    const sent = send(form);
    const shown = isLast ? goOn(sent) : Promise.resolve();
    try {
      const answer = await sent;
      await shown;
      if (isLast) {
        showDone(form, name, answer);
      } else {
        const song = new URL(form.action).pathname.split("/").slice(-2)[0];
        put(await load(reviewOf(song)));
        showDone(form, name, answer);
      }
    } catch (error) {
      await shown;
      say(root.dataset.failed.replace("{reason}", () => error.message || root.dataset.away));
      put(await load(here), here);
    }
  }

  function reviewOf(song) {
    return window.location.pathname + "?song=" + encodeURIComponent(song);
  }

  async function act(element) {
    if (isBusy) {
      return;
    }
    isBusy = true;
    say("");
    try {
      const action = element.dataset.action;
      if (action === "skip") {
        await goOn(Promise.resolve());
      } else if (action === "undo") {
        const song = new URL(element.action).pathname.split("/").slice(-2)[0];
        await send(element);
        const address = reviewOf(song);
        put(await load(address), address);
      } else {
        const isOnly = one().querySelectorAll(".enr-candidate").length === 1;
        await decide(element, action !== "reject" || isOnly);
      }
    } catch (error) {
      say(root.dataset.failed.replace("{reason}", () => error.message || root.dataset.away));
    } finally {
      isBusy = false;
    }
  }

  root.addEventListener("submit", (event) => {
    if (event.target.dataset.action) {
      event.preventDefault();
      act(event.target);
    }
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest('[data-action="skip"]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      act(link);
    }
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
      return;
    }
    const named = { r: "none", s: "skip", u: "undo", e: "edit" }[event.key.toLowerCase()];
    const wanted = named
      ? find('[data-action="' + named + '"]')
      : /^[1-5]$/.test(event.key) && find('[data-key="' + event.key + '"]');
    if (!wanted) {
      return;
    }
    event.preventDefault();
    if (named === "edit") {
      window.location.assign(wanted.href);
    } else {
      act(wanted);
    }
  });
  preload();
})();
