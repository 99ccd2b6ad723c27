// The minutes left of an order's hour, kept current while the page is open. The server wrote them first.
(() => {
  "use strict";
  function tick() {
    for (const time of document.querySelectorAll("time[data-due]")) {
      const seconds = Math.floor((new Date(time.dateTime) - Date.now()) / 1000);
      const [words, minutes] = seconds >= 0 ? [time.dataset.left, Math.floor(seconds / 60)] : [time.dataset.over, Math.floor(-seconds / 60)];
      time.textContent = words.replace("%(count)d", String(minutes));
      time.classList.toggle("is-short", seconds < 15 * 60);
    }
  }
  tick();
  setInterval(tick, 5000);
})();
