"use strict";

const talks = [...document.querySelectorAll(".talk")];
const zoom = document.getElementById("zoom");

// Tooltips: the title attribute, shown at once, on focus too, and with its line breaks.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

for (const titled of document.querySelectorAll("[title]")) {
  titled.dataset.tip = titled.title;
  titled.setAttribute("aria-description", titled.title);
  titled.removeAttribute("title");
}

function showTip(target) {
  tip.hidden = !target;
  if (!target) return;
  tip.textContent = target.dataset.tip;
  const at = target.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8));
  const below = at.bottom + 8 + tip.offsetHeight < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? at.bottom + 8 : at.top - tip.offsetHeight - 8}px`;
}

// A segment is lit in every lane of its system.
function light(target) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const strip = target?.closest(".strip");
  if (!strip) return;
  for (const segment of target.dataset.segment?.split(" ") ?? []) {
    for (const part of strip.querySelectorAll(`[data-segment~="${segment}"]`)) {
      part.classList.add("lit");
    }
  }
}

function attend(event) {
  const target = event.target.closest?.("[data-tip]");
  showTip(target);
  light(target);
}
document.addEventListener("pointerover", attend);
document.addEventListener("focusin", attend);
document.addEventListener("focusout", () => attend({ target: document.body }));
document.addEventListener("scroll", () => showTip(null), true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") showTip(null);
});

// One bar of each system takes part in the tab order; arrow keys go on from there.
const begin = (bar) => Number(bar.style.getPropertyValue("--s"));

for (const strip of document.querySelectorAll(".strip")) {
  const lanes = [...strip.querySelectorAll("ol")]
    .map((lane) => [...lane.children])
    .filter((bars) => bars.length);
  if (lanes.length) lanes[0][0].tabIndex = 0;
  strip.addEventListener("keydown", (event) => {
    const row = lanes.findIndex((bars) => bars.includes(event.target));
    if (row < 0) return;
    const bars = lanes[row];
    const index = bars.indexOf(event.target);
    const nearest = (other) =>
      other?.reduce((best, bar) =>
        Math.abs(begin(bar) - begin(event.target)) < Math.abs(begin(best) - begin(event.target))
          ? bar
          : best);
    const next = {
      ArrowLeft: bars[index - 1],
      ArrowRight: bars[index + 1],
      ArrowUp: nearest(lanes[row - 1]),
      ArrowDown: nearest(lanes[row + 1]),
      Home: bars[0],
      End: bars.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    const view = strip.closest(".timeline");
    view.scrollLeft += next.getBoundingClientRect().left - view.getBoundingClientRect().left
      - view.clientWidth / 3;
    showTip(next);
  });
}

// Zoom keeps what is in the middle there.
function zoomTo(pixels) {
  for (const talk of talks) {
    const view = talk.querySelector(".timeline");
    const before = Number(getComputedStyle(view).getPropertyValue("--zoom"));
    const middle = (view.scrollLeft + view.clientWidth / 2) / before;
    view.style.setProperty("--zoom", pixels);
    view.scrollLeft = middle * pixels - view.clientWidth / 2;
  }
  zoom.value = pixels;
}

// The clock under the pointer, across all systems.
for (const view of document.querySelectorAll(".timeline")) {
  const clock = document.createElement("div");
  clock.className = "clock";
  view.querySelector(".track").append(clock);
  view.addEventListener("pointermove", (event) => {
    const pixels = event.clientX - view.querySelector(".axis").getBoundingClientRect().left;
    const seconds = pixels / Number(getComputedStyle(view).getPropertyValue("--zoom"));
    clock.hidden = seconds < 0;
    clock.style.setProperty("--s", seconds);
    clock.textContent = `${seconds.toFixed(1)} s`;
  });
  view.addEventListener("pointerleave", () => {
    clock.hidden = true;
  });
  clock.hidden = true;
}

if (talks.length) {
  const choice = document.getElementById("recording");
  const choose = () => {
    for (const talk of talks) talk.hidden = talk.dataset.recording !== choice.value;
  };
  choice.addEventListener("change", choose);
  choose(); // A reloaded page keeps its choice.
  zoom.addEventListener("input", () => zoomTo(Number(zoom.value)));
  document.getElementById("whole").addEventListener("click", () => {
    const view = talks.find((talk) => !talk.hidden).querySelector(".timeline");
    const end = Number(getComputedStyle(view).getPropertyValue("--end"));
    const margin = parseFloat(getComputedStyle(view.firstElementChild).paddingLeft);
    zoomTo(Math.max(1, (view.clientWidth - margin) / end));
  });
  zoomTo(Number(zoom.value) / (innerWidth < 640 ? 1.5 : 1));
}
