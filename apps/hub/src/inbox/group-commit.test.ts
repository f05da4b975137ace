import { expect, test } from "vitest";
import { GroupCommit } from "./group-commit.ts";

test("what queued meanwhile shares a commit, up to a number and a size", async () => {
  const groups: string[][] = [];
  const commit = new GroupCommit<string, number>({
    flush: async (items) => {
      groups.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      return items.map((item) => item.length);
    },
    maxItems: 3,
    maxSize: 10,
    sizeOf: (item) => item.length,
  });
  const items = ["a", "bb", "cc", "dd", "ee", "eight...", "much longer than a group", "f", "g"];
  const lengths = await Promise.all(items.map((item) => commit.add(item)));
  expect(lengths).toStrictEqual([1, 2, 2, 2, 2, 8, 24, 1, 1]);
  expect(groups).toStrictEqual([["a"], ["bb", "cc", "dd"], ["ee", "eight..."], ["much longer than a group"], ["f", "g"]]);
});
