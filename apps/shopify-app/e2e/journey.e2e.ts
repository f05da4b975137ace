import { chromiumPath } from "@upline/testing/chromium";
import { expect, test } from "vitest";
import { runSuite } from "./run.ts";

test.skipIf(chromiumPath() === null)(
  "from the install to the next one, in Chromium against the stand-in (needs Chromium)",
  async () => {
    const lines: string[] = [];
    const verdict = await runSuite((line) => lines.push(line));
    expect(verdict, lines.join("\n")).toMatchObject({ ok: true, delta: 0 });
  },
);
