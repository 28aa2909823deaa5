/* The review: one key a decision, and the next song is there already. Without it the same forms load
   pages. What the server sends is a part of its own page, where every name is escaped already. */
(function () {
  "use strict";

  // A key pressed twice must not decide the next song, which nobody has seen yet.
  const SETTLE = 350;

  const root = document.getElementById("enrichment-review");
  if (!root || root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";
  const { Trouble, parsed, part, send, sendForJson, refusal, editForm, isPlain, explain } =
    window.enrichment;
  const { mayGo } = window.enrichmentUnsaved;

  let coming = null; // the next song's part of the page, asked for ahead
  let isBusy = false;
  let shownAt = -SETTLE; // the first song came with its page
  let isFirst = true; // of those that were shown here

  const one = () => document.getElementById("enrichment-one");
  const find = (css) => one().querySelector(css);
  const problem = document.getElementById("enrichment-problem");

  function fail(error) {
    explain(problem, error, document.getElementById("enrichment-name").textContent, root.dataset);
  }

  async function load(address) {
    const response = await part(address, "review");
    if (!response.ok) {
      throw new Trouble("away");
    }
    return response.text();
  }

  function preload() {
    const address = one().dataset.next;
    coming = address ? { address, html: load(address).catch(() => null) } : null;
  }

  function put(html) {
    one().replaceWith(parsed(html));
    shownAt = performance.now();
    document.getElementById("enrichment-name").focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
    showBack();
    preload();
  }

  function showBack() {
    const back = find('[data-action="back"]');
    if (back) {
      back.hidden = isFirst && back.getAttribute("href") === "#";
    }
  }

  /* Each song has its own place in the browser's history, so that Back leads to the one before. */
  function remember() {
    isFirst = false;
    window.history.pushState(null, "", one().dataset.own || window.location.pathname);
  }

  /* The next song: the one asked for ahead, where it has come and is another one. */
  async function goOn() {
    const before = one().dataset.song;
    let html = coming && (await coming.html);
    if (!html || [before, ""].includes(parsed(html).dataset.song)) {
      html = await load(one().dataset.next);
    }
    put(html);
    remember();
  }

  /* How many still wait, on the tab that leads here. */
  function count(answer) {
    const badge = document.querySelector('[data-text="badge"]');
    if (badge && answer.badge !== undefined) {
      badge.textContent = answer.badge;
    }
  }

  /* What was just done, with the button that takes it back. */
  function showDone(name, undoAddress, answer) {
    count(answer);
    const words = document.createElement("p");
    const title = document.createElement("bdi");
    title.textContent = name;
    words.append(title, ": " + answer.words);
    const place = document.getElementById("enrichment-done");
    place.replaceChildren(words);
    if (answer.waiting) {
      document.getElementById("enrichment-place").textContent = answer.waiting;
    }
    if (!answer.change) {
      return;
    }
    const undo = document.createElement("form");
    undo.method = "post";
    undo.action = undoAddress;
    undo.dataset.action = "undo";
    const fields = { csrf_token: token(), change: answer.change, place: "-" };
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

  const token = () => document.querySelector('input[name="csrf_token"]').value;
  const songOf = (address) => new URL(address, window.location).pathname.match(/songs\/(\d+)/)[1];
  const reviewOf = (song) => window.location.pathname + "?song=" + song;
  const undoOf = (address) => address.replace(/(songs\/\d+).*$/, "$1/undo");

  /* The next song is shown once the decision is saved, never before. */
  async function decide(form) {
    const name = document.getElementById("enrichment-name").textContent;
    const address = form.getAttribute("action");
    const answer = await sendForJson(form);
    if (answer.stays) {
      put(await load(reviewOf(songOf(address))));
    } else {
      await goOn();
    }
    showDone(name, undoOf(address), answer);
  }

  async function undo(form) {
    const song = songOf(form.action);
    const answer = await sendForJson(form);
    put(await load(reviewOf(song)));
    count(answer);
    remember();
  }

  /* --- editing and asking in place ---------------------------------------------------------------- */

  async function edit(link) {
    const place = document.getElementById("enrichment-editing");
    if (place.firstElementChild) {
      place.replaceChildren();
      return;
    }
    const response = await part(link.dataset.form, "form");
    if (!response.ok) {
      throw refusal(response, await response.text());
    }
    showForm(await response.text());
  }

  function showForm(html) {
    const place = document.getElementById("enrichment-editing");
    const form = editForm(html, () => {
      place.replaceChildren();
      find('[data-action="edit"]').focus();
    });
    form.dataset.action = "save";
    const after = document.createElement("input");
    after.type = "hidden";
    after.name = "place";
    after.value = find('input[name="place"]').value;
    form.append(after);
    place.replaceChildren(form);
    (form.querySelector("[aria-invalid]") || form.querySelector("input.input")).focus();
  }

  /* What was typed stays, with what is wrong about it, until it is saved. */
  async function save(form) {
    const name = document.getElementById("enrichment-name").textContent;
    const response = await send(form, { Accept: "application/json", "X-Part": "form" });
    if (response.status === 400 || response.status === 409) {
      showForm(await response.text());
      return;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Trouble("refused", answer.error);
    }
    await goOn();
    showDone(name, undoOf(form.getAttribute("action")), answer);
  }

  async function search(form) {
    const place = document.getElementById("enrichment-offers");
    place.textContent = root.dataset.asking;
    try {
      const response = await send(form, { Accept: "text/html", "X-Part": "found" });
      if (!response.ok) {
        throw refusal(response, await response.text());
      }
      place.replaceWith(parsed(await response.text()));
    } catch (error) {
      place.textContent = "";
      throw error;
    }
  }

  function hear(details) {
    details.open = true;
    const player = details.querySelector("video, audio");
    if (player.paused) {
      player.play().catch(() => {});
    } else {
      player.pause();
    }
  }

  function openAsk(details) {
    details.open = true;
    details.querySelector("input.input").focus();
  }

  function goBack(link) {
    if (!isFirst) {
      window.history.back();
    } else if (link.getAttribute("href") !== "#") {
      window.location.assign(link.href);
    }
  }

  /* --- what is pressed ---------------------------------------------------------------------------- */

  const ACTIONS = {
    accept: decide,
    as_read: decide,
    swap: decide,
    reject: decide,
    none: decide,
    skip: decide,
    take: decide,
    on: goOn,
    undo,
    edit,
    save,
    search,
  };
  const TYPED = ["save", "search", "take"]; // pressed by who has read the song's page for a while

  async function act(element) {
    const action = element.dataset.action;
    const isEarly = performance.now() - shownAt < SETTLE && !TYPED.includes(action);
    if (isBusy || isEarly || element.querySelector("button[disabled]")) {
      return;
    }
    if (!["save", "search"].includes(action) && !mayGo(one())) {
      return;
    }
    isBusy = true;
    problem.textContent = "";
    try {
      await ACTIONS[action](element);
    } catch (error) {
      fail(error);
      if (error.kind === "refused" && ACTIONS[action] === decide) {
        // It is not as it was shown any more.
        load(reviewOf(one().dataset.song)).then(put, () => {});
      }
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
    const link = event.target.closest("a[data-action]");
    if (link && isPlain(event)) {
      event.preventDefault();
      (link.dataset.action === "back" ? goBack : act)(link);
    }
  });

  const KEYS = {
    a: "as_read",
    x: "swap",
    r: "none",
    s: "skip",
    u: "undo",
    e: "edit",
    b: "back",
    h: "hear",
    f: "ask",
  };
  const AT_ONCE = { back: goBack, hear, ask: openAsk };

  function wanted(key) {
    if (/^[1-5]$/.test(key)) {
      return find('[data-key="' + key + '"]');
    }
    const name = KEYS[key.toLowerCase()];
    return name && (find(`[data-action="${name}"]`) || (name === "skip" && find('[data-action="on"]')));
  }

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (isTyping && event.key === "Escape" && mayGo(one())) {
      document.getElementById("enrichment-editing").replaceChildren();
      document.getElementById("enrichment-name").focus({ preventScroll: true });
    }
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
      return;
    }
    const element = wanted(event.key);
    if (element) {
      event.preventDefault();
      (AT_ONCE[element.dataset.action] || act)(element);
    }
  });
  window.addEventListener("popstate", () => {
    if (!mayGo(one())) {
      window.history.pushState(null, "", one().dataset.own);
      return;
    }
    isFirst = false;
    load(window.location.href).then(put, fail);
  });

  showBack();
  if (one().dataset.own) {
    window.history.replaceState(null, "", one().dataset.own);
  }
  preload();
})();
