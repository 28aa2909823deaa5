/* Inside PiKaraoke: its menu loads pages into the one that is open, whose policy would then keep
   their scripts from running. Links from our pages open pages of their own instead. */
(function () {
  "use strict";

  // PiKaraoke's frame does not say which language it speaks.
  if (document.currentScript) {
    const { lang, dir } = document.currentScript.dataset;
    Object.assign(document.documentElement, { lang, dir });
  }

  function openByItself(event) {
    const root = document.querySelector(".enr");
    const link = event.target.closest && event.target.closest("a[href]");
    if (root && link && !link.getAttribute("href").startsWith("#")) {
      event.stopPropagation();
    }
  }

  if (window.spaNavigation && !window.enrichmentFrame) {
    window.enrichmentFrame = true;
    // Heard before PiKaraoke hears it, whose listener waits at the document.
    document.documentElement.addEventListener("click", openByItself);
  }
})();
