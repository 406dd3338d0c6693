"use strict";
(() => {
  const moments = JSON.parse(document.getElementById("moments").textContent);
  const place = new Map(moments.map((moment, index) => [moment[0], index]));
  const steps = moments.map((moment) => document.getElementById(moment[0]));
  const graph = document.querySelector("figure.graph");
  const bar = document.querySelector(".bar");
  const button = (name) => bar.querySelector(`[data-go=${name}]`);
  const found = (selector) => (graph ? [...graph.querySelectorAll(selector)] : []);
  const printed = found("text").map((text) => [text, text.textContent]);
  const START = "step through it, one number at a time (→)";
  let at = -1;

  // The graph as it is at a moment: all that changed up to there, and what is marked.
  function draw(index) {
    const texts = new Map();
    for (const moment of moments.slice(0, index + 1))
      for (const [name, value, gradient, ...old] of moment[3]) texts.set(name, [value, gradient, old]);
    for (const [name, [value, gradient, old]] of texts) {
      for (const text of found(`text[data-name="${name}"]`)) {
        const kind = ["value", "gradient"].findIndex((one) => text.classList.contains(one));
        if (kind >= 0) text.textContent = [value, gradient][kind];
        text.classList.toggle("old", kind >= 0 && Boolean(old[kind]));
      }
    }
    const [, , , , node, edges] = moments[index];
    for (const group of found("g[data-edge]")) group.classList.toggle("marked", edges.includes(+group.dataset.edge));
    for (const text of found("text.name, text.given"))
      text.classList.toggle("marked", text.dataset.name === String(node));
  }

  function go(index) {
    at = Math.max(0, Math.min(moments.length - 1, index));
    const [anchor, where, says] = moments[at];
    const iteration = anchor.split(".")[0];
    document.body.classList.add("stepping");
    for (const section of document.querySelectorAll("section.seen")) section.classList.remove("seen");
    steps.forEach((step, other) => {
      step.classList.toggle("current", other === at);
      step.classList.toggle("later", other > at);
      if (other <= at && moments[other][0].split(".")[0] === iteration) step.closest("section").classList.add("seen");
    });
    if (graph) draw(at);
    bar.querySelector(".where").textContent = where;
    bar.querySelector(".says").textContent = steps[at].textContent.includes(says) ? "" : says;
    button("back").disabled = button("first").disabled = at === 0;
    button("on").disabled = button("last").disabled = at === moments.length - 1;
    button("mode").textContent = "read it all";
    history.replaceState(null, "", `#${anchor}`);
    steps[at].scrollIntoView({ block: "center" });
  }

  // The graph as it stands in the worked solution.
  function restore() {
    for (const [text, was] of printed) {
      text.textContent = was;
      text.classList.remove("old", "marked");
    }
    for (const group of found("g.marked")) group.classList.remove("marked");
  }

  function read() {
    document.body.classList.remove("stepping");
    restore();
    bar.querySelector(".says").textContent = "";
    button("mode").textContent = START;
    history.replaceState(null, "", location.pathname + location.search);
  }

  // The same step of another iteration.
  function iterate(by) {
    const [iteration, step] = moments[Math.max(at, 0)][0].split(".");
    const to = place.get(`${+iteration + by}.${step}`);
    if (to !== undefined) go(to);
  }

  const isStepping = () => document.body.classList.contains("stepping");
  const on = () => go(isStepping() ? at + 1 : Math.max(at, 0));
  const back = () => isStepping() && go(at - 1);
  const moves = {
    first: () => go(0), back, on, last: () => go(moments.length - 1), mode: () => (isStepping() ? read() : on()),
  };
  const keys = {
    ArrowRight: on, l: on, ArrowLeft: back, h: back,
    Home: () => isStepping() && go(0), End: () => isStepping() && go(moments.length - 1),
    "]": () => iterate(1), "[": () => iterate(-1), Escape: () => isStepping() && read(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  for (const one of bar.querySelectorAll("button")) one.addEventListener("click", () => moves[one.dataset.go]());

  let touched = null;
  document.addEventListener("touchstart", (event) => {
    const touch = event.changedTouches[0];
    touched = event.touches.length === 1 ? [touch.clientX, touch.clientY] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!touched || !isStepping()) return;
    const touch = event.changedTouches[0];
    const [across, down] = [touch.clientX - touched[0], touch.clientY - touched[1]];
    if (Math.abs(across) > 50 && Math.abs(across) > 2 * Math.abs(down)) (across < 0 ? on : back)();
  }, { passive: true });

  function follow() {
    const index = place.get(decodeURIComponent(location.hash.slice(1)));
    if (index !== undefined) go(index);
  }
  if (graph) graph.closest("section").classList.add("pictured", graph.classList.contains("wide") ? "wide" : "high");
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", restore);
  addEventListener("afterprint", () => isStepping() && draw(at));
  bar.hidden = false;
  button("mode").textContent = START;
  follow();
})();
