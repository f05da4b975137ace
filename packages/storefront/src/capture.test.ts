import { gzipSync } from "node:zlib";
import { assert, expect, test } from "vitest";
import { type CaptureOptions, capture, type Page, readTouches } from "./capture.ts";

const options: CaptureOptions = { parameter: "ref", prefix: "r", windowDays: 30, home: "/" };
const NOW_MS = 1_800_000_000_000;

/** A page in memory: keeps cookies as a browser does, as far as this script goes. */
function visit(url: string, jar: Map<string, string>, visitor: { allows: boolean | null } = { allows: true }, now = NOW_MS) {
  const written: string[] = [];
  const listeners: (() => void)[] = [];
  const page: Page = {
    url: new URL(url),
    now,
    readCookies: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    writeCookie: (cookie) => {
      written.push(cookie);
      const [pair = "", ...attributes] = cookie.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (attributes.includes("max-age=0")) jar.delete(name);
      else jar.set(name, value);
    },
    isAllowed: () => visitor.allows,
    onChoice: (listener) => listeners.push(listener),
  };
  capture(options, page);
  return { written, choose: () => listeners.forEach((listener) => void listener()), touches: () => readTouches(page, 30) };
}

test("a referral link is remembered for the window, lax and secure", () => {
  const page = visit("https://shop.example/tea/?ref=anna77&utm_source=x", new Map());
  expect(page.touches().l).toStrictEqual(["ANNA77", NOW_MS / 1000, "/tea/", "cookie"]);
  expect(page.written[0] ?? "").toMatch(/;path=\/;max-age=2592000;samesite=lax;secure$/);
});

test("a path link is remembered as such", () => {
  expect(visit("http://shop.example/r/ANNA77/", new Map()).touches().l).toStrictEqual([
    "ANNA77",
    NOW_MS / 1000,
    "/r/ANNA77/",
    "path",
  ]);
});

test("pages without a code leave the cookie alone", () => {
  const jar = new Map([["other", "1"]]);
  visit("https://shop.example/?ref=ANNA77", jar);
  const later = visit("https://shop.example/tea/?ref=", jar, { allows: true }, NOW_MS + 5000);
  expect(later.written).toStrictEqual([]);
  expect(later.touches().l?.[0]).toBe("ANNA77");
});

test("a second distributor's link is the last touch, the first stays", () => {
  const jar = new Map<string, string>();
  visit("https://shop.example/?ref=ANNA77", jar);
  const { f, l } = visit("https://shop.example/?ref=BEN12", jar, { allows: true }, NOW_MS + 5000).touches();
  expect([f?.[0], l?.[0]]).toStrictEqual(["ANNA77", "BEN12"]);
});

test("nothing is kept before consent, everything after it, nothing after it is withdrawn", () => {
  const jar = new Map<string, string>();
  const visitor = { allows: false };
  const page = visit("https://shop.example/?ref=ANNA77", jar, visitor);
  expect(jar.size).toBe(0);
  visitor.allows = true;
  page.choose();
  expect(page.touches().l?.[0]).toBe("ANNA77");
  visitor.allows = false;
  page.choose();
  expect(jar.size).toBe(0);
});

test("a path link is decoded once, and what lies below it is another page", () => {
  const last = (path: string) => visit(`https://shop.example${path}`, new Map()).touches().l?.[0];
  expect(last("/r/jo%C3%A3o/")).toBe("JOãO");
  expect(last("/r/anna%2F77")).toBe("ANNA/77");
  expect([last("/r/anna/77"), last("/r/%E0%A4%A")]).toStrictEqual([undefined, undefined]);
});

test("while the consent plugin is still loading, what is known stays", () => {
  const jar = new Map<string, string>();
  visit("https://shop.example/?ref=ANNA77", jar);
  const page = visit("https://shop.example/?ref=BEN12", jar, { allows: null }, NOW_MS + 5000);
  expect([page.written.length, page.touches().l?.[0]]).toStrictEqual([0, "ANNA77"]);
});

test("cookies that cannot be decoded are replaced", () => {
  const jar = new Map([["upline_ref", "%E0%A4%A"]]);
  expect(visit("https://shop.example/?ref=ANNA77", jar).touches().l?.[0]).toBe("ANNA77");
});

test("the script of WooCommerce shops stays under 3 KB", async () => {
  const { bundle } = await import("./build.ts");
  const size = gzipSync(await bundle("woocommerce")).length;
  assert.ok(size < 3072, `${size} bytes gzipped`);
});
