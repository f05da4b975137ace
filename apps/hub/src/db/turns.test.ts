import { expect, test } from "vitest";
import { Busy, Turns } from "./turns.ts";

/** Work that is under way until it is told to end. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: () => end() };
}

test("one company's work waits for its own, never another company's; who waits too long is refused", async () => {
  const turns = new Turns({ atOnce: 2, patienceMs: 20 });
  const [first, second] = [held(), held()];
  const running = [turns.take(1, first.work), turns.take(1, second.work)];
  await expect(turns.take(1, async () => "third")).rejects.toThrow(Busy);
  expect(await turns.take(2, async () => "another company")).toBe("another company");
  const patient = turns.take(1, async () => "in turn");
  first.end();
  expect(await patient).toBe("in turn");
  second.end();
  await Promise.all(running);
  expect(await turns.take(1, async () => "free again")).toBe("free again");
});

test("work that fails gives its turn on", async () => {
  const turns = new Turns({ atOnce: 1, patienceMs: 1_000 });
  const failing = turns.take(1, () => Promise.reject(new Error("no")));
  const next = turns.take(1, async () => "next");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("next");
});
