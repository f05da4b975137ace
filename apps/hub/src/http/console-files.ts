import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Context, Hono } from "hono";

/** What `pnpm build` makes of the console. */
export const CONSOLE_DIST = join(import.meta.dirname, "../../../console/dist");

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

/** The library of the console's controls writes its variables into a style of the page, which the nonce lets it. */
const policyOf = (nonce: string) =>
  [
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:`,
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  ].join("; ");

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Upline</title>
<p>The console is not built yet: run <code>pnpm build</code> and open this page again.</p></html>`;

interface BuiltFile {
  readonly type: string;
  readonly plain: Buffer<ArrayBuffer>;
  readonly packed: Buffer<ArrayBuffer>;
}

/**
 * The console's and the portal's built files. The entries are asked for anew each time; whatever they load carries its content's hash
 * in its name and is kept for good. Read when they are first asked for, and packed once.
 */
export function consoleFiles(dist: string = CONSOLE_DIST): Hono {
  const files = new Map<string, BuiltFile>();
  const names = existsSync(join(dist, "assets")) ? new Set(readdirSync(join(dist, "assets"))) : new Set<string>();
  const routes = new Hono();
  routes.get("/assets/:name", (c) => {
    const name = c.req.param("name");
    const type = TYPES[extname(name)];
    // Names of the folder only: nothing else of the disk can be asked for.
    if (type === undefined || !names.has(name)) return c.notFound();
    let file = files.get(name);
    if (file === undefined) {
      const plain = Buffer.from(readFileSync(join(dist, "assets", name)));
      file = { type, plain, packed: Buffer.from(gzipSync(plain, { level: 9 })) };
      files.set(name, file);
    }
    return send(c, file);
  });
  const entry = (name: string) => (c: Context) => entryPage(c, join(dist, name));
  // Links in mails lead to the last two, with their token behind the #, which no server sees.
  for (const path of ["/console", "/console/*", "/invitation", "/password"]) routes.get(path, entry("console.html"));
  for (const path of ["/portal", "/portal/*", "/join/*"]) routes.get(path, entry("portal.html"));
  routes.get("/", (c) => c.redirect("/console", 302));
  return routes;
}

function send(c: Context, { type, plain, packed }: BuiltFile): Response {
  const isPacked = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return new Response(isPacked ? packed : plain, {
    headers: {
      "content-type": type,
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
      "x-content-type-options": "nosniff",
      ...(isPacked && { "content-encoding": "gzip" }),
    },
  });
}

function entryPage(_c: Context, path: string): Response {
  const nonce = randomBytes(16).toString("base64");
  const isBuilt = existsSync(path);
  const html = isBuilt ? readFileSync(path, "utf8").replaceAll("__NONCE__", nonce) : NOT_BUILT;
  return new Response(html, {
    status: isBuilt ? 200 : 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": policyOf(nonce),
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    },
  });
}
