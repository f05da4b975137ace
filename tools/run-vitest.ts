import { globSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Reporter, TestModule, TestSuite } from "vitest/node";
import { startVitest } from "vitest/node";
import { NOTHING, type Tally } from "./summary.ts";

export interface Run {
  /** Parts of paths; none means everything. */
  readonly words: readonly string[];
  /** Where test files are, as a glob from the repository's root. */
  readonly files: string;
  readonly config?: string;
  readonly coverage?: boolean;
}

/** Runs the test files whose path holds one of the words; every skipped test is named, so that nothing is left out in silence. */
export async function runVitest({ words, files, config, coverage = false }: Run): Promise<Tally> {
  // The runner's own words are compared within each package; here they mean the path as it stands in the repository.
  const wanted = words.length === 0 ? [] : globSync(files).filter((path) => words.some((word) => path.includes(word)));
  if (words.length > 0 && wanted.length === 0) return NOTHING;
  const counter = new Counter();
  const vitest = await startVitest(
    "test",
    wanted.map((path) => resolve(path)),
    {
      run: true,
      watch: false,
      reporters: ["default", counter],
      ...(config === undefined ? {} : { config }),
      ...(coverage ? { coverage: { enabled: true } } : {}),
    },
  );
  await vitest?.close();
  // What the runner holds against itself (a missed threshold, a broken set-up) is a failure as well.
  if (counter.tally.failed === 0 && process.exitCode) return { ...counter.tally, failed: 1 };
  return counter.tally;
}

class Counter implements Reporter {
  tally: Tally = NOTHING;

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let { passed, failed, skipped } = { ...NOTHING, failed: unhandled.length };
    for (const testModule of modules) {
      failed += brokenSuites(testModule);
      for (const test of testModule.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped") {
          skipped += 1;
          process.stdout.write(`skipped: ${relative(process.cwd(), testModule.moduleId)}: ${test.fullName}\n`);
        } else failed += 1;
      }
    }
    this.tally = { passed, failed, skipped };
  }
}

/** Files and groups that failed by themselves, in a hook or an import, and so took their tests with them. */
function brokenSuites(testModule: TestModule): number {
  const suites: (TestModule | TestSuite)[] = [testModule, ...testModule.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length;
}
