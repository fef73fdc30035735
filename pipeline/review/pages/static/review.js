"use strict";
// What the pages do in the browser: keys, the page picture, uploads, language and theme. All decisions are the server's.
(() => {
  const YEAR_SECONDS = 31536000;
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; SameSite=Strict`;
  };
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);

  const actions = {
    help: () => one("#help")?.showModal(),
    language: (button) => {
      remember("nianbao_language", root.lang.startsWith("zh") ? "en" : "zh");
      location.reload();
    },
    theme: () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      remember("nianbao_theme", root.dataset.theme);
    },
    "zoom-in": () => paper.zoomBy(1.25),
    "zoom-out": () => paper.zoomBy(0.8),
    "zoom-fit": () => paper.fit(),
    "zoom-cell": () => paper.toCell(),
    "choose-files": () => one("#files")?.click(),
    type: () => entry.open(""),
    print: () => window.print(),
    "cancel-entry": () => entry.close(),
    "close-dialog": (button) => button.closest("dialog").close(),
  };

  const tell = (what, more = {}) => {
    const item = one("[data-token]");
    window.emitEvent("nianbao", { what, token: item ? item.dataset.token : "", ...more });
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-do], [data-tell]");
    if (!target) return;
    if (target.dataset.do) actions[target.dataset.do]?.(target);
    else {
      event.preventDefault();
      tell(target.dataset.tell, { value: target.dataset.value ?? "" });
      if (target.closest("dialog") && !target.hasAttribute("data-stay")) target.closest("dialog").close();
    }
  });

  // Pictures of pages are fetched once, ahead of time, with their measures in the headers.
  const MOST_PAGES = 12;
  const pages = new Map();
  const fetchPage = (src) => {
    if (!pages.has(src)) {
      const wanted = fetch(src).then(async (answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        const [width, height, turned] = answer.headers.get("x-page").split(" ").map(Number);
        return { url: URL.createObjectURL(await answer.blob()), width, height, turned };
      });
      wanted.catch(() => pages.delete(src));
      pages.set(src, wanted);
      if (pages.size > MOST_PAGES) {
        const [oldest, old] = pages.entries().next().value;
        pages.delete(oldest);
        old.then((page) => URL.revokeObjectURL(page.url), () => {});
      }
    }
    return pages.get(src);
  };
  const fetchAhead = (src) => { if (src.startsWith("/page/")) fetchPage(src).catch(() => {}); else new Image().src = src; };

  // Boxes are in points of the page as stored; the picture may have been turned to stand upright.
  const turnBox = ([x0, top, x1, bottom], page) => {
    if (page.turned === 90) return [page.height - bottom, x0, page.height - top, x1];
    if (page.turned === 180) return [page.width - x1, page.height - bottom, page.width - x0, page.height - top];
    if (page.turned === 270) return [top, page.width - x1, bottom, page.width - x0];
    return [x0, top, x1, bottom];
  };

  // The picture of the page: zoom 1 is as wide as the view.
  const paper = {
    zoom: 1,
    shown: "",
    size: null,
    view: () => one(".paper .view"),
    async show(data) {
      const view = this.view();
      if (!view) return;
      const leaf = view.querySelector(".leaf");
      const none = view.querySelector(".none");
      let page = null;
      this.wanted = data.src;
      try {
        if (data.src) page = await fetchPage(data.src);
      } catch { page = null; }
      if (this.wanted !== data.src) return;
      leaf.hidden = !page;
      none.hidden = Boolean(page);
      leaf.querySelectorAll(".mark").forEach((mark) => mark.remove());
      if (!page) { this.shown = ""; this.size = null; return; }
      const image = leaf.querySelector("img");
      if (this.shown !== page.url) { image.src = page.url; this.shown = page.url; }
      const across = page.turned % 180 !== 0;
      this.size = across ? [page.height, page.width] : [page.width, page.height];
      const [width, height] = this.size;
      for (const [kind, stored] of data.marks) {
        const mark = document.createElement("div");
        mark.className = `mark ${kind}`;
        const [x0, top, x1, bottom] = turnBox(stored, page);
        mark.style.left = `${(100 * x0) / width}%`;
        mark.style.top = `${(100 * top) / height}%`;
        mark.style.width = `${(100 * (x1 - x0)) / width}%`;
        mark.style.height = `${(100 * (bottom - top)) / height}%`;
        leaf.append(mark);
      }
      this.lay();
      this.toCell();
    },
    lay() {
      const view = this.view();
      if (!view || !this.size) return;
      const width = (view.clientWidth - 28) * this.zoom;
      const leaf = view.querySelector(".leaf");
      leaf.style.width = `${width}px`;
      leaf.style.height = `${(width * this.size[1]) / this.size[0]}px`;
    },
    toCell() {
      const view = this.view();
      const box = view?.querySelector(".mark.box");
      if (!box) return view?.scrollTo(0, 0);
      const leaf = view.querySelector(".leaf");
      view.scrollTop = leaf.offsetTop + box.offsetTop + box.offsetHeight / 2 - view.clientHeight / 2;
      view.scrollLeft = leaf.offsetLeft + box.offsetLeft + box.offsetWidth / 2 - view.clientWidth / 2;
    },
    zoomBy(factor) {
      this.zoom = Math.min(6, Math.max(0.3, this.zoom * factor));
      this.lay();
      this.toCell();
    },
    fit() {
      const view = this.view();
      if (!view || !this.size) return;
      this.zoom = Math.min(1, ((view.clientHeight - 28) * this.size[0]) / this.size[1] / (view.clientWidth - 28));
      this.lay();
    },
  };
  window.addEventListener("resize", () => paper.lay());
  document.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !event.target.closest?.(".paper .view")) return;
    event.preventDefault();
    paper.zoomBy(event.deltaY < 0 ? 1.1 : 0.9);
  }, { passive: false });
  document.addEventListener("pointerdown", (event) => {
    const view = event.target.closest?.(".paper .view");
    if (!view || event.button !== 0) return;
    const from = [event.clientX, event.clientY, view.scrollLeft, view.scrollTop];
    const move = (e) => view.scrollTo(from[2] + from[0] - e.clientX, from[3] + from[1] - e.clientY);
    const stop = () => {
      view.classList.remove("held");
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
    };
    view.classList.add("held");
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
  });

  // A number in a wide cell would be small: the picture is enlarged around its ink, all of which stays in view.
  const WIDE = 3.5; // width to height
  const RIM = 0.27; // part of the height beside the ink that is left out: the borders of the cell
  const DARK = 120; // of 255
  const enlarge = (image) => {
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!width || width < WIDE * height || image.closest(".low")) return;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    const rim = Math.ceil(RIM * height);
    const left = Math.ceil(height / 2);
    const part = pen.getImageData(left, rim, width - 2 * left, height - 2 * rim);
    let first = part.width;
    let last = -1;
    for (let at = 0; at < part.data.length; at += 4) {
      if (part.data[at] + part.data[at + 1] + part.data[at + 2] < 3 * DARK) {
        const x = (at / 4) % part.width;
        first = Math.min(first, x);
        last = Math.max(last, x);
      }
    }
    if (last < first) return;
    const box = image.parentElement.getBoundingClientRect();
    const shown = Math.min(image.clientWidth / width, image.clientHeight / height);
    const scale = Math.min((box.height - 16) / (height * shown), (0.8 * box.width) / ((last - first + height) * shown), 4);
    if (scale <= 1) return;
    const off = (width / 2 - left - (first + last) / 2) * shown * scale;
    image.style.transform = `translateX(${off}px) scale(${scale})`;
  };
  document.addEventListener("load", (event) => {
    if (event.target.matches?.(".crop img")) enlarge(event.target);
  }, true);

  // Typing a number. The field stands outside of what the server draws anew, so no key gets lost.
  const entry = {
    box: () => one("#entry"),
    open(first) {
      const box = this.box();
      if (!box || !one("[data-typing]")) return;
      box.hidden = false;
      const input = box.querySelector("input");
      input.value = first;
      input.focus();
      if (first) tell("typing", { value: first });
    },
    close() {
      const box = this.box();
      if (!box || box.hidden) return;
      box.hidden = true;
      box.querySelector("input").blur();
      tell("typing", { value: null });
    },
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest?.("#entry")) tell("typing", { value: event.target.value });
    if (event.target.dataset?.filter !== undefined) narrow(event.target);
  });

  const narrow = (input) => {
    const wanted = input.value.trim().toLowerCase();
    input.closest("dialog").querySelectorAll(".choice").forEach((choice) => {
      choice.hidden = Boolean(wanted) && !choice.textContent.toLowerCase().includes(wanted);
    });
  };

  // A list to choose from: Enter takes the first that is left, arrows go through it.
  const choose = (event, target) => {
    const shown = [...document.querySelectorAll("dialog[open] .choice:not([hidden])")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      shown[Math.max(0, Math.min(shown.length - 1, shown.indexOf(target) + step))]?.focus();
    } else if (event.key === "Enter" && target.matches("[data-filter]")) {
      event.preventDefault();
      shown[0]?.click();
    }
  };

  const PLAIN = { ArrowRight: "next", j: "next", ArrowLeft: "previous", k: "previous", Enter: "accept", b: "blank",
    p: "as_printed", r: "remap", o: "remap_column", u: "undo", s: "skip", w: "waive", x: "reject", a: "proven", l: "learn", g: "queue",
    ArrowDown: "preview_next", ArrowUp: "preview_previous" };
  const LOCAL = { "?": "help", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", "0": "zoom-fit", c: "zoom-cell" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // A dialog that was closed just now may still have the focus until the next frame.
    const target = event.target.closest?.("dialog:not([open])") ? document.body : event.target;
    if (target.closest?.("#entry")) {
      if (event.key === "Enter") {
        event.preventDefault();
        const value = target.value;
        one("#entry").hidden = true;
        target.blur();
        tell("typed", { value });
      } else if (event.key === "Escape") entry.close();
      return;
    }
    if (one("dialog[open] .choices")) return choose(event, target);
    if (target.closest?.("input, textarea, select") || one("dialog[open]")) return;
    if (event.key === "?") return event.preventDefault(), actions.help();
    if (!one("[data-token]")) return;
    if (event.key === "Enter" && target.closest?.("a, button")) return; // the focused control is meant
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    if (event.key in LOCAL) event.preventDefault(), actions[LOCAL[event.key]]();
    else if (event.key === "t" || event.key === ".") event.preventDefault(), entry.open("");
    else if (/^[1-9]$/.test(event.key)) event.preventDefault(), tell("choose", { value: event.key });
    else if (event.key in PLAIN) event.preventDefault(), tell(PLAIN[event.key], { value: "" });
  });

  // What the server drew: the page picture follows, the form shows where we are, the next pictures are fetched.
  let drawn = "";
  const follow = () => {
    const item = one("[data-token]");
    if (!item || item.dataset.token + item.dataset.paper === drawn) return;
    drawn = item.dataset.token + item.dataset.paper;
    if (entry.box()) entry.box().hidden = true;
    const data = JSON.parse(item.dataset.paper);
    paper.show(data);
    mark(data.fields);
    for (const src of data.ahead) fetchAhead(src);
    if (data.path && location.pathname + location.search !== data.path) history.replaceState(null, "", data.path);
  };
  const mark = (fields) => {
    document.querySelectorAll(".form td.current").forEach((cell) => cell.classList.remove("current"));
    for (const field of fields) one(`.form td[data-field="${CSS.escape(field)}"]`)?.classList.add("current");
    const pane = one(".paper .form");
    const cell = pane?.querySelector("td.current");
    if (cell) {
      const [there, here] = [cell.getBoundingClientRect(), pane.getBoundingClientRect()];
      pane.scrollTop += there.top - here.top - (here.height - there.height) / 2;
    }
  };
  const openDialogs = () => {
    document.querySelectorAll("dialog[data-open]:not([open])").forEach((dialog) => {
      dialog.removeAttribute("data-open");
      dialog.showModal();
      dialog.querySelector("[autofocus], input, .choice")?.focus();
    });
  };
  // What was focused in a dialog is not there any more when it is closed, and would swallow keys.
  document.addEventListener("close", (event) => {
    if (event.target.contains(document.activeElement)) document.activeElement.blur();
  }, true);
  new MutationObserver(() => { follow(); openDialogs(); }).observe(root, { childList: true, subtree: true });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.tellForm === undefined) return;
    event.preventDefault();
    tell(form.dataset.tellForm, { value: Object.fromEntries(new FormData(form)) });
    form.closest("dialog")?.close();
  });

  // Uploads: one request for each file, so that each has its progress and its answer.
  const send = (file, list) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const said = document.createElement("span");
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    line.append(bar, name, said);
    list.append(line);
    const request = new XMLHttpRequest();
    request.open("POST", "/upload");
    request.upload.onprogress = (e) => { if (e.lengthComputable) bar.value = e.loaded / e.total; };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = { message: request.statusText }; }
      bar.value = 1;
      said.className = request.status < 300 ? "tag good" : "tag bad";
      said.textContent = answer.message;
    };
    request.onerror = () => { said.className = "tag bad"; said.textContent = list.dataset.lost; };
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  };
  const take = (files) => { const list = one("#sent"); if (list) for (const file of files) send(file, list); };
  document.addEventListener("change", (event) => {
    if (event.target.id === "files") { take(event.target.files); event.target.value = ""; }
    const form = event.target.closest?.("form[data-auto]");
    if (form) form.requestSubmit();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = one(".drop");
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone?.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && zone) take(event.dataTransfer.files);
    });
  }
})();
