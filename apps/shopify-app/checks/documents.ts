import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentNode, type GraphQLSchema, Kind, parse, validate, visit } from "graphql";
import ts from "typescript";

/** A GraphQL document that stands in the code as a text, and what is wrong with it. */
export interface Found {
  readonly path: string;
  readonly name: string;
  readonly errors: readonly string[];
}

/** How our documents begin; a shorthand `{ … }` could be anything, so that none is written. */
const BEGINNING = /^\s*(?:#graphql\s+)?(?:query|mutation|subscription|fragment)\s+[A-Za-z_]\w*\b[^{]*\{/;

/**
 * Every document of the code below `folders`, validated against the schema together with the fragments of its file that
 * it spreads. No list of documents has to be kept for that, so that none is forgotten.
 */
export function checkDocuments(root: string, folders: readonly string[], schema: GraphQLSchema): Found[] {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }));
  return files
    .filter((path) => !/\.(test|generated)\.tsx?$/.test(path))
    .toSorted()
    .flatMap((path) => checkText(path, readFileSync(join(root, path), "utf8"), schema));
}

/** The documents of one file. */
export function checkText(path: string, code: string, schema: GraphQLSchema): Found[] {
  const texts = textsIn(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true));
  const parsed = texts.map((text) => (text === null ? "has values written into it: use variables" : parseText(text)));
  const known = parsed.filter((entry) => typeof entry !== "string");
  const fragments = new Map<string, DocumentNode>();
  for (const node of known) for (const { kind, name } of namesIn(node)) if (kind === "fragment") fragments.set(name, node);
  const used = new Set<string>();
  const found = parsed.flatMap((entry): Found[] => {
    if (typeof entry === "string") return [{ path, name: "?", errors: [entry] }];
    const operation = namesIn(entry).find(({ kind }) => kind === "operation");
    if (operation === undefined) return [];
    const whole = withFragments(entry, fragments, used);
    return [{ path, name: operation.name, errors: validate(schema, whole).map(({ message }) => message) }];
  });
  const idle = [...fragments.keys()].filter((name) => !used.has(name));
  return [...found, ...idle.map((name) => ({ path, name, errors: ["is a fragment that no document of its file spreads"] }))];
}

/** Texts that begin like a document; null for one that is put together from values, which nobody can check. */
function textsIn(source: ts.SourceFile): (string | null)[] {
  const texts: (string | null)[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && BEGINNING.test(node.text)) texts.push(node.text);
    if (ts.isTemplateExpression(node) && BEGINNING.test(`${node.head.text}{`)) texts.push(null);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return texts;
}

function parseText(text: string): DocumentNode | string {
  try {
    return parse(text);
  } catch (error) {
    return String(error);
  }
}

interface Named {
  readonly kind: "operation" | "fragment";
  readonly name: string;
}

function namesIn({ definitions }: DocumentNode): Named[] {
  const names: Named[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) names.push({ kind: "operation", name: definition.name?.value ?? "" });
    if (definition.kind === Kind.FRAGMENT_DEFINITION) names.push({ kind: "fragment", name: definition.name.value });
  }
  return names;
}

function withFragments(document: DocumentNode, known: ReadonlyMap<string, DocumentNode>, used: Set<string>): DocumentNode {
  const parts = new Set([document]);
  for (const part of parts)
    visit(part, {
      enter: (node) => {
        if (node.kind !== Kind.FRAGMENT_SPREAD) return;
        used.add(node.name.value);
        const fragment = known.get(node.name.value);
        if (fragment) parts.add(fragment);
      },
    });
  return { kind: Kind.DOCUMENT, definitions: [...parts].flatMap(({ definitions }) => definitions) };
}
