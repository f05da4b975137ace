import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOM = join(import.meta.dirname, "..");
const FRAMEWORK = /["'](@remix-run\/[^"']+|@shopify\/shopify-app-remix[^"']*|react-router[^"']*)["']/;

it("the framework is named in three files, and in the build's own", () => {
  const files = globSync("{app,src,standin,e2e}/**/*.{ts,tsx}", { cwd: ROOM }).filter((path) => !path.endsWith(".test.ts"));
  const naming = files.filter((path) => FRAMEWORK.test(readFileSync(join(ROOM, path), "utf8")));
  expect(files.length).toBeGreaterThan(20);
  expect(naming.sort()).toStrictEqual(["app/framework/client.ts", "app/framework/server.ts", "app/framework/shopify.ts"]);
});
