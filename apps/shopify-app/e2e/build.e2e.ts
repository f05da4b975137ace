import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * Shopify's own command line builds the app and its extensions, without the network. It passes over unknown keys and
 * topics, which `checks/` does not.
 */

const app = dirname(import.meta.dirname);
const APP_URL = "https://app.example.com";
const run = promisify(execFile);
let work: string;
let settings: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "shopify-build-"));
  settings = join(work, "settings");
  // It asks npm for its newest version unless it knows one, and fails where nobody answers.
  const { version } = JSON.parse(readFileSync(join(app, "node_modules/@shopify/cli/package.json"), "utf8"));
  const known = { cache: { "npm-package-@shopify/cli": { value: version, timestamp: Date.now() } } };
  mkdirSync(join(settings, "shopify-cli-kit-nodejs"), { recursive: true });
  writeFileSync(join(settings, "shopify-cli-kit-nodejs/config.json"), JSON.stringify(known));
});
afterAll(() => rmSync(work, { recursive: true }));

/** The app in a folder of its own, since a build writes beside what it reads. Its packages are reached by a link. */
function copyOf(name: string): string {
  const folder = join(work, name);
  cpSync(join(app, "extensions"), join(folder, "extensions"), {
    recursive: true,
    filter: (path) => !/\/(dist|tests)$/.test(path),
  });
  for (const file of ["shopify.app.toml", "package.json"]) cpSync(join(app, file), join(folder, file));
  symlinkSync(join(app, "node_modules"), join(folder, "node_modules"));
  const base = join(folder, "extensions/tsconfig.json");
  writeFileSync(base, readFileSync(base, "utf8").replace("../../../tsconfig.base.json", join(app, "../../tsconfig.base.json")));
  return folder;
}

async function build(folder: string): Promise<{ code: number; said: string }> {
  const env = {
    ...{
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: work,
      XDG_CONFIG_HOME: settings,
      XDG_CACHE_HOME: settings,
    },
    ...{ CI: "1", SHOPIFY_CLI_NO_ANALYTICS: "1", SHOPIFY_APP_URL: APP_URL },
  };
  const cli = join(app, "node_modules/@shopify/cli/bin/run.js");
  const command = [cli, "app", "build", "--path", folder, "--skip-dependencies-installation", "--no-color"];
  try {
    const { stdout, stderr } = await run(process.execPath, command, { env, cwd: folder, timeout: 240_000 });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

test("shopify app build makes the three extensions, which know where the app is and stay small", async () => {
  const folder = copyOf("whole");
  const { code, said } = await build(folder);
  expect([code, said]).toStrictEqual([0, expect.stringContaining("upline built!")]);
  const read = (path: string) => readFileSync(join(folder, "extensions", path));
  const checkout = read("referral-code/dist/upline-referral-code.js");
  expect(checkout.includes(APP_URL)).toBe(true);
  expect(checkout.includes("process.env")).toBe(false);
  // Shopify takes scripts of extensions up to 64 KB.
  expect(checkout.length).toBeLessThan(65_536);
  expect(read("evidence-pixel/dist/upline-evidence.js").length).toBeLessThan(65_536);
  expect(existsSync(join(folder, "extensions/theme-embed/assets/upline-referral.js"))).toBe(true);
});

test("an extension that cannot be built, and a configuration that Shopify's own schema refuses, fail", async () => {
  const broken = copyOf("broken");
  writeFileSync(join(broken, "extensions/evidence-pixel/src/index.ts"), 'import "./gone.ts";');
  expect(await build(broken)).toStrictEqual({ code: 1, said: expect.stringContaining("gone.ts") });
  const refused = copyOf("refused");
  const config = join(refused, "shopify.app.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace('"shop/redact"', '"shops/redact"'));
  expect(await build(refused)).toStrictEqual({ code: 1, said: expect.stringContaining("compliance_topics") });
});
