// The calculation that a server may ask for, and how it gets along with what is sent.

import { afterEach, expect, test, vi } from "vitest";
import { derive } from "../src/elements/editing/deriving";
import { Entrance } from "../src/elements/editing/entrance";
import { type Challenge, solve } from "../src/elements/editing/proof";
import { Problem } from "../src/sources/source";

const ADDRESS = "https://server.test/api/v1/datasets/d/challenge";
const SALT = "00112233445566778899aabbccddeeff";
afterEach(() => vi.unstubAllGlobals());

const { subtle } = crypto;
const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
const password = (counter: number): Uint8Array<ArrayBuffer> =>
  bytesOf(SALT + counter.toString(16).padStart(8, "0"));

/** The key as the browser itself derives it, in hexadecimal. */
async function derived(counter: number, iterations: number): Promise<string> {
  const key = await subtle.importKey("raw", password(counter), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(SALT), iterations };
  return hexOf(new Uint8Array(await subtle.deriveBits(how, key, 256)));
}

async function challenge(counter: number, more: object = {}): Promise<Challenge> {
  return {
    parameters: {
      algorithm: "PBKDF2/SHA-256",
      cost: 20,
      keyLength: 32,
      keyPrefix: (await derived(counter, 20)).slice(0, 32),
      nonce: SALT,
      salt: SALT,
      data: { most: 30 },
      ...more,
    },
    signature: "s",
  };
}

test.each([0, 1, 7, 30])("the number %i is found, by the browser's own means", async (counter) => {
  const shares: number[] = [];
  const asked = await challenge(counter);
  const answer = JSON.parse(atob(await solve(asked, (share) => shares.push(share))));
  expect(answer.challenge).toEqual(asked);
  expect(answer.solution.counter).toBe(counter);
  expect(answer.solution.derivedKey.startsWith(asked.parameters.keyPrefix)).toBe(true);
  expect([...shares].sort((one, two) => one - two)).toEqual(shares);
  expect(shares.at(-1)).toBe(1);
});

test("without the browser's own means the same keys are derived", async () => {
  for (const [counter, rounds] of [[0, 1], [5, 2], [2 ** 31, 300]] as const) {
    const key = await derive(password(counter), bytesOf(SALT), rounds, 32);
    expect(hexOf(key)).toBe(await derived(counter, rounds));
  }
  const asked = await challenge(9);
  vi.stubGlobal("crypto", {});
  const answer = JSON.parse(atob(await solve(asked)));
  expect(answer.solution.counter).toBe(9);
});

test("what cannot be answered is given up", async () => {
  await expect(solve(await challenge(5, { keyPrefix: "ff".repeat(16) }))).rejects.toThrow("no answer");
  await expect(solve(await challenge(5, { algorithm: "SCRYPT" }))).rejects.toThrow("SCRYPT");
});

// -- What is asked, and what is sent ---------------------------------------------------------

interface Answer {
  paused?: object | null;
  challenge?: Challenge | null;
}

/** A server that answers the terms given, the last ones again and again. */
function asking(...answers: Answer[]): { entrance: Entrance; asked: () => number } {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    const found = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    const { paused = null, challenge: work = null } = found;
    return Response.json({ paused, required: !!work, opened: `stamp ${asked}`, challenge: work });
  });
  return { entrance: new Entrance(ADDRESS), asked: () => asked };
}

const refusal = (code: string): Problem => new Problem(code, "", 403);

test("a proof that is asked for at first is sent once, and another with the next", async () => {
  const { entrance, asked } = asking({ challenge: await challenge(3) });
  const passes: object[] = [];
  await entrance.ask();
  await entrance.through(async (pass) => passes.push(pass));
  expect(passes).toHaveLength(1);
  expect(passes[0]).toMatchObject({ opened: "stamp 1" });
  expect(JSON.parse(atob((passes[0] as { proof: string }).proof)).solution.counter).toBe(3);
  entrance.sent();
  await entrance.through(async (pass) => passes.push(pass));
  expect(asked()).toBe(2);
  expect(passes[1]).toMatchObject({ opened: "stamp 2", proof: expect.any(String) });
});

test("where a proof turns out to be needed, it is made and sent by itself", async () => {
  const { entrance } = asking({}, { challenge: await challenge(2) });
  const passes: { proof?: string }[] = [];
  const shares: (number | null)[] = [];
  entrance.addEventListener("change", () => shares.push(entrance.share));
  const answer = await entrance.through(async (pass) => {
    passes.push(pass);
    if (!pass.proof) throw refusal("proof_required");
    return "taken";
  });
  expect(answer).toBe("taken");
  expect(passes.map(({ proof }) => Boolean(proof))).toEqual([false, true]);
  expect(shares).toContain(0);
  await vi.waitFor(() => expect(entrance.share).toBeNull());
});

test("a server that is never content is left after a few tries", async () => {
  const { entrance } = asking({ challenge: await challenge(1) });
  let sent = 0;
  const trying = entrance.through(async () => {
    sent += 1;
    throw refusal("proof_required");
  });
  await expect(trying).rejects.toMatchObject({ code: "proof_required" });
  expect(sent).toBe(3);
});

test("a pause is known as soon as the form is opened, and when it comes while one types", async () => {
  const paused = { message: "Back on Monday.", until: null };
  const first = asking({ paused });
  await first.entrance.ask();
  expect(first.entrance.paused).toEqual(paused);
  const later = asking({}, { paused });
  const trying = later.entrance.through(async () => Promise.reject(refusal("paused")));
  await expect(trying).rejects.toMatchObject({ code: "paused" });
  expect(later.entrance.paused).toEqual(paused);
});

test("other refusals are told, and a server that says nothing of terms is sent to", async () => {
  const { entrance } = asking({});
  const trying = entrance.through(async () => Promise.reject(refusal("rate_limited")));
  await expect(trying).rejects.toMatchObject({ code: "rate_limited" });
  vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
  const passes: object[] = [];
  await new Entrance(ADDRESS).through(async (pass) => passes.push(pass));
  expect(passes).toEqual([{}]);
});
