import { expect, test } from "vitest";
import { addTouch, decodeTouches, parseCode, type Touches } from "./touches.ts";

const NOW = 1_800_000_000;
const WINDOW = 30 * 86400;
const none: Touches = { f: null, l: null };

test("a code is read in capitals and without surrounding space", () => {
  expect(parseCode(" anna77 ")).toBe("ANNA77");
  expect(parseCode("a-b_c.9")).toBe("A-B_C.9");
});

test("what the hub takes for a code is one here", () => {
  for (const [typed, code] of [
    ["3", "3"],
    ["joão", "JOãO"],
    ["a&b", "A&B"],
    ["-anna", "-ANNA"],
    ["x".repeat(60), "X".repeat(60)],
  ])
    expect(parseCode(typed), typed).toBe(code);
});

for (const typed of ["", null, undefined, "-", "A".repeat(61), "<script>", "ANNA 77", "АNNA"]) {
  test(`${JSON.stringify(typed)} is no code`, () => expect(parseCode(typed)).toBe(null));
}

test("the first touch stays and the last moves", () => {
  const touches = addTouch(addTouch(none, ["ANNA77", NOW - 1000, "/shop/", "cookie"]), ["BEN12", NOW, "/", "path"]);
  expect(touches).toStrictEqual({ f: ["ANNA77", NOW - 1000, "/shop/", "cookie"], l: ["BEN12", NOW, "/", "path"] });
});

test("what PHP writes is read, and written alike", () => {
  const cookie = '{"f":["ANNA77",1799999000,"/shop/","cookie"],"l":["BEN12",1800000000,"/","path"]}';
  expect(JSON.stringify(decodeTouches(cookie, NOW, WINDOW))).toBe(cookie);
});

test("a redirect and its page are one visit", () => {
  const redirected = addTouch(none, ["ANNA77", NOW, "/r/ANNA77", "path"]);
  expect(addTouch(redirected, ["ANNA77", NOW + 2, "/", "cookie"])).toBe(redirected);
});

test("the window forgets", () => {
  const cookie = JSON.stringify({ f: ["ANNA77", NOW - WINDOW - 1, "/", "cookie"], l: ["BEN12", NOW, "/", "cookie"] });
  expect(decodeTouches(cookie, NOW, WINDOW).f?.[0]).toBe("BEN12");
  expect(decodeTouches(cookie, NOW + WINDOW + 1, WINDOW)).toStrictEqual(none);
});

for (const cookie of [
  "",
  "ANNA77",
  "[1,2]",
  "null",
  '{"l":["ANNA77",1900000000,"/","cookie"]}',
  '{"l":["ANNA77","1800000000"]}',
  '{"l":[["A"],1800000000]}',
]) {
  test(`the cookie ${cookie} says nothing`, () => expect(decodeTouches(cookie, NOW, WINDOW)).toStrictEqual(none));
}

test("foreign paths and vias are not kept", () => {
  expect(decodeTouches('{"l":["ANNA77",1800000000,"javascript:1","admin"]}', NOW, WINDOW).l).toStrictEqual([
    "ANNA77",
    NOW,
    "/",
    "cookie",
  ]);
});
