import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, EnvError } from "./env.ts";

/**
 * Encrypts what is secret at rest: AES-256-GCM, a fresh nonce each, laid out as nonce (12) | tag (16) | ciphertext.
 * It may hold several keys, the newest first: while a key is being replaced, what either sealed can be opened.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  /** Tells the newest key from others, and nothing about it. */
  readonly keyId: string;
  #bodyKey: Buffer | null = null;

  constructor(newest: string, ...earlier: readonly string[]) {
    const keys = [
      keyOf(newest, "UPLINE_SECRET_KEY"),
      ...earlier.map((text) => keyOf(text, "Each of UPLINE_PREVIOUS_SECRET_KEYS")),
    ];
    this.#keys = new Map(keys.map((key) => [derived(key, "name of the key").subarray(0, 4).toString("hex"), key]));
    [this.keyId = ""] = this.#keys.keys();
  }

  /** The keys' names, the newest first. */
  get keyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** With which key is the database's to say, where it is kept there: see `db/sealing.ts`. */
  seal(text: string, keyId: string = this.keyId): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key(keyId), nonce);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** Throws where it was sealed with none of the keys. */
  open(sealed: Uint8Array): string {
    for (const keyId of this.#keys.keys()) {
      const text = this.openWith(keyId, sealed);
      if (text !== null) return text;
    }
    throw new Error("this was sealed with another secret key");
  }

  /** Null where another key sealed it. */
  openWith(keyId: string, sealed: Uint8Array): string | null {
    const bytes = Buffer.from(sealed);
    if (bytes.length < 28) return null;
    const decipher = createDecipheriv("aes-256-gcm", this.#key(keyId), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch {
      return null;
    }
  }

  /** A secret of 256 bits for one purpose, always the same for the same newest key; it tells nothing about the key (HKDF, RFC 5869). */
  derive(purpose: string): string {
    return derived(this.#key(this.keyId), purpose).toString("base64url");
  }

  /**
   * Seals a body under a key of its own, which is made of the hub's body key and a fresh salt of 16 bytes. Whoever deletes the salt makes
   * the body unreadable to everybody. Keys stored as they are would open every body of a stolen copy of the database; keys sealed
   * one by one would cost a second encryption for each delivery, and a rotation would have to touch all of them.
   */
  sealBody(plain: Uint8Array, salt: Uint8Array): Buffer {
    // The key is used once, so that the nonce may be the same each time.
    const cipher = createCipheriv("aes-256-gcm", this.#bodyKeyOf(salt), NONCE);
    const text = cipher.update(plain);
    cipher.final();
    return Buffer.concat([cipher.getAuthTag(), text]);
  }

  openBody({ salt, sealed }: { readonly salt: Uint8Array; readonly sealed: Uint8Array }): Buffer {
    const decipher = createDecipheriv("aes-256-gcm", this.#bodyKeyOf(salt), NONCE);
    decipher.setAuthTag(sealed.subarray(0, 16));
    return Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]);
  }

  #bodyKeyOf(salt: Uint8Array): KeyObject {
    if (this.#bodyKey === null) throw new Error("the database was not opened with this box yet");
    // Both have a fixed length, so that a plain hash of the two is as good a key; this is on every delivery's way.
    // As an object: to find out that bytes are no object costs node more than to seal with them.
    return createSecretKey(hash("sha256", Buffer.concat([this.#bodyKey, salt]), "buffer"));
  }

  /** What bodies of deliveries are sealed under, as the database keeps it: the same whatever becomes of the secret key. */
  useBodyKey(base64: string): void {
    this.#bodyKey = Buffer.from(base64, "base64");
  }

  /**
   * A secret for one purpose that stays the same when the secret key is replaced: what is made with it would otherwise have to be made
   * anew, such as everybody's sign-in. Made of the key of bodies, which only the secret key opens.
   */
  deriveLasting(purpose: string): string {
    if (this.#bodyKey === null) throw new Error("the database was not opened with this box yet");
    return derived(this.#bodyKey, purpose).toString("base64url");
  }

  #key(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined)
      throw new EnvError(`The secret key ${keyId} is not among this process's: set it in UPLINE_PREVIOUS_SECRET_KEYS.`);
    return key;
  }
}

const NONCE = Buffer.alloc(12);
/** Of the salt that makes a body's key. */
export const SALT_BYTES = 16;

function keyOf(base64: string, setting: string): Buffer {
  const key = Buffer.from(base64, "base64");
  if (key.length !== 32) throw new EnvError(`${setting} must be 32 bytes in base64: make one with \`openssl rand -base64 32\``);
  return key;
}

const derived = (key: Buffer, purpose: string) => Buffer.from(hkdfSync("sha256", key, "", `upline ${purpose}`, 32));

/**
 * The hub's secret keys: from the environment, or, with the embedded database only, a file beside
 * it that is made on first start. An outside database wants the key set: a lost file would lose every store's secret.
 */
export function openSecretBox(env: Pick<Env, "secretKey" | "previousSecretKeys" | "databaseUrl" | "dataDir">): SecretBox {
  const path = env.databaseUrl === null ? join(env.dataDir, "secret.key") : null;
  if (env.secretKey !== null) {
    const kept = path !== null && existsSync(path) ? [readFileSync(path, "utf8").trim()] : [];
    return new SecretBox(env.secretKey, ...env.previousSecretKeys, ...kept);
  }
  if (path === null) {
    throw new EnvError(
      "UPLINE_SECRET_KEY is not set: with DATABASE_URL the hub needs 32 bytes in base64 (`openssl rand -base64 32`), kept with your other secrets",
    );
  }
  if (!existsSync(path)) {
    mkdirSync(env.dataDir, { recursive: true });
    writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
    chmodSync(path, 0o600);
  }
  return new SecretBox(readFileSync(path, "utf8").trim(), ...env.previousSecretKeys);
}

/** sha256 as bytes: API keys are stored as this. */
export function sha256(text: string | Uint8Array): Buffer {
  return hash("sha256", text, "buffer");
}

/** A buyer as a keyed hash: the same buyer is recognised, nobody can be looked up from it. */
export function hashBuyer(key: string, buyer: string): string {
  return createHmac("sha256", key).update(buyer).digest("base64url").slice(0, 22);
}
