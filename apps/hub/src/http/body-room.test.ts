import { expect, test } from "vitest";
import { BodyRoom } from "./body-room.ts";

const KB = 1024;
const room = (waitMs = 60_000) => new BodyRoom({ largeBytes: 1000 * KB, smallBytes: 100 * KB, waitMs });

/** Holds bytes until it is let go. */
function held(of: BodyRoom, owner: string, bytes: number) {
  const end = Promise.withResolvers<void>();
  const state = { isIn: false };
  const done = of.hold(owner, bytes, async () => {
    state.isIn = true;
    await end.promise;
  });
  const letGo = () => {
    end.resolve();
    return done;
  };
  return { state, letGo };
}

/** Whoever may go in has done so: entering takes turns of the event loop, not time. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("one owner has a quarter of the room, and what waits goes in as room becomes free", async () => {
  const bodies = room();
  const first = held(bodies, "st_a", 200 * KB);
  const second = held(bodies, "st_a", 200 * KB);
  const others = ["st_b", "st_c", "st_d"].map((owner) => held(bodies, owner, 250 * KB));
  const late = held(bodies, "st_e", 250 * KB);
  await turn();
  expect([first, second, ...others, late].map(({ state }) => state.isIn)).toStrictEqual([true, false, true, true, true, false]);
  expect([bodies.taken, bodies.waiting]).toStrictEqual([950 * KB, 2]);
  await first.letGo();
  await turn();
  expect([second.state.isIn, late.state.isIn, bodies.taken]).toStrictEqual([true, false, 950 * KB]);
  await others[0]?.letGo();
  await turn();
  expect([late.state.isIn, bodies.waiting]).toStrictEqual([true, 0]);
  await Promise.all([second, late, ...others.slice(1)].map(({ letGo }) => letGo()));
  expect(bodies.taken).toBe(0);
});

test("an ordinary body never waits behind large ones", async () => {
  const bodies = room();
  const large = ["a", "b", "c", "d", "e"].map((owner) => held(bodies, owner, 250 * KB));
  const small = held(bodies, "a", 6 * KB);
  await turn();
  expect([large.at(-1)?.state.isIn, small.state.isIn]).toStrictEqual([false, true]);
  await Promise.all([...large, small].map(({ letGo }) => letGo()));
});

test("who finds no room is told to come again, and room that failed work held is free again", async () => {
  const bodies = room(1);
  const first = held(bodies, "a", 250 * KB);
  const refusal = await bodies.hold("a", 250 * KB, async () => "in").catch((error) => error.code);
  expect([refusal, bodies.waiting]).toStrictEqual(["unavailable", 0]);
  await first.letGo();
  await expect(bodies.hold("a", 250 * KB, () => Promise.reject(new Error("unreadable")))).rejects.toThrow("unreadable");
  expect(bodies.taken).toBe(0);
});

test("a body larger than the owner's share gets in by itself", async () => {
  expect(await room(1).hold("a", 5000 * KB, async () => "in")).toBe("in");
});
