// What a server asks of those who contribute: asked when a form is opened, answered when it is sent.

import { Problem } from "../../sources/source";
import type { Session } from "../../state/session";
import { type Challenge, solve } from "./proof";

export interface Pause {
  message: string | null;
  until: string | null;
}

interface Terms {
  paused: Pause | null;
  required: boolean;
  /** Whether those who give an address are written to. */
  mails?: boolean;
  opened: string;
  challenge: Challenge | null;
}

/** What is sent along with a contribution. */
export interface Pass {
  proof?: string;
  opened?: string;
}

const FRESH = 60_000;
/** Milliseconds during which an answer to a challenge is surely taken. */
const GOOD = 8 * 60_000;
const TRIES = 3;

/** Dispatches `change` when its terms are known, and while a calculation goes on. */
export class Entrance extends EventTarget {
  paused: Pause | null = null;
  /** Whether those who give an address are written to. */
  mails = false;
  /** The share of the calculation that is done; null while none goes on. */
  share: number | null = null;
  private opened = "";
  private proof: { at: number; text: Promise<string | null> } | null = null;
  private asked = -Infinity;
  private answer: Promise<void> = Promise.resolve();

  constructor(
    private readonly address: string,
    private readonly work: typeof solve = solve,
  ) {
    super();
  }

  /** Ask for the terms unless they are known: a calculation then begins. Never raises. */
  ask(again = false): Promise<void> {
    const now = Date.now();
    if (!again && now - this.asked < FRESH) return this.answer;
    this.asked = now;
    return (this.answer = this.read());
  }

  private async read(): Promise<void> {
    let terms: Terms;
    try {
      const answer = await fetch(this.address, { credentials: "omit", cache: "no-store" });
      if (!answer.ok) return;
      terms = (await answer.json()) as Terms;
    } catch {
      return; // what is asked will be told when it is sent
    }
    this.paused = terms.paused;
    this.mails = terms.mails ?? false;
    this.opened ||= terms.opened;
    if (terms.challenge && !this.usable) this.begin(terms.challenge);
    this.tell();
  }

  private get usable(): boolean {
    return this.proof !== null && Date.now() - this.proof.at < GOOD;
  }

  private begin(challenge: Challenge): void {
    this.share = 0;
    const text = this.work(challenge, (share) => {
      this.share = share;
      this.tell();
    }).then(
      (found) => found,
      () => null,
    );
    void text.then(() => {
      this.share = null;
      this.tell();
    });
    this.proof = { at: Date.now(), text };
  }

  private tell(): void {
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Send something with what is asked for it. When a calculation turns out to be needed, it is done
   * and sent again. Raises what `send` does.
   */
  async through<T>(send: (pass: Pass) => Promise<T>): Promise<T> {
    await this.ask();
    for (let left = TRIES; ; left -= 1) {
      const proof = this.usable ? await this.proof!.text : null;
      this.proof = null; // counts once
      const pass = { ...(proof && { proof }), ...(this.opened && { opened: this.opened }) };
      try {
        return await send(pass);
      } catch (error) {
        const code = error instanceof Problem ? error.code : "";
        if (code === "paused") await this.ask(true);
        if (code !== "proof_required" || left <= 1) throw error;
        await this.ask(true);
      }
    }
  }

  /** A form was sent: the next one is opened later. */
  sent(): void {
    this.opened = "";
    this.asked = -Infinity;
  }
}

const known = new Map<string, Entrance>();
const NONE = new Entrance("");
NONE.ask = () => Promise.resolve();

/** The entrance of a session's dataset, the same for all widgets of a page. */
export function entranceOf({ descriptor }: Session): Entrance {
  const address = descriptor.links.challenge;
  if (!address) return NONE;
  const found = known.get(address) ?? new Entrance(address);
  known.set(address, found);
  return found;
}
