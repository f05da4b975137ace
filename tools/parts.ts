import { spawnSync } from "node:child_process";
import { chromiumPath } from "@upline/testing/chromium";

/** What a test may need beyond npm. */
const parts: Readonly<Record<string, () => boolean>> = {
  php: () => succeeds("php", "-v") && succeeds("phpunit", "--version") && succeeds("phpcs", "--version"),
  chromium: () => chromiumPath() !== null,
  redis: () => succeeds("redis-cli", "ping"),
  rabbitmq: () => succeeds("rabbitmqctl", "version"),
};

/** Names what is absent; ends the process where `UPLINE_REQUIRE=php,chromium` says that it must be there. */
export function findAbsent(): string[] {
  const required = (process.env.UPLINE_REQUIRE ?? "").split(",").filter((part) => part !== "");
  const unknown = required.filter((part) => !(part in parts));
  if (unknown.length > 0) fail(`UPLINE_REQUIRE names "${unknown.join(", ")}"; known: ${Object.keys(parts).join(", ")}`);
  const absent = Object.keys(parts).filter((part) => !parts[part]?.());
  for (const part of absent) process.stdout.write(`absent: ${part} (tests that need it are skipped)\n`);
  const missing = required.filter((part) => absent.includes(part));
  if (missing.length > 0) fail(`required by UPLINE_REQUIRE but absent: ${missing.join(", ")}`);
  return absent;
}

export function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 10_000 }).status === 0;
}
