/* The list of songs: search as you type, and edit in place. Without it the same forms load pages.
   What the server sends is a part of its own page, where every name is escaped already. */
(function () {
  "use strict";

  const AFTER_TYPING = 150;

  const root = document.getElementById("enrichment-songs");
  if (!root || root.dataset.watched) {
    return;
  }
  root.dataset.watched = "yes";

  const filter = document.getElementById("enrichment-filter");
  const all = document.getElementById("enrichment-all");
  const chosen = new Set(); // ids, also of songs that the list does not show now
  let timer = 0;
  let asking = null;
  let lifted = null; // while a finger is down, the promise that it is lifted
  let shown = window.location.pathname + window.location.search;

  const { Trouble, parsed, part, send, refusal, editForm, isPlain, explain } = window.enrichment;
  const { unsaved, mayGo } = window.enrichmentUnsaved;
  const problem = document.getElementById("enrichment-problem");
  const many = document.getElementById("enrichment-many");
  const ticked = document.getElementById("enrichment-ticked");
  const unticked = ticked.textContent;
  const forms = JSON.parse(ticked.dataset.counted);
  const language = ticked.dataset.lang;
  const plural = new Intl.PluralRules(language);
  let last = null; // the box that was ticked last, from which Shift goes on

  const list = () => document.getElementById("enrichment-list");

  function say(words) {
    document.getElementById("enrichment-found").textContent = words;
  }

  /* --- the filter -------------------------------------------------------------------------------- */

  function address() {
    const wanted = new URLSearchParams();
    new FormData(filter).forEach((value, name) => {
      if (value && !(name === "sort" && value === "artist")) {
        wanted.append(name, value);
      }
    });
    const query = wanted.toString();
    return filter.getAttribute("action") + (query ? "?" + query : "");
  }

  async function show(target) {
    if (asking) {
      asking.abort();
      asking = null;
    }
    if (target === shown) {
      return; // typed and taken back
    }
    asking = new AbortController();
    const mine = asking;
    try {
      const response = await part(target, "list", { signal: mine.signal });
      if (!response.ok) {
        throw new Trouble("away");
      }
      const html = await response.text();
      await lifted;
      if (mine !== asking) {
        return;
      }
      replaceList(parsed(html));
      shown = target;
      window.history.replaceState(window.history.state, "", target);
      tick();
    } catch (error) {
      if (error.kind === "ended") {
        window.location.reload(); // to the log-in
      } else if (error.name !== "AbortError") {
        say(root.dataset.failed);
      }
    }
  }

  /* A row in which somebody types goes along, first where the new list has it not. */
  function replaceList(fresh) {
    unsaved(list()).forEach((form) => {
      const row = form.closest(".enr-row");
      const same = fresh.querySelector("#" + row.id);
      if (same) {
        same.replaceWith(row);
      } else {
        fresh.querySelector(".enr-rows").prepend(row);
      }
    });
    list().replaceWith(fresh);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => show(address()), wait);
  }

  /* What is under a finger stays until it is lifted: a press that ends elsewhere is no click. */
  document.addEventListener("pointerdown", () => {
    lifted = new Promise((resolve) => {
      ["pointerup", "pointercancel"].forEach((end) => {
        document.addEventListener(end, () => setTimeout(resolve), { once: true });
      });
    });
  });

  filter.addEventListener("submit", (event) => {
    event.preventDefault();
    later(0);
  });
  filter.addEventListener("input", (event) => {
    if (event.target.type === "search") {
      later(AFTER_TYPING);
    }
  });
  filter.addEventListener("change", (event) => {
    if (event.target.type !== "search") {
      later(0);
    }
  });

  /* --- many at once ------------------------------------------------------------------------------ */

  const boxes = () => Array.from(list().querySelectorAll('input[name="songs"]'));

  function note() {
    boxes().forEach((box) => (box.checked ? chosen.add(box.value) : chosen.delete(box.value)));
    tell();
  }

  /* How many are chosen, also where the list shows others now. */
  function tell() {
    const words = document.getElementById("enrichment-chosen");
    words.textContent = chosen.size ? root.dataset.chosen.replace("{count}", chosen.size) : "";
    document.getElementById("enrichment-none").hidden = !chosen.size;
    const every = list().querySelector('input[name="all"]');
    label(every && every.checked ? Number(every.dataset.count) : chosen.size);
  }

  /* What opens the fields that change them says how many that are. */
  function label(count) {
    const form = count && forms[plural.select(count)];
    ticked.textContent = form ? form.replace("{count}", count.toLocaleString(language)) : unticked;
  }

  /* Ticks the songs of a new list that were chosen before. */
  function tick() {
    boxes().forEach((box) => {
      box.checked = chosen.has(box.value);
    });
    all.checked = false;
    last = null;
    tell();
  }

  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    boxes().forEach((box) => {
      box.checked = all.checked;
    });
    note();
  });
  document.getElementById("enrichment-none").addEventListener("click", () => {
    chosen.clear();
    tick();
    all.focus();
  });
  root.addEventListener("change", (event) => {
    if (event.target.name === "songs" || event.target.name === "all") {
      note();
    }
  });
  /* With Shift all from the one before to this one. A click on the label arrives at the box too. */
  root.addEventListener("click", (event) => {
    if (event.target.name !== "songs") {
      return;
    }
    const here = boxes();
    const [from, to] = [here.indexOf(last), here.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      here.slice(from, to + 1).forEach((box) => {
        box.checked = event.target.checked;
      });
    }
    last = event.target;
    note();
  });
  window.addEventListener("pageshow", note); // a browser that goes back has kept the ticks
  /* Songs that are chosen and not in the list now go along. */
  many.addEventListener("formdata", (event) => {
    const shownNow = new Set(boxes().map((box) => box.value));
    chosen.forEach((id) => {
      if (!shownNow.has(id)) {
        event.formData.append("songs", id);
      }
    });
  });
  /* Other pages of the list come into this one, so that ticks hold over pages. */
  root.addEventListener("click", (event) => {
    const link = event.target.closest(".enr-pages a");
    if (link && isPlain(event)) {
      event.preventDefault();
      show(link.getAttribute("href")).then(() => {
        root.scrollIntoView();
        const found = document.getElementById("enrichment-found");
        found.tabIndex = -1;
        found.focus({ preventScroll: true });
      });
    }
  });

  /* --- editing in place -------------------------------------------------------------------------- */

  async function open(row) {
    const response = await part(row.dataset.song, "form");
    if (!response.ok) {
      throw refusal(response, await response.text());
    }
    put(row, await response.text());
    row.querySelector(".enr-edit input.input").focus();
  }

  function put(row, html) {
    const before = row.querySelector(".enr-edit");
    const form = editForm(html, () => close(row, form));
    if (before) {
      before.replaceWith(form);
    } else {
      row.append(form);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(row, form);
    });
  }

  function close(row, form) {
    form.remove();
    row.querySelector("[data-edit]").focus();
  }

  async function save(row, form) {
    problem.textContent = "";
    try {
      const response = await send(form, { Accept: "text/html", "X-Part": "row" });
      const html = await response.text();
      if (response.ok) {
        const fresh = parsed(html);
        row.replaceWith(fresh);
        tick();
        fresh.querySelector("[data-edit]").focus();
      } else if (response.status === 400 || response.status === 409) {
        put(row, html);
        row.querySelector("[aria-invalid], .enr-edit input.input").focus();
      } else {
        throw refusal(response, html);
      }
    } catch (error) {
      explain(problem, error, row.querySelector(".enr-title").textContent, root.dataset);
      problem.scrollIntoView({ block: "nearest" });
    }
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit]");
    if (!link || !isPlain(event)) {
      return;
    }
    event.preventDefault();
    const row = link.closest(".enr-row");
    const form = row.querySelector(".enr-edit");
    if (form) {
      if (mayGo(row)) {
        close(row, form);
      }
    } else {
      open(row).catch(() => window.location.assign(link.href));
    }
  });
})();
