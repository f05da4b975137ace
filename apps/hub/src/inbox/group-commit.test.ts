import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GroupCommit } from "./group-commit.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

function committing(options: { maxItems: number; maxSize: number; gather: { below: number; ms: number } }) {
  const groups: string[][] = [];
  const commit = new GroupCommit<string, number>({
    ...options,
    flush: async (items) => {
      groups.push([...items]);
      await turn();
      return items.map((item) => item.length);
    },
    sizeOf: (item) => item.length,
  });
  return { groups, addAll: (items: readonly string[]) => Promise.all(items.map((item) => commit.add(item))) };
}

test("what queued meanwhile shares a commit, up to a number and a size", async () => {
  const { groups, addAll } = committing({ maxItems: 3, maxSize: 10, gather: { below: 0, ms: 0 } });
  const lengths = await addAll(["a", "bb", "cc", "dd", "ee", "eight...", "much longer than a group", "f", "g"]);
  expect(lengths).toStrictEqual([1, 2, 2, 2, 2, 8, 24, 1, 1]);
  expect(groups).toStrictEqual([["a"], ["bb", "cc", "dd"], ["ee", "eight..."], ["much longer than a group"], ["f", "g"]]);
});

/** Only timers and the clock are held: a test decides when a millisecond is over. */
const held = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
beforeEach(() => void held());
afterEach(() => void vi.useRealTimers());

const STREAM = { maxItems: 100, maxSize: 1_000, gather: { below: 4, ms: 2 } };

test("whoever asks one thing after the other never waits", async () => {
  const { groups, addAll } = committing(STREAM);
  for (const item of ["a", "b", "c"]) await addAll([item]);
  expect(groups).toStrictEqual([["a"], ["b"], ["c"]]);
  expect(vi.getTimerCount()).toBe(0);
});

test("where several come at a time a small group waits for company, until its time is over or it is no small one any more", async () => {
  const { groups, addAll } = committing(STREAM);
  await addAll(["a", "b", "c"]);
  expect(groups).toStrictEqual([["a"], ["b", "c"]]);
  const late = addAll(["d"]);
  await turn();
  expect(groups).toHaveLength(2);
  const later = addAll(["e"]);
  await vi.advanceTimersByTimeAsync(2);
  await Promise.all([late, later]);
  expect(groups.slice(2)).toStrictEqual([["d", "e"]]);
  await addAll(["f", "g", "h", "i"]);
  expect(groups.slice(3)).toStrictEqual([["f", "g", "h", "i"]]);
  expect(vi.getTimerCount()).toBe(0);
});

test("once the stream is over nobody waits", async () => {
  const { groups, addAll } = committing(STREAM);
  await addAll(["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(1_000);
  await addAll(["d"]);
  expect(groups).toStrictEqual([["a"], ["b", "c"], ["d"]]);
});
