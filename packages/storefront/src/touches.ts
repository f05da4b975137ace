import { readCode } from "@upline/core/referral-code";

/**
 * The first and the last referral link a visitor came by, as a cookie keeps them:
 * `{"f":[code, unix seconds, landing path, via],"l":[…]}`. The shop's server reads and writes the same form.
 */
export type Touch = [code: string, at: number, path: string, via: "cookie" | "path"];

export interface Touches {
  readonly f: Touch | null;
  readonly l: Touch | null;
}

const LONGEST_PATH = 120;
/** A redirect and the page it leads to are one visit. */
const SAME_VISIT_SECONDS = 60;
/** A server's clock may differ from the visitor's by this much. */
const CLOCK_SECONDS = 86400;

/** The code with its ASCII letters in capitals, as the shop's server writes it, or null where this cannot be a code. */
export function parseCode(typed: string | null | undefined): string | null {
  const read = readCode(typed ?? "");
  return "code" in read ? read.code.replace(/[a-z]/g, (letter) => letter.toUpperCase()) : null;
}

/** Reads leniently: what is malformed, in the future or older than the window is not there. */
export function decodeTouches(json: string, now: number, windowSeconds: number): Touches {
  let raw: { f?: unknown; l?: unknown } | null = null;
  try {
    raw = JSON.parse(json);
  } catch {
    // A cookie that somebody else wrote.
  }
  const read = (touch: unknown): Touch | null => {
    if (!Array.isArray(touch)) return null;
    const [code, at, path, via] = touch;
    if (typeof code !== "string" || typeof at !== "number" || at > now + CLOCK_SECONDS || at < now - windowSeconds) return null;
    const parsed = parseCode(code);
    return parsed === null ? null : [parsed, at, cut(path), via === "path" ? "path" : "cookie"];
  };
  const f = read(raw?.f);
  const l = read(raw?.l);
  return { f: f ?? l, l: l ?? f };
}

/** The touches after one more visit by a referral link. */
export function addTouch(touches: Touches, touch: Touch): Touches {
  const [code, at, path, via] = touch;
  const last = touches.l;
  if (last && last[0] === code && at - last[1] < SAME_VISIT_SECONDS) return touches;
  const added: Touch = [code, at, cut(path), via];
  return { f: touches.f ?? added, l: added };
}

function cut(path: unknown): string {
  return typeof path === "string" && path.startsWith("/") ? path.slice(0, LONGEST_PATH) : "/";
}
