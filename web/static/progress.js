/* Keeps the progress page true: asks every two seconds, and puts the answer's words in their places.
   Names of songs come from strangers, so text goes in as text, never as HTML. */
(function () {
  "use strict";

  const EVERY = 2000;
  const LONGEST_WAIT = 30000;
  const ANSWER_WITHIN = 10000;
  // A second click of a double click must not press the button that the first one brought.
  const SETTLE = 500;
  // The pictures follow the counts so late: the server counts for them every five seconds.
  const REDRAW = 6000;

  const root = document.getElementById("enrichment-progress");
  if (!root || root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";

  const part = (name) => document.getElementById("enrichment-" + name);
  const primary = part("primary");
  const stop = part("stop");
  let timer = 0;
  let failures = 0;
  let asked = 0; // number of the question asked last: an older answer comes too late
  let aloud = null;
  let tag = ""; // of the answer that is shown: the same one is not sent again
  let drawn = ""; // the counts that the pictures show, or will soon
  let drawing = 0;
  let isPressing = false;
  let pressedAt = -SETTLE;

  /* --- putting words in their places ----------------------------------------------------------- */

  function setText(element, text) {
    // Writing the same text again would make screen readers and selections start over.
    if (element && element.textContent !== String(text)) {
      element.textContent = text;
    }
  }

  function fill(row, words) {
    row.querySelectorAll("[data-field]").forEach((place) => {
      setText(place, words[place.dataset.field]);
    });
    row.querySelectorAll("[data-colour]").forEach((place) => {
      place.dataset.colour = words.colour;
      place.classList.toggle("is-verified", words.is_verified);
    });
    if (words.state) {
      row.dataset.state = words.state;
    }
  }

  /* Rows that stay keep their element; new ones come in, old ones go. */
  function showRows(list, template, rows, keyOf) {
    const kept = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
    let before = list.firstElementChild;
    rows.forEach((words) => {
      const key = String(keyOf(words));
      const row = kept.get(key) || template.content.firstElementChild.cloneNode(true);
      kept.delete(key);
      row.dataset.key = key;
      fill(row, words);
      if (row === before) {
        before = row.nextElementSibling;
      } else {
        list.insertBefore(row, before);
      }
    });
    kept.forEach((row) => row.remove());
  }

  function showButtons(words) {
    const hadFocus = document.activeElement;
    if (words.primary) {
      primary.setAttribute("action", primary.dataset[words.primary.action]);
      setText(primary.querySelector("button"), words.primary.label);
    }
    primary.hidden = !words.primary;
    stop.hidden = !words.may_stop;
    // A button that vanishes under the finger hands its focus to the one that took its place.
    if (stop.hidden && stop.contains(hadFocus) && !primary.hidden) {
      primary.querySelector("button").focus({ preventScroll: true });
    }
  }

  function show(progress) {
    const words = progress.words;
    root.dataset.state = progress.state;
    delete root.dataset.lostSince;
    ["status", "bar", "time_left", "current", "as_of", "to_complete", "for_you", "badge"].forEach((name) => {
      root.querySelectorAll('[data-text="' + name + '"]').forEach((place) => {
        setText(place, words[name]);
      });
    });
    root.querySelectorAll("[data-count]").forEach((place) => {
      setText(place, words.counts[place.dataset.count]);
    });
    // Between two songs the line stays, so that nothing below it jumps.
    part("current").hidden = !words.current && (progress.state !== "running" || !progress.remaining);
    const bar = part("bar");
    bar.value = progress.percent;
    bar.setAttribute("aria-valuenow", progress.percent);
    bar.setAttribute("aria-valuetext", words.bar);
    showButtons(words);
    showRows(part("providers"), part("provider"), words.providers, (row) => row.name);
    showRows(part("recent"), part("result"), words.recent, (row) => row.key);
    part("none").hidden = words.recent.length > 0;
    part("again").hidden = !progress.failed;
    if (aloud !== null && aloud !== words.aloud) {
      setText(part("aloud"), words.aloud);
    }
    aloud = words.aloud;
    follow(JSON.stringify(words.counts));
  }

  function showUnchanged() {
    delete root.dataset.lostSince;
    setText(part("as-of"), root.dataset.asOf.replace("{time}", new Date().toTimeString().slice(0, 8)));
  }

  function follow(counts) {
    if (drawn && counts !== drawn && !drawing) {
      drawing = setTimeout(redraw, REDRAW);
    }
    drawn = counts;
  }

  /* The pictures as they are by now; a link in them keeps the focus. */
  async function redraw() {
    drawing = 0;
    try {
      const response = await fetch(window.location.href, {
        cache: "no-store",
        credentials: "same-origin",
        headers: { Accept: "text/html", "X-Part": "pictures" },
      });
      if (!response.ok || response.redirected) {
        return;
      }
      const html = await response.text();
      const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
      const focused = part("pictures").contains(document.activeElement) && document.activeElement.href;
      part("pictures").replaceWith(fresh);
      const again = Array.from(fresh.querySelectorAll("a")).find((link) => link.href === focused);
      if (focused && again) {
        again.focus({ preventScroll: true });
      }
    } catch {
      // the next poll tells that the dashboard does not answer
    }
  }

  /* --- asking ---------------------------------------------------------------------------------- */

  async function ask(address, options) {
    const question = ++asked;
    const limit = new AbortController();
    const alarm = setTimeout(() => limit.abort(), ANSWER_WITHIN);
    try {
      const response = await fetch(address, {
        cache: "no-store",
        credentials: "same-origin",
        signal: limit.signal,
        ...options,
        headers: {
          Accept: "application/json",
          ...(options ? options.headers : tag && { "If-None-Match": tag }),
        },
      });
      if (response.status === 401) {
        window.location.reload(); // to the log-in
      }
      if (response.status === 304) {
        showUnchanged();
        return { ok: true };
      }
      const answer = await response.json();
      if (response.ok && question === asked) {
        tag = response.headers.get("ETag") || "";
        show(answer);
      }
      return { ok: response.ok, reason: answer.error };
    } finally {
      clearTimeout(alarm);
    }
  }

  function later(wait) {
    clearTimeout(timer);
    timer = document.hidden ? 0 : setTimeout(poll, wait);
  }

  async function poll() {
    if (!root.isConnected) {
      return; // PiKaraoke has put another page in its place
    }
    if (isPressing) {
      return; // its answer says it all, and it goes on from there
    }
    try {
      const { ok } = await ask(root.dataset.progress);
      if (!ok) {
        throw new Error("refused");
      }
      failures = 0;
      later(EVERY);
    } catch {
      failures += 1;
      const wait = Math.min(EVERY * 2 ** failures, LONGEST_WAIT);
      showLost(wait);
      later(wait);
    }
  }

  function showLost(wait) {
    const words = root.dataset.lost.replace("{seconds}", Math.round(wait / 1000));
    setText(part("as-of"), words);
    if (!root.dataset.lostSince) {
      root.dataset.lostSince = String(Date.now());
      setText(part("aloud"), words);
      aloud = ""; // so that coming back is said as well
    }
  }

  /* --- pressing -------------------------------------------------------------------------------- */

  async function press(event) {
    event.preventDefault();
    if (isPressing || event.timeStamp - pressedAt < SETTLE) {
      return;
    }
    isPressing = true;
    const form = event.currentTarget;
    try {
      const { ok, reason } = await ask(form.getAttribute("action"), {
        method: "POST",
        headers: { "X-CSRF-Token": root.dataset.token },
      });
      if (!ok) {
        const words = root.dataset.refused.replace("{reason}", () => reason);
        setText(part("as-of"), words);
        setText(part("aloud"), words);
      }
    } catch {
      failures += 1;
      showLost(EVERY);
    } finally {
      isPressing = false;
      pressedAt = performance.now();
      later(EVERY);
    }
  }

  primary.addEventListener("submit", press);
  stop.addEventListener("submit", press);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) {
      poll();
    }
  });
  poll();
})();
