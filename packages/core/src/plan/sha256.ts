import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * The digest of a text's UTF-8 bytes, as 64 lower-case hex digits. Not node:crypto, because core also
 * runs in a browser, where the only other offer is asynchronous. For plan hashes and proofs, not for bulk data.
 */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
