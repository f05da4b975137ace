import type { Terminal } from "./terminal.ts";

/** As every hint and example is written in the code. */
const WRITTEN = "pnpm upline";

/**
 * How the person called this command, so that hints can be typed as they are printed: `npx -y pnpm@12 upline` for who has only
 * npx, which shows in the path of the running package manager, `pnpm upline` otherwise. `UPLINE_COMMAND` overrules both.
 */
export function calledAs(env: Terminal["env"]): string {
  const set = env.UPLINE_COMMAND?.trim();
  if (set !== undefined && set !== "") return set;
  const manager = /^(\w+)\/(\d+)/.exec(env.npm_config_user_agent ?? "");
  const byNpx = /[\\/]_npx[\\/]/.test(env.npm_execpath ?? "") || /[\\/]_npx[\\/]/.test(env.PATH ?? "");
  return manager?.[1] === "pnpm" && byNpx ? `npx -y pnpm@${manager[2]} upline` : WRITTEN;
}

/** The same terminal, whose hints name the command as it was called. */
export function withHintsAsCalled(terminal: Terminal): Terminal {
  const command = calledAs(terminal.env);
  if (command === WRITTEN) return terminal;
  const say = (print: (text: string) => void) => (text: string) => print(text.replaceAll(WRITTEN, command));
  return { ...terminal, out: say(terminal.out), err: say(terminal.err) };
}
