// What every page shares: the menu on narrow screens, the reader's zone, messages, keys of lists.
// Everything it adds to works without it.
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");

  const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
  const typing = (target) => target instanceof Element && target.matches(FIELDS);

  // Keys are written as data-key on what they press, or registered by a page's own script.
  const handlers = new Map();
  const vigie = {
    typing,
    onKey(key, act) { handlers.set(key, act); },
  };
  window.vigie = vigie;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter" && handlers.has("ctrl+enter")) {
        event.preventDefault();
        handlers.get("ctrl+enter")(event);
      }
      return;
    }
    if (typing(event.target)) {
      if (event.key === "Escape") {
        // The browser would empty a search field, and with it the filter of the list that is shown.
        event.preventDefault();
        event.target.blur();
      }
      return;
    }
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    const act = handlers.get(event.key);
    if (act) {
      event.preventDefault();
      act(event);
      return;
    }
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (pressed) {
      event.preventDefault();
      if (pressed.matches(FIELDS)) {
        pressed.focus();
        pressed.select?.();
      } else {
        pressed.click();
        // What was opened is where one goes on: two more keys execute an order.
        pressed.closest("details[open]")?.querySelector("form :is(input:not([type=hidden]), textarea, select)")?.focus();
      }
    }
  });

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggles]");
    if (toggle) {
      const shown = document.getElementById(toggle.dataset.toggles).classList.toggle("is-shown");
      toggle.setAttribute("aria-expanded", String(shown));
    }
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast, .notice")?.remove();
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier);
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submits]")) event.target.form.requestSubmit();
  });

  // A form is sent once, however often the button is pressed; coming back with the browser's button frees it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.hasAttribute("hx-post") || form.hasAttribute("hx-get") || event.defaultPrevented || form.target === "_blank") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  async function copy(button) {
    if (navigator.clipboard) await navigator.clipboard.writeText(button.dataset.copies);
    else copyWithoutClipboard(button);
    const before = button.textContent;
    button.textContent = button.dataset.copied || "✓";
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  // Over plain HTTP from another machine there is no clipboard object.
  function copyWithoutClipboard(button) {
    const field = document.createElement("textarea");
    field.value = button.dataset.copies;
    field.className = "only-heard";
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }

  // Without a zone of the account the browser's counts, for what is shown and for what is typed alike: the server is
  // told its name. Only a page that was made before, with instants on it, is asked for again.
  function tellZone() {
    if (document.body.dataset.zone) return;
    const told = `vigie_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
    const isTold = () => document.cookie.split("; ").includes(told);
    if (isTold()) return;
    document.cookie = `${told}; path=/; max-age=31536000; samesite=lax`;
    if (isTold() && document.querySelector("time[data-when], input[type=datetime-local]")) location.reload();
  }

  vigie.onKey("u", () => {
    const form = document.querySelector("form[data-undo]");
    form?.requestSubmit();
  });
  vigie.onKey("?", () => {
    const help = document.querySelector("dialog[data-help]");
    if (help?.open) help.close();
    else help?.showModal();
  });

  // j and k move along the rows of a list.
  function move(step) {
    const links = [...document.querySelectorAll("a.row-main")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step))].focus();
  }
  vigie.onKey("j", () => move(1));
  vigie.onKey("k", () => move(-1));

  // Who stood on a row goes on from the first one when the list is exchanged underneath.
  let stoodOnRow = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    stoodOnRow = Boolean(active?.matches("a.row-main") && event.detail.target.contains(active));
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (stoodOnRow) document.querySelector("a.row-main")?.focus();
    stoodOnRow = false;
  });

  tellZone();
})();
