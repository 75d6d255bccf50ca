import { Captions } from "./captions.js";
import { Conversation } from "./conversation.js";
import { Token } from "./token.js";
import { Trouble, troubleOf } from "./trouble.js";

const COLOURS = 8; // In room.css; more people than that share them.
const SILENT_DB = -60;
const KEY = "live-translate-person";

const at = (id) => document.getElementById(id);
const room = decodeURIComponent(location.pathname.split("/").at(-1));
const captions = new Captions(at("captions"), at("scroller"));
const token = new Token();

const STATUS = {
  outside: "Not in the room",
  joining: "Joining",
  inside: "Listening",
  resuming: "Connection lost, coming back",
};

let conversation = null;
let people = new Map(); // By number: what the server says of them.
let seen = new Map(); // The same of all who were here: what they said last may come when they have left.
let spoken = new Set(); // Talks in which somebody speaks at this moment.
let you = null;

function show(state) {
  document.body.dataset.state = state;
  at("entrance").hidden = state !== "outside";
  at("talk").disabled = state !== "inside" && state !== "resuming";
  at("leave").disabled = state === "outside";
  at("language").disabled = state !== "inside";
  showStatus();
}

function showStatus() {
  const { state, microphone } = document.body.dataset;
  const isSpeaking = state === "inside" && microphone === "open";
  at("status").textContent = isSpeaking ? "Your microphone is open" : STATUS[state];
}

function trouble(what) {
  at("trouble").hidden = what === null;
  at("trouble").textContent = what?.message ?? "";
  if (what?.cause) console.warn(what.cause);
}

async function join() {
  trouble(null);
  show("joining");
  const lang = at("language").value;
  const name = at("name").value.trim();
  localStorage.setItem(KEY, JSON.stringify([name, lang]));
  const begun = new Conversation(
    room,
    { name, lang, token: token.value },
    { message, state: connected, level, microphone, refused: trouble, failed },
  );
  conversation = begun;
  begun.mute(isPressed("mute"));
  try {
    await begun.open();
  } catch (error) {
    if (begun === conversation) failed(error);
  }
}

function leave() {
  conversation?.close();
  conversation = null;
  people = new Map();
  showPeople();
  show("outside");
}

async function failed(error) {
  leave();
  if (error.code === "unauthorized") {
    await token.ask();
    join();
    return;
  }
  trouble(
    error instanceof Trouble
      ? error
      : new Trouble("page", "This page failed: reload it.", { cause: error }),
  );
}

function connected(state) {
  if (state === "resuming") show("resuming");
  if (state === "open") show("inside");
}

function message(told) {
  switch (told.type) {
    case "joined":
      entered(told);
      break;
    case "member_joined":
      people.set(told.person.member, told.person);
      seen.set(told.person.member, told.person);
      showPeople();
      break;
    case "member_left":
      people.delete(told.member);
      showPeople();
      break;
    case "talk_started":
    case "talk_ended":
      changed(told);
      break;
    case "speaking":
      spoken[told.speaking ? "add" : "delete"](told.talk);
      showPeople();
      break;
    case "missing":
      trouble(new Trouble("missing", `${people.get(told.member)?.name ?? "Somebody"}: ${told.message}.`));
      break;
    case "source":
    case "target":
      row(told, seen.get(told.member));
      captions.commit(told.type, key(told), told.text, {
        lang: told.language,
        uncertain: told.uncertain,
      });
      captions.guess(told.type, key(told), told.final ? "" : told.unstable);
      break;
    case "source_partial":
    case "target_partial":
      if (!told.unstable.trim()) break;
      row(told, seen.get(told.member));
      captions.guess(told.type.split("_")[0], key(told), told.unstable);
      break;
  }
}

function entered(told) {
  you = told.you;
  spoken = new Set();
  people = new Map(told.members.map((person) => [person.member, person]));
  seen = new Map(told.transcript.map((line) => [line.member, line]));
  for (const person of told.members) seen.set(person.member, person);
  captions.clear();
  for (const line of told.transcript) {
    row(line, line);
    captions.commit("source", key(line), line.text, { lang: line.lang });
    captions.commit("target", key(line), line.translation);
  }
  showPeople();
}

function changed({ type, member, talk }) {
  const person = people.get(member);
  if (!person) return;
  person.talk = type === "talk_started" ? talk : null;
  spoken.delete(talk);
  showPeople();
}

function key({ talk, utterance }) {
  return `${talk}.${utterance}`;
}

/** Say in a row who speaks; where he speaks your language, his own words are what you read. */
function row(told, speaker) {
  if (!speaker || (told.type?.startsWith("source") && !hasWords(told))) return;
  const element = captions.row(key(told));
  if (element.dataset.colour !== undefined) return;
  element.dataset.colour = speaker.colour % COLOURS;
  element.classList.toggle("same", speaker.lang === at("language").value);
  const name = document.createElement("p");
  name.className = "speaker";
  name.dir = "auto";
  name.textContent = speaker.name;
  element.prepend(name);
}

function hasWords({ text = "", unstable = "" }) {
  return Boolean(text.trim() || unstable.trim());
}

function showPeople() {
  at("people").replaceChildren(
    ...[...people.values()].map((person) => {
      const element = document.createElement("li");
      element.dataset.colour = person.colour % COLOURS;
      element.classList.toggle("open", person.talk !== null);
      element.classList.toggle("speaking", spoken.has(person.talk));
      const name = document.createElement("b");
      name.dir = "auto";
      name.textContent = person.name;
      const note = document.createElement("small");
      note.textContent = person.member === you ? `${person.lang}, you` : person.lang;
      const state = document.createElement("span");
      state.className = "unseen";
      state.textContent = spoken.has(person.talk) ? ", is speaking" : "";
      element.append(name, note, state);
      return element;
    }),
  );
}

function microphone(isOpen) {
  document.body.dataset.microphone = isOpen ? "open" : "closed";
  at("talk").setAttribute("aria-pressed", isOpen);
  if (!isOpen) level(SILENT_DB);
  showStatus();
}

function level(db) {
  const share = Math.max(0, Math.min(1, 1 - db / SILENT_DB));
  document.body.style.setProperty("--level", share.toFixed(3));
}

function isPressed(id) {
  return at(id).getAttribute("aria-pressed") === "true";
}

async function load() {
  at("room").textContent = document.title = room;
  let response;
  try {
    response = await token.fetch("../languages");
  } catch (cause) {
    throw new Trouble("unreachable", "The server does not answer: check that it runs, then reload the page.", { cause });
  }
  if (!response.ok) throw troubleOf((await response.json()).error);
  const known = (await response.json()).languages
    .filter(({ translates_to: targets }) => targets.length)
    .sort((a, b) => a.name.localeCompare(b.name));
  const [name, lang] = remembered();
  for (const id of ["language", "entrance-language"]) {
    at(id).replaceChildren(...known.map((one) => new Option(one.name, one.code)));
    at(id).value = lang;
    if (!at(id).value) at(id).value = known[0]?.code ?? "";
  }
  at("entrance-language").disabled = at("join").disabled = false;
  at("name").value = name;
  show("outside");
}

/** Return name and language of last time; else the browser's language. */
function remembered() {
  const lang = navigator.language.split("-")[0];
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? ["", lang];
  } catch {
    return ["", lang];
  }
}

at("entrance").onsubmit = (event) => {
  event.preventDefault();
  at("language").value = at("entrance-language").value;
  join();
};
at("language").onchange = () => {
  at("entrance-language").value = at("language").value;
  leave();
  join();
};
at("talk").onclick = async () => {
  trouble(null);
  if (isPressed("talk")) {
    conversation.hush();
    return;
  }
  try {
    await conversation.speak();
  } catch (error) {
    trouble(error);
  }
};
at("mute").onclick = () => {
  at("mute").setAttribute("aria-pressed", !isPressed("mute"));
  conversation?.mute(isPressed("mute"));
};
at("leave").onclick = () => {
  leave();
  captions.clear();
  trouble(null);
};
addEventListener("pagehide", () => conversation?.close());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") conversation?.wake();
});
load().catch((error) => {
  at("status").textContent = "Not ready";
  trouble(error);
});
