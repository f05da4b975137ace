import assert from "node:assert/strict";
import { test } from "node:test";
import { addTouch, decodeTouches, parseCode, type Touches } from "./touches.ts";

const NOW = 1_800_000_000;
const WINDOW = 30 * 86400;
const none: Touches = { f: null, l: null };

test("a code is read in capitals and without surrounding space", () => {
  assert.equal(parseCode(" anna77 "), "ANNA77");
  assert.equal(parseCode("a-b_c.9"), "A-B_C.9");
});

for (const typed of ["", null, undefined, "A", "A".repeat(41), "<script>", "ANNA 77", "-ANNA", "ÄNNA"]) {
  test(`${JSON.stringify(typed)} is no code`, () => assert.equal(parseCode(typed), null));
}

test("the first touch stays and the last moves", () => {
  const touches = addTouch(addTouch(none, ["ANNA77", NOW - 1000, "/shop/", "cookie"]), ["BEN12", NOW, "/", "path"]);
  assert.deepEqual(touches, { f: ["ANNA77", NOW - 1000, "/shop/", "cookie"], l: ["BEN12", NOW, "/", "path"] });
});

test("what PHP writes is read, and written alike", () => {
  const cookie = '{"f":["ANNA77",1799999000,"/shop/","cookie"],"l":["BEN12",1800000000,"/","path"]}';
  assert.equal(JSON.stringify(decodeTouches(cookie, NOW, WINDOW)), cookie);
});

test("a redirect and its page are one visit", () => {
  const redirected = addTouch(none, ["ANNA77", NOW, "/r/ANNA77", "path"]);
  assert.equal(addTouch(redirected, ["ANNA77", NOW + 2, "/", "cookie"]), redirected);
});

test("the window forgets", () => {
  const cookie = JSON.stringify({ f: ["ANNA77", NOW - WINDOW - 1, "/", "cookie"], l: ["BEN12", NOW, "/", "cookie"] });
  assert.equal(decodeTouches(cookie, NOW, WINDOW).f?.[0], "BEN12");
  assert.deepEqual(decodeTouches(cookie, NOW + WINDOW + 1, WINDOW), none);
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
  test(`the cookie ${cookie} says nothing`, () => assert.deepEqual(decodeTouches(cookie, NOW, WINDOW), none));
}

test("foreign paths and vias are not kept", () => {
  assert.deepEqual(decodeTouches('{"l":["ANNA77",1800000000,"javascript:1","admin"]}', NOW, WINDOW).l, [
    "ANNA77",
    NOW,
    "/",
    "cookie",
  ]);
});
