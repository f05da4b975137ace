/**
 * `pnpm test`: every test of every package with Node's own runner, after starting a real PostgreSQL
 * for those that need one. What a test needs beyond npm (PHP, Chromium, Redis, RabbitMQ) is skipped
 * with a visible line where absent; `UPLINE_REQUIRE=php,chromium` turns an absence into a failure.
 * Arguments are path parts: `pnpm test core money` runs the files whose path holds any of them.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { dirname } from "node:path";

const wanted = process.argv.slice(2);
const files = globSync("{packages,connectors,apps}/*/{src,e2e,bench,plugin}/**/*.test.ts", {
  exclude: (path) => path.includes("node_modules"),
})
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .sort();

const parts: Readonly<Record<string, () => boolean>> = {
  php: () => succeeds("php", "-v") && succeeds("phpunit", "--version") && succeeds("phpcs", "--version"),
  chromium: () => existsSync(process.env.UPLINE_CHROMIUM ?? "/usr/bin/chromium"),
  redis: () => succeeds("redis-cli", "ping"),
  rabbitmq: () => succeeds("rabbitmqctl", "version"),
};
const required = (process.env.UPLINE_REQUIRE ?? "").split(",").filter((part) => part !== "");
const unknown = required.filter((part) => !(part in parts));
if (unknown.length > 0) fail(`UPLINE_REQUIRE names "${unknown.join(", ")}"; known: ${Object.keys(parts).join(", ")}`);
const absent = Object.keys(parts).filter((part) => !parts[part]?.());
for (const part of absent) process.stdout.write(`absent: ${part} (tests that need it are skipped)\n`);
const missing = required.filter((part) => absent.includes(part));
if (missing.length > 0) fail(`required by UPLINE_REQUIRE but absent: ${missing.join(", ")}`);

const nodeCode = files.length === 0 ? 0 : await nodeTests();
const phpCode = absent.includes("php") ? 0 : await phpTests();
if (files.length === 0 && wanted.length > 0) fail(`no test file has "${wanted.join('" or "')}" in its path`);
process.exit(nodeCode || phpCode);

function nodeTests(): Promise<number> {
  return run(process.execPath, ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files]);
}

async function phpTests(): Promise<number> {
  let worst = 0;
  for (const config of globSync("connectors/*/{plugin,module}/phpunit.xml")) {
    if (wanted.length > 0 && !wanted.some((part) => config.includes(part))) continue;
    process.stdout.write(`\nPHPUnit ${config}\n`);
    worst = Math.max(worst, await run("phpunit", ["-c", config]));
    const rules = config.replace("phpunit.xml", "phpcs.xml");
    if (existsSync(rules)) worst = Math.max(worst, await run("phpcs", [`--standard=${rules}`, dirname(config)]));
  }
  return worst;
}

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, UPLINE_ABSENT: absent.join(",") } });
    child.on("error", (error) => fail(error.message));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 10_000 }).status === 0;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
