// The page of a case: pictures shown when asked for, the lock kept while the page is on screen, keys of the form.
// Without it the form works with a mouse and pictures open on a page of their own.
(() => {
  "use strict";
  const root = document.getElementById("case");

  // --- pictures: veiled, then grey, then in colour, then veiled again ---

  const token = () => document.querySelector("#case input[name=csrfmiddlewaretoken]")?.value ?? "";
  const purpose = (form) => document.getElementById("purpose")?.value.trim() || form.elements.purpose.value;

  class Picture {
    constructor(form) {
      this.form = form;
      this.frame = form.previousElementSibling;
      this.image = this.frame.querySelector("img");
      this.veiled = this.image?.src;
      this.altVeiled = this.image?.alt;
      this.show = form.querySelector("[data-show]");
      this.colour = form.querySelector("[data-colour]");
      this.hide = form.querySelector("[data-hide]");
      this.error = form.querySelector(".error");
      this.state = "veiled";
      this.drawn = Boolean(form.closest("[data-drawing]"));
      form.addEventListener("submit", (event) => { event.preventDefault(); this.uncover(); });
      this.colour.addEventListener("click", () => this.set(this.state === "colour" ? "grey" : "colour"));
      this.hide.addEventListener("click", () => { this.set("veiled"); this.show.focus(); });
    }

    async uncover() {
      if (this.state !== "veiled") return;
      this.error.textContent = "";
      this.show.disabled = true;
      try {
        const answer = await fetch(this.form.action, {
          method: "POST",
          headers: { "X-CSRFToken": token() },
          body: new URLSearchParams({ purpose: purpose(this.form), ...(this.drawn ? { turn: "1" } : {}) }),
        });
        if (!answer.ok) {
          this.error.textContent = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain") ? await answer.text() : `HTTP ${answer.status}`;
          return;
        }
        this.turn = answer.headers.get("Vigie-Turn");
        this.address = URL.createObjectURL(await answer.blob());
        this.set("grey");
      } catch {
        this.error.textContent = this.form.closest("[data-number]").dataset.number + ": ✕";
      } finally {
        this.show.disabled = false;
      }
    }

    set(state) {
      this.state = state;
      const shown = state !== "veiled";
      if (!this.image) {
        this.image = document.createElement("img");
        this.frame.replaceChildren(this.image);
      }
      this.image.src = shown ? this.address : this.veiled;
      this.image.alt = shown ? this.image.dataset.altClear ?? "" : this.altVeiled ?? "";
      this.frame.classList.toggle("is-veiled", !shown);
      this.frame.classList.toggle("is-colour", state === "colour");
      const hadFocus = document.activeElement === this.show;
      this.show.hidden = shown;
      this.colour.hidden = this.hide.hidden = !shown;
      this.colour.setAttribute("aria-pressed", String(state === "colour"));
      // Whoever draws on pictures that were opened forgets them with the page: see drawing.js.
      this.frame.dispatchEvent(new CustomEvent("vigie:picture", { bubbles: true, detail: { state, address: shown ? this.address : "", turn: this.turn ?? "" } }));
      if (!shown && this.address) {
        URL.revokeObjectURL(this.address);
        this.address = undefined;
      }
      if (hadFocus && shown) this.hide.focus();
    }
  }

  const pictures = [...document.querySelectorAll("form[data-veil]")].filter((form) => form.previousElementSibling.querySelector("img")).map((form) => new Picture(form));

  // The nearest pair: the first upload and what it matches.
  async function step() {
    const near = pictures.slice(0, 2);
    if (near.some((one) => one.state === "veiled")) await Promise.all(near.map((one) => one.uncover()));
    else if (near.some((one) => one.state === "grey")) near.forEach((one) => one.set("colour"));
    else pictures.forEach((one) => one.state !== "veiled" && one.set("veiled"));
  }
  document.querySelector("[data-show-all]")?.addEventListener("click", step);

  // What was asked to be seen is veiled again when the page is left alone.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) pictures.forEach((one) => one.state !== "veiled" && one.set("veiled"));
  });

  // --- the lock ---

  const LOCK_EVERY_MS = 60_000;
  if (root?.dataset.lock) {
    setInterval(() => {
      if (document.visibilityState === "visible") {
        window.htmx.ajax("POST", root.dataset.lock, { target: "#lock", swap: "outerHTML" });
      }
    }, LOCK_EVERY_MS);
  }

  // --- the form ---

  function exempt() {
    const form = document.getElementById("decision");
    if (!form) return;
    const chosen = form.elements.exemption?.value ?? "";
    const field = form.querySelector(".true-purpose");
    field.hidden = !chosen || chosen === "none";
    field.querySelector("textarea").required = !field.hidden;
  }
  document.addEventListener("change", (event) => { if (event.target.name === "exemption") exempt(); });
  document.addEventListener("htmx:afterSwap", () => {
    exempt();
    document.querySelector("[data-focus]")?.focus();
  });
  exempt();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phrase]");
    if (!button) return;
    const reason = document.getElementById("reason");
    reason.value = [reason.value.trim(), button.dataset.phrase].filter(Boolean).join(" ");
    reason.focus();
  });

  // Handing back by a key is quick to do by mistake; a reason is slow to write again.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.forgets;
    if (question && document.getElementById("reason")?.value.trim() && !window.confirm(question)) event.preventDefault();
  }, true);

  // Radio buttons are chosen by key and then have the focus, so that arrows go on from there.
  document.addEventListener("click", (event) => {
    if (event.target.matches("input[type=radio][data-key]")) event.target.focus();
  });

  window.vigie?.onKey("ctrl+enter", () => document.getElementById("decision")?.requestSubmit());
  window.vigie?.onKey("u", () => {
    const toast = document.querySelector("form[data-undo]");
    if (toast) toast.requestSubmit();
    else document.querySelector("[data-undo-reason]")?.focus();
  });
})();
