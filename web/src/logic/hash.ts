/*
 * Is what somebody asks for the hash of a file? MD5, SHA-1, SHA-2 and SHA-3 in hexadecimal digits, with or
 * without the algorithm before it. Used by pages/components.
 */
const DIGITS = new Set([32, 40, 56, 64, 96, 128]);

export function hashOf(text: string): string | null {
  const digits = /^(?:[a-z0-9-]+:)?\s*([0-9a-f]+)$/i.exec(text.trim())?.[1];
  return digits && DIGITS.has(digits.length) ? digits.toLowerCase() : null;
}

export function looksLikeHash(text: string): boolean {
  return hashOf(text) !== null;
}
