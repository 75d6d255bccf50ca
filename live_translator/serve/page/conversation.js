import { Capture } from "./capture.js";
import { Connection } from "./connection.js";
import { parseRoomFrame } from "./frame.js";
import { Player } from "./player.js";
import { Trouble } from "./trouble.js";

/** Microphone, connection and the others' voices of one person in a room. */
export class Conversation {
  #on;
  #join;
  #player;
  #voices = new Map(); // By talk: {player, epochMs}
  #capture = null;
  #connection = null;
  #isMuted = false;
  #wantsMicrophone = false;
  #isOver = false;

  /**
   * `join` is the message but for its type; `room` the room's name. `on` has what Connection's
   * has, `level(db)`, and `microphone(isOpen)`.
   */
  constructor(room, join, on) {
    this.room = room;
    this.#join = join;
    this.#on = on;
  }

  /** Begin, with the microphone closed. Call it from a click or a key. */
  async open() {
    this.#player = await Player.open();
    if (this.#isOver) return;
    this.#connection = new Connection(
      `../ws/room/${encodeURIComponent(this.room)}`,
      { type: "join", muted: true, ...this.#join },
      {
        ...this.#on,
        message: (message) => this.#hear(message),
        sound: (frame) => this.#play(frame),
        failed: (trouble) => {
          this.close();
          this.#on.failed?.(trouble);
        },
      },
      { parse: parseRoomFrame },
    );
  }

  /** Open the microphone; throws Trouble. Call it from a click or a key. */
  async speak() {
    if (this.#wantsMicrophone) return;
    this.#wantsMicrophone = true;
    try {
      this.#capture = await Capture.open({
        samples: (samples) => this.#wantsMicrophone && this.#connection.send(samples),
        level: (db) => this.#on.level?.(db),
        lost: (trouble) => {
          this.hush();
          this.#on.refused?.(trouble);
        },
      });
    } catch (error) {
      this.#wantsMicrophone = false;
      throw error;
    }
    if (!this.#wantsMicrophone || this.#isOver) {
      this.#capture.close();
      return;
    }
    this.#begin();
    this.#on.microphone?.(true);
  }

  /** Close it; what was said is still translated. */
  hush() {
    if (this.#wantsMicrophone) this.#connection.say({ type: "mute", muted: true });
    this.#release();
  }

  /** Hear the others or not. */
  mute(muted) {
    this.#isMuted = muted;
    for (const { player } of this.#voices.values()) player.muted = muted;
  }

  /** Go on after the system has stopped the sound. */
  wake() {
    this.#player?.resume();
  }

  /** Leave. Idempotent. */
  close() {
    this.#isOver = true;
    this.#release();
    this.#connection?.close();
    this.#player?.close();
  }

  #begin() {
    const { rateHz } = this.#capture;
    this.#connection.restart(rateHz);
    this.#connection.say({ type: "mute", muted: false, sample_rate: rateHz });
  }

  #release() {
    this.#wantsMicrophone = false;
    this.#capture?.close();
    this.#capture = null;
    this.#on.microphone?.(false);
  }

  #hear(message) {
    switch (message.type) {
      case "rejoined":
        // What was pressed while the line was broken has not been said.
        if (this.#capture && message.talk === null) this.#begin();
        if (!this.#wantsMicrophone && message.talk !== null) {
          this.#connection.say({ type: "mute", muted: true });
        }
        break;
      case "refused":
        this.#release();
        this.#on.refused?.(new Trouble(message.code, sentence(message.message)));
        return;
      case "talk_started":
        this.#forget();
        break;
    }
    this.#on.message?.(message);
  }

  #play(frame) {
    let voice = this.#voices.get(frame.talk);
    if (voice === undefined) {
      voice = { player: this.#player.beside(), epochMs: performance.now() - frame.startS * 1000 };
      voice.player.muted = this.#isMuted;
      this.#voices.set(frame.talk, voice);
    }
    voice.player.play(frame, voice.epochMs + frame.startS * 1000);
    voice.playedAtMs = performance.now();
  }

  /** Let go of voices that have not been heard for long: their talks are over. */
  #forget() {
    for (const [talk, { player, playedAtMs }] of this.#voices) {
      if (player.queuedS > 0 || performance.now() - playedAtMs < 60_000) continue;
      player.remove();
      this.#voices.delete(talk);
    }
  }
}

function sentence(message) {
  return `${message[0].toUpperCase()}${message.slice(1)}.`;
}
