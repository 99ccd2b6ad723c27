// Pages of banks and operations: showing a picture that was asked for, ticking all boxes. Nothing here is needed to
// read a page.
(() => {
  "use strict";
  const shown = new Map();

  // A form with data-reveal asks for a picture by POST and shows it in place; it is forgotten when hidden.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-reveal]");
    if (!form) return;
    event.preventDefault();
    const frame = document.getElementById(form.dataset.reveal);
    const image = frame.querySelector("img");
    const complaint = form.querySelector("[role=alert]");
    complaint.textContent = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store", headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("image/")) {
        complaint.textContent = form.dataset.failed;
        return;
      }
      const address = URL.createObjectURL(await answer.blob());
      shown.set(frame.id, address);
      image.dataset.veiled = image.src;
      image.src = address;
      frame.classList.remove("is-veiled");
      frame.classList.toggle("is-colour", form.querySelector("[name=colour]")?.checked || false);
      form.hidden = true;
      const hide = document.getElementById(form.dataset.hides);
      hide.hidden = false;
      hide.focus();
    } catch {
      complaint.textContent = form.dataset.failed;
    } finally {
      delete form.dataset.sent;
    }
  });

  document.addEventListener("click", (event) => {
    const hide = event.target.closest("[data-veils]");
    if (!hide) return;
    const frame = document.getElementById(hide.dataset.veils);
    const image = frame.querySelector("img");
    URL.revokeObjectURL(shown.get(frame.id));
    shown.delete(frame.id);
    image.src = image.dataset.veiled;
    frame.classList.add("is-veiled");
    frame.classList.remove("is-colour");
    hide.hidden = true;
    const form = document.querySelector(`form[data-reveal="${CSS.escape(frame.id)}"]`);
    form.hidden = false;
    form.querySelector("button").focus();
  });
})();
