// PBKDF2 over SHA-256 for pages that came over plain HTTP, where browsers hide their own.

import type { Derive } from "./proof";

const SLICE = 12;
/** Fractional parts of cube and square roots of primes, as SHA-256 begins. */
const PRIMES = Array.from({ length: 311 }, (_, one) => one + 2).filter((one) => {
  for (let other = 2; other * other <= one; other += 1) if (one % other === 0) return false;
  return true;
});
const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0;
const K = Int32Array.from(PRIMES, (one) => fraction(Math.cbrt(one)));
const START = Int32Array.from(PRIMES.slice(0, 8), (one) => fraction(Math.sqrt(one)));
const W = new Int32Array(64);

/** Mix one block of 64 bytes, as 16 numbers at the beginning of `W`, into a state. */
function mix(state: Int32Array): void {
  for (let t = 16; t < 64; t += 1) {
    const x = W[t - 15]!;
    const y = W[t - 2]!;
    const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (W[t - 16]! + small + W[t - 7]! + large) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number, number, number, number, number, number, number, number,
  ];
  for (let t = 0; t < 64; t += 1) {
    const upper = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + upper + ((e & f) ^ (~e & g)) + K[t]! + W[t]!) | 0;
    const lower = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (lower + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((one, index) => (state[index] = (state[index]! + one) | 0));
}

/** The hash of less than 56 bytes, or of a block of 64 already in `from` and these. */
function ended(from: Int32Array, bytes: Uint8Array | Int32Array, before: number): Int32Array {
  const state = Int32Array.from(from);
  W.fill(0, 0, 16);
  const length = bytes instanceof Int32Array ? bytes.length * 4 : bytes.length;
  if (bytes instanceof Int32Array) W.set(bytes);
  else bytes.forEach((one, at) => (W[at >> 2]! |= one << (24 - (at & 3) * 8)));
  W[length >> 2]! |= 0x80 << (24 - (length & 3) * 8);
  W[15] = (before + length) * 8;
  mix(state);
  return state;
}

/** The state after the block that a key of at most 64 bytes makes with a filling. */
function keyed(key: Uint8Array, filling: number): Int32Array {
  const state = Int32Array.from(START);
  W.fill(filling * 0x01010101, 0, 16);
  key.forEach((one, at) => (W[at >> 2]! ^= one << (24 - (at & 3) * 8)));
  mix(state);
  return state;
}

let since = 0;

export const derive: Derive = async (password, salt, rounds, length) => {
  if (length > 32 || password.length > 64 || salt.length > 50) throw new Error("too long");
  // The page is drawn and answers between two of them.
  if (performance.now() - since > SLICE) {
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
  const [inner, outer] = [keyed(password, 0x36), keyed(password, 0x5c)];
  const first = new Uint8Array(salt.length + 4);
  first.set(salt);
  first[first.length - 1] = 1;
  let block = ended(outer, ended(inner, first, 64), 64);
  const key = Int32Array.from(block);
  for (let round = 1; round < rounds; round += 1) {
    block = ended(outer, ended(inner, block, 64), 64);
    block.forEach((one, index) => (key[index]! ^= one));
  }
  const bytes = new Uint8Array(32);
  key.forEach((one, index) => new DataView(bytes.buffer).setInt32(index * 4, one));
  return bytes.subarray(0, length);
};
