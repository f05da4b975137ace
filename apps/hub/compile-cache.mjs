/**
 * Loaded by node before anything else (`--import`). What types were taken from, and compiled, is kept beside the packages, which are as
 * much trusted: the next start is shorter, and what strips the types is never loaded. That is why this is no TypeScript.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/upline"));
