// The short calculation that a server may ask for before it takes a contribution: ALTCHA's proof of
// work. Numbers are tried until the key derived from one begins as the challenge says.

/** A challenge as the server gives it. */
export interface Challenge {
  parameters: {
    algorithm: string;
    cost: number;
    keyLength: number;
    keyPrefix: string;
    nonce: string;
    salt: string;
    expiresAt?: number;
    data?: { most?: number };
  };
  signature: string;
}

/** Derives a key: password, salt, rounds, bytes. */
export type Derive = (
  password: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
  length: number,
) => Promise<Uint8Array>;

const AT_ONCE = 4;
const MOST = 100_000;

/**
 * The text to send as `proof`. `told` hears which share of the work is done at most.
 * Raises when there is no answer, or the calculation is not one that is known here.
 */
export async function solve(
  challenge: Challenge,
  told: (share: number) => void = () => undefined,
  derive?: Derive,
): Promise<string> {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt, data } = challenge.parameters;
  if (algorithm !== "PBKDF2/SHA-256") throw new Error(algorithm);
  const most = data?.most ?? MOST;
  const [start, salted] = [bytesOf(nonce), bytesOf(salt)];
  const work = derive ?? (await deriver());
  for (let first = 0; first <= most; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    const keys = await Promise.all(
      counters.map(async (one) => hexOf(await work(numbered(start, one), salted, cost, keyLength))),
    );
    const found = keys.findIndex((one) => one.startsWith(keyPrefix));
    if (found >= 0) {
      told(1);
      const solution = { counter: counters[found], derivedKey: keys[found] };
      return btoa(JSON.stringify({ challenge, solution }));
    }
    told(Math.min(1, first / most));
  }
  throw new Error("no answer");
}

/** The browser's own, where it gives it: a page that came over plain HTTP has to do without. */
async function deriver(): Promise<Derive> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return (await import("./deriving")).derive;
  return async (password, salt, iterations, length) => {
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return new Uint8Array(await subtle.deriveBits(how, key, length * 8));
  };
}

function numbered(nonce: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  return password;
}

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
