import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Plan, PlanError, parsePlan } from "@upline/core";

const MODULES = [".ts", ".mts", ".js", ".mjs"];

/** Reads a JSON file. Throws with a sentence that names the file. */
export async function readJsonFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read: check the path.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** A plan document as a file holds it: JSON, or the default export of a TypeScript or JavaScript module. */
export async function readPlanDocument(file: string): Promise<unknown> {
  if (!MODULES.includes(extname(file))) return readJsonFile(file);
  const module = await import(pathToFileURL(resolve(file)).href);
  if (module.default === undefined) throw new Error(`${file} has no default export: write \`export default definePlan({ … })\`.`);
  return module.default;
}

/** A plan that can be used. Throws with every problem: its path, what is wrong there and what would be right. */
export async function readPlanFile(file: string): Promise<Plan> {
  try {
    return parsePlan(await readPlanDocument(file));
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const lines = error.problems.map(({ path, wrong, right }) => `\n  ${path}: ${wrong}; right would be ${right}`);
    throw new Error(`${file} is no usable plan:${lines.join("")}`, { cause: error });
  }
}
