// One-time codes (RFC 6238, SHA-1, 30 seconds, 6 digits). A code is good once, so the next one is waited for.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;
const lastStep = new Map();

// Base32, or "hex:" and hex digits.
function keyOf(secret) {
  if (secret.startsWith('hex:')) return Buffer.from(secret.slice(4), 'hex');
  const bits = [...secret.toUpperCase().replace(/[^A-Z2-7]/g, '')]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export function codeAt(secret, step) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', keyOf(secret)).update(message).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export async function freshCode(secret) {
  while (Math.floor(Date.now() / STEP_MS) === lastStep.get(secret))
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  const step = Math.floor(Date.now() / STEP_MS);
  lastStep.set(secret, step);
  return codeAt(secret, step);
}
