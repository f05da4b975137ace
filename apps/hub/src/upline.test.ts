import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("a reader who leaves early is no error", async () => {
  const script = join(import.meta.dirname, "upline.ts");
  const cases = join(import.meta.dirname, "../../../docs/golden");
  const child = spawn(process.execPath, [script, "plan", "golden", cases, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += String(text);
  });
  // As `head -1` does: read a little, then close the pipe.
  child.stdout.once("readable", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect([code, said]).toStrictEqual([0, ""]);
});
