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

  const list = () => document.getElementById("enrichment-list");

  function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  }

  async function part(address, name, options) {
    const response = await fetch(address, {
      cache: "no-store",
      credentials: "same-origin",
      ...options,
      headers: { Accept: "text/html", "X-Part": name },
    });
    if (response.redirected || response.status === 401 || response.status === 403) {
      window.location.reload(); // to the log-in
    }
    return { ok: response.ok, status: response.status, html: await response.text() };
  }

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
      const { ok, html } = await part(target, "list", { signal: mine.signal });
      if (mine !== asking) {
        return;
      }
      if (!ok) {
        throw new Error("refused");
      }
      await lifted;
      if (mine !== asking) {
        return;
      }
      list().replaceWith(parsed(html));
      shown = target;
      window.history.replaceState(window.history.state, "", target);
      tick();
    } catch (error) {
      if (error.name !== "AbortError") {
        say(root.dataset.failed);
      }
    }
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
  }

  /* Ticks the songs of a new list that were chosen before. */
  function tick() {
    boxes().forEach((box) => {
      box.checked = chosen.has(box.value);
    });
    all.checked = false;
  }

  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    boxes().forEach((box) => {
      box.checked = all.checked;
    });
    note();
  });
  root.addEventListener("change", (event) => {
    if (event.target.name === "songs") {
      note();
    }
  });

  /* --- editing in place -------------------------------------------------------------------------- */

  async function open(row) {
    const { ok, html } = await part(row.dataset.song, "form");
    if (!ok) {
      throw new Error("refused");
    }
    put(row, html);
    row.querySelector(".enr-edit input.input").focus();
  }

  function put(row, html) {
    const before = row.querySelector(".enr-edit");
    const form = parsed(html);
    form.removeAttribute("id");
    form.querySelector("[data-cancel]").hidden = false;
    if (before) {
      before.replaceWith(form);
    } else {
      row.append(form);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(row, form);
    });
    form.querySelector("[data-cancel]").addEventListener("click", () => close(row, form));
  }

  function close(row, form) {
    form.remove();
    row.querySelector("[data-edit]").focus();
  }

  async function save(row, form) {
    try {
      const { ok, status, html } = await part(form.getAttribute("action"), "row", {
        method: "POST",
        body: new FormData(form),
      });
      if (ok) {
        const fresh = parsed(html);
        row.replaceWith(fresh);
        fresh.querySelector("[data-edit]").focus();
      } else if (status === 400 || status === 409) {
        put(row, html);
        row.querySelector("[aria-invalid], .enr-edit input.input").focus();
      } else {
        throw new Error("refused");
      }
    } catch {
      say(root.dataset.failed);
    }
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) {
      return;
    }
    event.preventDefault();
    const row = link.closest(".enr-row");
    const form = row.querySelector(".enr-edit");
    if (form) {
      close(row, form);
    } else {
      open(row).catch(() => window.location.assign(link.href));
    }
  });
})();
