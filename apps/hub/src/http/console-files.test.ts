import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consoleFiles } from "./console-files.ts";

let dist: string;
beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), "upline-console-"));
  mkdirSync(join(dist, "assets"));
  writeFileSync(join(dist, "console.html"), '<meta name="csp-nonce" content="__NONCE__">');
  writeFileSync(join(dist, "assets/main-abc.js"), "console");
  writeFileSync(join(dist, "secret.js"), "secret");
});
afterAll(() => rmSync(dist, { recursive: true }));

test("every way of the console is its entry, each time with another nonce that its policy names", async () => {
  const app = consoleFiles(dist);
  const pages = await Promise.all(["/console", "/console/orders/23"].map((path) => app.request(path)));
  const nonces = await Promise.all(pages.map(async (page) => /content="([^"]+)"/.exec(await page.text())?.[1]));
  expect(new Set(nonces).size).toBe(2);
  for (const [index, page] of pages.entries()) {
    expect(page.headers.get("content-security-policy")).toContain(`style-src 'self' 'nonce-${nonces[index]}'`);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(page.headers.get("cache-control")).toBe("no-store");
  }
});

test("what the entry loads is kept for good and packed where the browser can unpack it; nothing else of the disk is there", async () => {
  const app = consoleFiles(dist);
  const packed = await app.request("/assets/main-abc.js", { headers: { "accept-encoding": "br, gzip" } });
  expect(packed.headers.get("cache-control")).toContain("immutable");
  expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe("console");
  expect(await (await app.request("/assets/main-abc.js")).text()).toBe("console");
  for (const path of ["/assets/secret.js", "/assets/..%2Fsecret.js", "/assets/%2e%2e%2fsecret.js", "/assets/console.html"])
    expect((await app.request(path)).status).toBe(404);
});

test("a console that is not built says what to do", async () => {
  const page = await consoleFiles(join(dist, "nothing")).request("/console");
  expect([page.status, await page.text()]).toStrictEqual([503, expect.stringContaining("pnpm build")]);
});
