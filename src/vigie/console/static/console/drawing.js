// What is drawn of a match, over pictures that were shown with a purpose (see case.js): outlines of what both share,
// the banked picture laid over the upload, and their difference. It fetches no picture, and forgets each with the page.
(() => {
  "use strict";
  const VIEWS = ["beside", "over", "difference"];
  const STAGE_HEIGHT_PX = 480;
  const SVG = "http://www.w3.org/2000/svg";
  const SAME = [1, 0, 0, 0, 1, 0, 0, 0, 1];

  // --- maps between pictures, in shares of width and height: nine numbers, row by row ---

  const numbers = (text) => (text ? text.split(" ").map(Number) : SAME);
  const product = (a, b) => a.map((_, at) => [0, 1, 2].reduce((sum, i) => sum + a[Math.floor(at / 3) * 3 + i] * b[i * 3 + (at % 3)], 0));
  // Homographies that differ by a factor are the same; browsers want the last number positive.
  const scaled = (m) => m.map((one) => one / m[8]);

  function inverse([a, b, c, d, e, f, g, h, i]) {
    return scaled([
      e * i - f * h, c * h - b * i, b * f - c * e,
      f * g - d * i, a * i - c * g, c * d - a * f,
      d * h - e * g, b * g - a * h, a * e - b * d,
    ]);
  }

  function moved([a, b, c, d, e, f, g, h, i], [x, y]) {
    const depth = g * x + h * y + i;
    return [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth];
  }

  // As CSS writes it, for an element of this size with its origin in the left upper corner.
  function css([a, b, c, d, e, f, g, h, i], width, height) {
    const columns = [a, (d * height) / width, 0, g / width, (b * width) / height, e, 0, h / height, 0, 0, 1, 0, c * width, f * height, 0, i];
    return `matrix3d(${columns.map((one) => one.toFixed(9)).join(",")})`;
  }

  // --- one pair of an upload and an entry ---

  class Drawing {
    constructor(pair) {
      this.pair = pair;
      this.map = numbers(pair.dataset.drawing);
      this.asStored = pair.dataset.asStored.split(" ");
      this.sides = { upload: null, banked: null };
      this.view = "beside";
      this.views = pair.querySelector(".views");
      this.place = pair.querySelector(".stage-place");
      pair.addEventListener("vigie:picture", (event) => this.changed(event.target, event.detail));
      if (!this.views) return;
      this.views.hidden = false;
      this.stage = this.place.querySelector(".stage");
      this.range = this.place.querySelector("[data-opacity]");
      this.views.addEventListener("change", (event) => this.choose(event.target.value));
      this.range.addEventListener("input", () => this.fade());
      this.place.querySelector("[data-opens-both]").addEventListener("click", () => {
        for (const form of this.forms()) form.requestSubmit();
      });
      this.place.querySelector("[data-colours-both]").addEventListener("click", () => this.colour());
      this.place.querySelector("[data-hides-both]").addEventListener("click", () => {
        for (const form of this.forms()) form.querySelector("[data-hide]").click();
        this.place.querySelector("[data-opens-both]").focus();
      });
      new ResizeObserver(() => this.lay()).observe(this.stage);
    }

    forms() { return [...this.pair.querySelectorAll("form[data-veil]")]; }

    choose(view) {
      this.view = view;
      this.views.querySelector(`[value=${view}]`).checked = true;
      this.draw();
    }

    colour() {
      const wanted = !Object.values(this.sides).every((side) => side?.state === "colour");
      for (const form of this.forms()) {
        const button = form.querySelector("[data-colour]");
        if ((button.getAttribute("aria-pressed") === "true") !== wanted) button.click();
      }
    }

    // A picture was shown, coloured or veiled again.
    async changed(frame, { state, address, turn }) {
      const name = frame.dataset.side;
      if (!(name in this.sides)) return;
      if (!address) {
        this.sides[name] = null;
      } else if (this.sides[name]?.address === address) {
        this.sides[name].state = state;
      } else {
        const image = new Image();
        const side = { state, address, turn: this.asStored.includes(name) ? numbers(turn) : SAME, image };
        this.sides[name] = side;
        image.src = address;
        image.alt = "";
        try {
          await image.decode();
        } catch {
          return; // veiled again meanwhile
        }
        if (this.sides[name] !== side) return;
        side.isReady = true;
      }
      this.outline(frame, name);
      const note = this.pair.querySelector("[data-turned]");
      if (note) note.hidden = !Object.values(this.sides).some((one) => one && one.turn.join() !== SAME.join());
      this.draw();
    }

    points(name) {
      const turn = this.sides[name].turn;
      return this.pair.dataset[`${name}Outline`].split(" ").map((point) => moved(turn, point.split(",").map((one) => one / 1000)));
    }

    // The part of a picture that the other one shows, over the picture as it is seen.
    outline(frame, name) {
      frame.querySelector(".outlines")?.remove();
      const side = this.sides[name];
      if (side?.isReady) frame.append(this.svg(name, side.image.naturalWidth, side.image.naturalHeight));
    }

    svg(name, width, height) {
      const drawn = document.createElementNS(SVG, "svg");
      drawn.setAttribute("class", "outlines");
      drawn.setAttribute("viewBox", `0 0 ${width} ${height}`);
      drawn.setAttribute("aria-hidden", "true");
      const points = this.points(name).map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`).join(" ");
      for (const part of ["outline-under", "outline-over"]) {
        const polygon = document.createElementNS(SVG, "polygon");
        polygon.setAttribute("class", part);
        polygon.setAttribute("points", points);
        drawn.append(polygon);
      }
      return drawn;
    }

    draw() {
      if (!this.views) return;
      const both = Boolean(this.sides.upload?.isReady && this.sides.banked?.isReady);
      const staged = this.view !== "beside";
      this.pair.classList.toggle("is-drawn", staged);
      this.place.hidden = !staged;
      this.place.querySelector("[data-asks]").hidden = both;
      this.stage.hidden = !both;
      for (const part of this.place.querySelectorAll("[data-when]")) part.hidden = !both || ![this.view, "shown"].includes(part.dataset.when);
      if (!both || !staged) {
        this.stage.replaceChildren();
        return;
      }
      const { upload, banked } = this.sides;
      const coloured = upload.state === "colour" && banked.state === "colour";
      this.stage.classList.toggle("is-colour", coloured);
      this.stage.classList.toggle("is-difference", this.view === "difference");
      this.stage.setAttribute("aria-label", this.stage.dataset[this.view]);
      this.place.querySelector("[data-colours-both]").setAttribute("aria-pressed", String(coloured));
      this.place.querySelector("[data-colours-both]").hidden = this.view === "difference";
      const { naturalWidth, naturalHeight } = upload.image;
      this.stage.style.aspectRatio = `${naturalWidth} / ${naturalHeight}`;
      this.stage.style.maxInlineSize = `${(STAGE_HEIGHT_PX * naturalWidth) / naturalHeight}px`;
      const pictures = document.createElement("div");
      pictures.className = "stage-pictures";
      // Only what both show can be compared.
      if (this.view === "difference") pictures.style.clipPath = `polygon(${this.points("upload").map(([x, y]) => `${(100 * x).toFixed(2)}% ${(100 * y).toFixed(2)}%`).join(", ")})`;
      pictures.append(upload.image, banked.image);
      this.stage.replaceChildren(pictures, this.svg("upload", naturalWidth, naturalHeight));
      this.lay();
      this.fade();
    }

    // The map is told in shares of pixels as stored; both pictures are seen upright.
    lay() {
      const { upload, banked } = this.sides;
      if (!upload?.isReady || !banked?.isReady || this.stage.hidden || !this.stage.clientWidth) return;
      const seen = scaled(product(product(upload.turn, this.map), inverse(banked.turn)));
      banked.image.style.transform = css(seen, this.stage.clientWidth, this.stage.clientHeight);
    }

    fade() {
      this.place.querySelector("output").textContent = `${this.range.value} %`;
      if (this.sides.banked?.image) this.sides.banked.image.style.opacity = this.range.value / 100;
    }
  }

  const drawings = [...document.querySelectorAll("[data-drawing]")].map((pair) => new Drawing(pair));
  window.vigie?.onKey("v", () => {
    const first = drawings.find((one) => one.views);
    if (!first) return;
    first.choose(VIEWS[(VIEWS.indexOf(first.view) + 1) % VIEWS.length]);
    first.views.scrollIntoView({ block: "nearest" });
  });
})();
