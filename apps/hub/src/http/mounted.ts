import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env, Hono } from "hono";
import type { MergeSchemaPath } from "hono/types";

/** As much of a Hono as tells one from anything else; its whole type is large, and slow to compare. */
interface Noun {
  readonly routes: readonly object[];
}

type SchemaOf<Of> = Of extends OpenAPIHono<infer _Env, infer Schema, infer _BasePath> ? Schema : never;

/** The type of an API with these nouns below it: each noun's routes by themselves, for a typed client to put together. */
export type Mounted<Nouns> = OpenAPIHono<
  Env,
  { [Path in keyof Nouns & string]: MergeSchemaPath<SchemaOf<Nouns[Path]>, Path> }[keyof Nouns & string],
  "/"
>;

/**
 * Mounts every noun at its path. A chain of `route` calls would come to the same, and to the same client, but the
 * compiler compares all that is mounted so far with each next one: half of what the hub's types took to be checked.
 */
export function mountAll<Nouns extends Readonly<Record<string, Noun>>>(api: OpenAPIHono, nouns: Nouns): Mounted<Nouns> {
  for (const [path, noun] of Object.entries(nouns)) api.route(path, noun as unknown as Hono);
  return api as unknown as Mounted<Nouns>;
}
