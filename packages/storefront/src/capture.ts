import { addTouch, decodeTouches, parseCode, type Touches } from "./touches.ts";

/** What the shop's owner has set. */
export interface CaptureOptions {
  /** The query parameter of referral links, such as "ref". */
  readonly parameter: string;
  /** The first path part of /r/CODE links; empty where the shop has none. */
  readonly prefix: string;
  readonly windowDays: number;
  /** Where the shop lies on its host; the cookie belongs to this path. */
  readonly home: string;
}

/** What the page is asked for; a platform's adapter gives it, a test gives another. */
export interface Page {
  readonly url: URL;
  readonly now: number;
  readCookies(): string;
  writeCookie(cookie: string): void;
  /** Whether the visitor lets us remember; null while nobody can say yet. Asked anew each time. */
  isAllowed(): boolean | null;
  /** Calls back whenever the visitor's choice may have changed. */
  onChoice(listener: () => void): void;
}

const COOKIE = "upline_ref";

/**
 * Remembers the referral code of the link the visitor came by. Without the visitor's consent the code is
 * kept for this page alone and remembered once consent comes; when consent is withdrawn it is forgotten.
 */
export function capture(options: CaptureOptions, page: Page): void {
  const windowSeconds = options.windowDays * 86400;
  const now = Math.floor(page.now / 1000);
  const link = linkOf(page.url, options);
  const remember = (): void => {
    const allowed = page.isAllowed();
    if (allowed === false && readCookie(page)) write("", 0);
    if (!allowed || !link) return;
    const touches = decodeTouches(readCookie(page), now, windowSeconds);
    const added = addTouch(touches, [link.code, now, page.url.pathname, link.via]);
    if (added !== touches) write(JSON.stringify(added), windowSeconds);
  };
  const write = (value: string, seconds: number): void => {
    const secure = page.url.protocol === "https:" ? ";secure" : "";
    page.writeCookie(`${COOKIE}=${encodeURIComponent(value)};path=${options.home};max-age=${seconds};samesite=lax${secure}`);
  };
  remember();
  page.onChoice(remember);
}

/** The referral link that an address is, or null where it is none. */
export function linkOf(
  url: URL,
  options: Pick<CaptureOptions, "parameter" | "prefix" | "home">,
): { readonly code: string; readonly via: "cookie" | "path" } | null {
  const fromPath = codeInPath(url.pathname, options);
  const code = fromPath ?? parseCode(url.searchParams.get(options.parameter));
  return code === null ? null : { code, via: fromPath === null ? "cookie" : "path" };
}

/** The touches a page can show; for adapters that carry the code to the order themselves. */
export function readTouches(page: Pick<Page, "readCookies" | "now">, windowDays: number): Touches {
  return decodeTouches(readCookie(page), Math.floor(page.now / 1000), windowDays * 86400);
}

function readCookie(page: Pick<Page, "readCookies">): string {
  const found = page.readCookies().match(new RegExp(`(?:^|; )${COOKIE}=([^;]*)`));
  try {
    return decodeURIComponent(found?.[1] ?? "");
  } catch {
    return "";
  }
}

function codeInPath(path: string, options: Pick<CaptureOptions, "prefix" | "home">): string | null {
  const start = `${options.home.replace(/\/$/, "")}/${options.prefix}/`;
  if (!options.prefix || !path.startsWith(start)) return null;
  const part = path.slice(start.length).replace(/\/$/, "");
  try {
    // A slash of the code itself is written %2F.
    return part.includes("/") ? null : parseCode(decodeURIComponent(part));
  } catch {
    return null;
  }
}
