import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, EnvError } from "./env.ts";

/** Encrypts what is secret at rest: AES-256-GCM, a fresh nonce each, laid out as nonce (12) | tag (16) | ciphertext. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(keyBase64: string) {
    this.#key = Buffer.from(keyBase64, "base64");
    if (this.#key.length !== 32)
      throw new EnvError("UPLINE_SECRET_KEY must be 32 bytes in base64: make one with `openssl rand -base64 32`");
  }

  seal(text: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** Throws where the key is not the one it was sealed with. */
  open(sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  }

  /** A secret of 256 bits for one purpose, always the same for the same key; it tells nothing about the key (HKDF, RFC 5869). */
  derive(purpose: string): string {
    return Buffer.from(hkdfSync("sha256", this.#key, "", `upline ${purpose}`, 32)).toString("base64url");
  }
}

/**
 * The hub's secret key: from the environment, or, with the embedded database only, a file beside
 * it that is made on first start. An outside database wants the key set: a lost file would lose every store's secret.
 */
export function openSecretBox(env: Pick<Env, "secretKey" | "databaseUrl" | "dataDir">): SecretBox {
  if (env.secretKey !== null) return new SecretBox(env.secretKey);
  if (env.databaseUrl !== null) {
    throw new EnvError(
      "UPLINE_SECRET_KEY is not set: with DATABASE_URL the hub needs 32 bytes in base64 (`openssl rand -base64 32`), kept with your other secrets",
    );
  }
  const path = join(env.dataDir, "secret.key");
  if (!existsSync(path)) {
    mkdirSync(env.dataDir, { recursive: true });
    writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
    chmodSync(path, 0o600);
  }
  return new SecretBox(readFileSync(path, "utf8").trim());
}

/** sha256 as bytes: API keys are stored as this. */
export function sha256(text: string | Uint8Array): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A buyer as a keyed hash: the same buyer is recognised, nobody can be looked up from it. */
export function hashBuyer(key: string, buyer: string): string {
  return createHmac("sha256", key).update(buyer).digest("base64url").slice(0, 22);
}
