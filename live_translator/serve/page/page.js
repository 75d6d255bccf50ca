import { Captions } from "./captions.js";
import { Languages } from "./languages.js";
import { Talk } from "./talk.js";
import { Token } from "./token.js";
import { Trouble, troubleOf } from "./trouble.js";

const SILENT_DB = -60;
const LEVEL_TOLD_MS = 500; // To screen readers; the bar moves with every chunk.
const MUTED_DB = -80; // No room is that silent,
const MUTED_MS = 4000; // for that long.

const at = (id) => document.getElementById(id);
const captions = new Captions(at("captions"), at("scroller"));
const token = new Token();
const languages = new Languages(
  { source: at("source"), target: at("target"), swap: at("swap") },
  () => trouble(null),
);

const STATUS = {
  idle: "Ready",
  opening: "Waiting for the microphone",
  connecting: "Connecting",
  loading: "Loading the languages",
  listening: "Listening",
  deaf: "Nothing is heard: is the microphone muted?",
  resuming: "Connection lost, taking the talk up again",
  finishing: "Finishing",
  waiting: "The server is busy",
};
const AT_REST = new Set(["idle", "finishing"]);

// A name that nobody guesses: whoever knows a room's address may enter it.
const numbers = crypto.getRandomValues(new Uint32Array(2));
at("room").href = `room/${Array.from(numbers, (number) => number.toString(36)).join("-")}`;

const HINTS = {
  streaming: at("hint-text").textContent,
  complete: "The voice waits until you press Stop; whole sentences are translated better.",
};

let talk = null;
let talks = 0; // So that rows of a new talk stand behind those of the last.
let state = "idle";
let retry = null;
let isStopping = false;
let wakeLock = null;
let levelToldAtMs = 0;
let heardAtMs = 0;

function show(next) {
  state = next;
  document.body.dataset.state = state;
  at("status").textContent = STATUS[state];
  at("talk-name").textContent = canStop() ? "Stop" : "Start";
  at("talk").toggleAttribute("data-running", canStop());
  at("talk").disabled = state === "finishing";
  const isIdle = state === "idle";
  languages.disabled = !isIdle;
  at("mode").disabled = !isIdle;
  at("reset").disabled = isIdle && captions.isEmpty;
  at("hint").hidden = !captions.isEmpty;
  if (!canStop()) level(SILENT_DB);
}

function canStop() {
  return !AT_REST.has(state);
}

function trouble(what) {
  at("trouble").hidden = what === null;
  at("trouble").textContent = what?.message ?? "";
  if (what?.cause) console.warn(what.cause);
}

function isComplete() {
  return document.querySelector("[name=mode]:checked").value === "complete";
}

async function start() {
  clearTimeout(retry);
  trouble(null);
  isStopping = false;
  heardAtMs = performance.now();
  talks += 1;
  at("latency").textContent = "";
  show("opening");
  const begun = new Talk(
    { src_lang: languages.source, tgt_lang: languages.target, token: token.value },
    {
      complete: isComplete(),
      on: { message, state: connected, level: heard, lost, ended, failed },
    },
  );
  talk = begun;
  try {
    await begun.open();
  } catch (error) {
    if (begun === talk) failed(error);
  }
  if (begun !== talk) return;
  begun.mute(isMuted());
  keepAwake();
}

function stop() {
  if (state === "opening" || state === "waiting") {
    leave();
    trouble(null);
    return;
  }
  isStopping = true;
  show("finishing");
  talk.stop();
}

/** End the talk without waiting for the rest of it. */
function leave() {
  clearTimeout(retry);
  talk?.close();
  talk = null;
  captions.settle();
  wakeLock?.release();
  wakeLock = null;
  show("idle");
}

function connected(now) {
  const next = { connecting: "connecting", open: "listening", resuming: "resuming" }[now];
  if (!isStopping) show(now === "open" && state === "connecting" ? "loading" : next);
}

function message(told) {
  const key = `${talks}.${told.utterance}`;
  switch (told.type) {
    case "ready":
      if (!isStopping) show("listening");
      break;
    case "source":
      captions.commit("source", key, told.text, { lang: told.language });
      captions.guess("source", key, told.final ? "" : told.unstable);
      break;
    case "source_partial":
      captions.guess("source", key, told.unstable);
      break;
    case "target":
      captions.commit("target", key, told.text, { lang: told.language, uncertain: told.uncertain });
      captions.guess("target", key, told.final ? "" : told.unstable);
      break;
    case "target_partial":
      captions.guess("target", key, told.unstable);
      break;
    case "latency":
      latency(told.lag_s);
      break;
  }
  at("hint").hidden = !captions.isEmpty;
  at("reset").disabled = false;
}

function latency(lagS) {
  if (lagS === null || isComplete()) return;
  at("latency").textContent = `${lagS.toFixed(1)} s behind`;
}

function heard(db) {
  level(db);
  const nowMs = performance.now();
  if (db > MUTED_DB) heardAtMs = nowMs;
  if (state === "listening" && nowMs - heardAtMs > MUTED_MS) show("deaf");
  else if (state === "deaf" && db > MUTED_DB) show("listening");
}

/** The microphone went away: what was said is still translated. */
function lost(what) {
  stop();
  trouble(what);
}

function level(db) {
  const bar = at("level");
  const share = Math.max(0, Math.min(1, 1 - db / SILENT_DB));
  document.body.style.setProperty("--level", share.toFixed(3));
  const nowMs = performance.now();
  if (nowMs - levelToldAtMs > LEVEL_TOLD_MS) {
    levelToldAtMs = nowMs;
    const told = Math.round(Math.max(SILENT_DB, Math.min(0, db)));
    bar.setAttribute("aria-valuenow", told);
    bar.setAttribute("aria-valuetext", told === SILENT_DB ? "silent" : `${told} decibels`);
    if (talk) clock();
  }
}

function clock() {
  at("clock").dataset.seconds = talk.elapsedS.toFixed(2);
  const seconds = Math.floor(talk.elapsedS);
  const rest = String(seconds % 60).padStart(2, "0");
  at("clock").textContent = seconds ? `${Math.floor(seconds / 60)}:${rest}` : "";
}

function ended() {
  document.body.dataset.underruns = talk.underruns; // For tests, and for who asks why it stuttered.
  clock();
  leave();
}

async function failed(error) {
  const told =
    error instanceof Trouble
      ? error
      : new Trouble("page", "This page failed: reload it.", { cause: error });
  talk = null;
  leave();
  if (told.code === "unauthorized") {
    await token.ask();
    start();
    return;
  }
  trouble(told);
  if (told.code === "busy") {
    show("waiting");
    retry = setTimeout(start, told.retryAfterS * 1000);
  }
}

function reset() {
  leave();
  captions.clear();
  trouble(null);
  at("latency").textContent = "";
  at("clock").textContent = "";
  show("idle");
  at("talk").focus();
}

function isMuted() {
  return at("mute").getAttribute("aria-pressed") === "true";
}

async function keepAwake() {
  try {
    wakeLock = (await navigator.wakeLock?.request("screen")) ?? null;
  } catch {
    wakeLock = null; // The battery is low, or the page is hidden.
  }
}

async function load() {
  let response, body;
  try {
    response = await token.fetch("languages");
    body = await response.json();
  } catch (cause) {
    const sentence = "The server does not answer: check that it runs, then reload the page.";
    throw new Trouble("unreachable", sentence, { cause });
  }
  if (!response.ok) throw troubleOf(body.error);
  languages.fill(body.languages);
  show("idle");
}

at("talk").onclick = () => (canStop() ? stop() : start());
at("reset").onclick = reset;
at("mute").onclick = () => {
  at("mute").setAttribute("aria-pressed", !isMuted());
  talk?.mute(isMuted());
};
at("mode").onchange = () => {
  at("hint-text").textContent = HINTS[isComplete() ? "complete" : "streaming"];
};
addEventListener("pagehide", () => talk && leave());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || !talk) return;
  talk.wake();
  keepAwake();
});
load().catch((error) => {
  at("status").textContent = "Not ready";
  trouble(error);
});
