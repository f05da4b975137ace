/**
 * Part of `pnpm verify`: a hand-written query's rows are typed by the schema and by nothing else. The type of
 * tx<…[]>`select …` is a table's row type, `Listed`, `Counts`, `Sums` or `Packed` of `apps/hub/src/db/query.ts`, or made of such by
 * Pick, Omit, & and |; a SELECT or RETURNING without a type is refused, and so is an interface that spells columns.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript-api";

const ROOT = "apps/hub/src";
const SCHEMA = `${ROOT}/db/schema/`;
/** What db/query.ts makes of columns. */
const DOOR = new Set(["Listed", "Counts", "Sums", "Packed"]);
const MADE_OF = new Set(["Pick", "Omit", "Readonly", "Partial", "Required", "Awaited"]);
/** Tables that are no part of our schema, each with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [`${ROOT}/jobs/queries.ts`]: "the tables of background jobs belong to pg-boss",
  [`${ROOT}/db/job-tables.ts`]: "the tables of background jobs belong to pg-boss",
  [`${ROOT}/db/migrate.ts`]: "runs before there is a schema, on the table of what ran",
  [`${ROOT}/db/logins.ts`]: "asks PostgreSQL's own catalogue",
  [`${ROOT}/db/embedded.ts`]: "asks PostgreSQL's own catalogue",
  [`${ROOT}/inbox/sample.ts`]: "asks PostgreSQL's own catalogue who is writing",
  [`${ROOT}/cli/open.ts`]: "asks PostgreSQL's own catalogue",
};

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ROOT], { encoding: "utf8" })
  .split("\n")
  .filter((path) => /\.ts$/.test(path) && existsSync(path))
  .filter((path) => !/\.test\.ts$|\/(testing|bench|demo|chaos|fuzz)\//.test(path) && !(path in ELSEWHERE));

const parsed = new Map<string, ts.SourceFile>();
const findings: string[] = [];
for (const path of files) check(sourceOf(path), path);
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.stdout.write(`raw queries: ${files.length} files, ${findings.length} findings\n`);
process.exit(findings.length === 0 ? 0 : 1);

function sourceOf(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true);
  parsed.set(path, source);
  return source;
}

function check(source: ts.SourceFile, path: string): void {
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) checkQuery(node, source, path);
    if (ts.isCallExpression(node) && /\.unsafe$/.test(node.expression.getText(source)) && node.typeArguments)
      checkType(node.typeArguments[0] as ts.TypeNode, source, path);
    // Routes and shapes speak the words of the API, which has underscores too.
    if (!/(routes|shapes?)\.ts$/.test(path) && ts.isPropertySignature(node) && /^[a-z]+_[a-z_]+$/.test(node.name.getText(source)))
      report(node, source, `${path}: spells the column ${node.name.getText(source)}: take the row type from the schema`);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function checkQuery(node: ts.TaggedTemplateExpression, source: ts.SourceFile, path: string): void {
  const tag = node.tag.getText(source);
  if (/(^|\.)sql$/.test(tag) && !node.typeArguments) return;
  const [type] = node.typeArguments ?? [];
  if (type !== undefined) {
    if (!/(^|\.)sql$/.test(tag)) checkType(type, source, path);
    return;
  }
  const text = node.template.getText(source).slice(1).trim().toLowerCase();
  const isWhole = ts.isAwaitExpression(node.parent) || (ts.isReturnStatement(node.parent) && isInPromise(node, source));
  const answers = /^(select|with|values)\b/.test(text) || /\breturning\b/.test(text);
  if (isWhole && answers && !/^select (set_config|pg_)/.test(text) && !isIgnored(node))
    report(node, source, `${path}: a query that answers rows has no type`);
}

/** A piece of a query is returned as it is; a query by a function that promises its rows. */
function isInPromise(node: ts.Node, source: ts.SourceFile): boolean {
  const around = ts.findAncestor(node, ts.isFunctionLike);
  return /^(Promise|AsyncIterable)</.test(around?.type?.getText(source) ?? "");
}

/** `await tx`select …`` whose answer nobody takes. */
function isIgnored(node: ts.Node): boolean {
  return ts.isAwaitExpression(node.parent) && ts.isExpressionStatement(node.parent.parent);
}

function checkType(type: ts.TypeNode, source: ts.SourceFile, path: string): void {
  const row = ts.isArrayTypeNode(type) ? type.elementType : type;
  if (!isOfSchema(row, path, 0))
    report(type, source, `${path}: rows are typed by ${type.getText(source)}, which is not of the schema`);
}

function isOfSchema(type: ts.TypeNode, path: string, depth: number): boolean {
  if (depth > 12) return false;
  const again = (other: ts.TypeNode) => isOfSchema(other, path, depth + 1);
  if (ts.isParenthesizedTypeNode(type)) return again(type.type);
  if (ts.isArrayTypeNode(type)) return again(type.elementType);
  if (ts.isTypeOperatorNode(type)) return again(type.type);
  if (ts.isIntersectionTypeNode(type)) return type.types.every(again);
  if (ts.isUnionTypeNode(type)) return type.types.every((part) => part.kind === ts.SyntaxKind.LiteralType || again(part));
  if (ts.isTypeLiteralNode(type))
    return type.members.every((member) => ts.isPropertySignature(member) && member.type !== undefined && again(member.type));
  if (ts.isTypeQueryNode(type)) return /\$infer(Select|Insert)$/.test(type.exprName.getText());
  if (ts.isIndexedAccessTypeNode(type)) return again(type.objectType);
  if (!ts.isTypeReferenceNode(type)) return false;
  const name = type.typeName.getText();
  if (DOOR.has(name)) return true;
  if (MADE_OF.has(name)) return type.typeArguments !== undefined && again(type.typeArguments[0] as ts.TypeNode);
  if (name === "Record") return type.typeArguments?.[1] !== undefined && again(type.typeArguments[1]);
  // The rows of a builder's query.
  if (name === "ReturnType") return true;
  return declarationIsOfSchema(name, path, depth);
}

function declarationIsOfSchema(name: string, path: string, depth: number): boolean {
  for (const statement of sourceOf(path).statements) {
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) return isOfSchema(statement.type, path, depth + 1);
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const imported = bindings.elements.find((element) => element.name.text === name);
    if (imported === undefined) continue;
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    if (!from.startsWith(".")) return false;
    const target = normalize(join(dirname(path), from));
    return target.startsWith(SCHEMA) || declarationIsOfSchema((imported.propertyName ?? imported.name).text, target, depth + 1);
  }
  return false;
}

function report(node: ts.Node, source: ts.SourceFile, text: string): void {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  findings.push(text.replace(/^([^:]+):/, `$1:${line + 1}:`));
}
