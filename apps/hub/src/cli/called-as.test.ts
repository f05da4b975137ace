import { expect, test } from "vitest";
import { calledAs, withHintsAsCalled } from "./called-as.ts";

const NPX = "/home/ann/.npm/_npx/9c7067c5737e830f/node_modules";
const AGENT = "pnpm/12.21.0 npm/? node/v24.1.0 linux x64";

test("hints name the command as it was called", () => {
  expect(calledAs({})).toBe("pnpm upline");
  expect(calledAs({ npm_config_user_agent: AGENT, npm_execpath: "/usr/lib/node_modules/pnpm/bin/pnpm.cjs" })).toBe("pnpm upline");
  expect(calledAs({ npm_config_user_agent: AGENT, npm_execpath: `${NPX}/pnpm/bin/pnpm.cjs` })).toBe("npx -y pnpm@12 upline");
  expect(calledAs({ npm_config_user_agent: AGENT, PATH: `${NPX}/.bin:/usr/bin` })).toBe("npx -y pnpm@12 upline");
  expect(calledAs({ npm_config_user_agent: AGENT, npm_execpath: "C:\\Users\\a\\_npx\\1\\pnpm.cjs" })).toBe(
    "npx -y pnpm@12 upline",
  );
  expect(calledAs({ UPLINE_COMMAND: "upline" })).toBe("upline");
});

test("on both streams, in the middle of a sentence too", () => {
  const said: string[] = [];
  const print = (text: string) => void said.push(text);
  const terminal = withHintsAsCalled({ env: { UPLINE_COMMAND: "upline" }, out: print, err: print, isTerminal: false });
  terminal.out("make one with `pnpm upline company create`.");
  terminal.err("pnpm upline key list");
  expect(said).toStrictEqual(["make one with `upline company create`.", "upline key list"]);
});
