import { adminSchema } from "@upline/shopify/fixtures/admin-schema";
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { BulkDesk, BulkOperation, Caller } from "./caller.ts";
import type { Node } from "./order-node.ts";
import { resolveField } from "./schema.ts";
import type { Shop } from "./shop.ts";
import { gid, utc } from "./wire.ts";

export class BulkOperations implements BulkDesk {
  readonly #root: () => Node;
  readonly #operations = new Map<string, BulkOperation[]>();
  /** The place of the files, once the server listens. */
  address = "";
  /** How often a new operation says that it still runs. */
  polls = 1;
  /** Makes the next operation fail, as Shopify's sometimes do. */
  failNext = false;

  /** `root` is what the queries read from, as for any other request. */
  constructor(root: () => Node) {
    this.#root = root;
  }

  of(shop: Shop): BulkOperation[] {
    const known = this.#operations.get(shop.domain);
    if (known) return known;
    const made: BulkOperation[] = [];
    this.#operations.set(shop.domain, made);
    return made;
  }

  start(caller: Caller, query: string): BulkOperation | { error: string; code: string } {
    const mine = this.of(caller.shop);
    if (mine.some(({ status }) => status === "CREATED" || status === "RUNNING")) {
      return { error: "A bulk query operation for this app and shop is already in progress", code: "OPERATION_IN_PROGRESS" };
    }
    const wrong = wrongWith(query);
    if (wrong) return { error: wrong, code: "INVALID" };
    const operation: BulkOperation = {
      id: caller.shop.newId(),
      query,
      createdAt: caller.shop.now(),
      status: "CREATED",
      completedAt: null,
      objectCount: 0,
      rootObjectCount: 0,
      url: null,
      content: "",
      polls: this.polls,
      caller: { ...caller, bulk: true },
    };
    mine.push(operation);
    return operation;
  }

  look(operation: BulkOperation): BulkOperation {
    if (operation.status === "CREATED") operation.status = "RUNNING";
    if (operation.status !== "RUNNING") return operation;
    if (operation.polls > 0) operation.polls -= 1;
    else this.#finish(operation);
    return operation;
  }

  fileOf(id: string): string | null {
    const found = [...this.#operations.values()].flat().find((one) => one.id === id);
    return found?.url ? found.content : null;
  }

  #finish(operation: BulkOperation): void {
    operation.completedAt = operation.caller.shop.now();
    if (this.failNext) {
      this.failNext = false;
      operation.status = "FAILED";
      return;
    }
    const document = parse(operation.query);
    const result = execute({
      schema: adminSchema(),
      document,
      rootValue: this.#root(),
      contextValue: operation.caller,
      fieldResolver: resolveField,
    }) as ExecutionResult;
    if (result.errors || !result.data) throw new GraphQLError(result.errors?.[0]?.message ?? "the bulk query answered nothing");
    const lines: Node[] = [];
    for (const list of Object.values(result.data)) flatten(list, null, lines);
    operation.content = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    operation.objectCount = lines.length;
    operation.rootObjectCount = lines.filter((line) => !("__parentId" in line)).length;
    operation.status = "COMPLETED";
    // Without a single line there is no file.
    operation.url = lines.length === 0 ? null : `${this.address}/bulk/${operation.id}.jsonl`;
  }
}

/** Shopify's limits: one list at the root, lists in lists two deep, five in all, never within a plain list, and ids where lists hang. */
function wrongWith(query: string): string | null {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const schema = adminSchema();
  const invalid = validate(schema, document)[0];
  if (invalid) return invalid.message;
  const types = new TypeInfo(schema);
  const open: ("list" | "page" | "other")[] = [];
  let lists = 0;
  let wrong: string | null = null;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter: (field: FieldNode) => {
          const type = types.getType();
          const named = type ? getNamedType(type) : null;
          const nullable = type ? getNullableType(type) : null;
          const isPage = isObjectType(named) && named.name.endsWith("Connection");
          // The edges of a list by pages are themselves a plain list.
          const isPlainList = isListType(nullable) && !["edges", "nodes"].includes(field.name.value);
          if (isPage) {
            lists += 1;
            const depth = open.filter((one) => one === "page").length;
            if (open.includes("list"))
              wrong ??= "Queries that contain a connection field within a list field are not currently supported.";
            if (depth > 2) wrong ??= "Bulk queries cannot contain connections with a nesting depth greater than 2.";
          }
          open.push(isPage ? "page" : isPlainList ? "list" : "other");
        },
        leave: () => void open.pop(),
      },
    }),
  );
  if (lists === 0) return "Bulk queries must contain at least one connection.";
  if (lists > 5) return "Bulk queries cannot contain more than 5 connections.";
  return wrong;
}

type Page = { edges?: { node: Node }[]; nodes?: Node[] };

const isPage = (value: unknown): value is Page =>
  typeof value === "object" && value !== null && ("edges" in value || "nodes" in value);

/** Each node is a line; what hangs on it by pages follows in lines of its own, which name it as `__parentId`. */
function flatten(list: unknown, parentId: string | null, lines: Node[]): void {
  if (!isPage(list)) return;
  for (const node of list.nodes ?? (list.edges ?? []).map((edge) => edge.node)) {
    const own = Object.entries(node).filter(([, value]) => !isPage(value));
    lines.push({ ...Object.fromEntries(own), ...(parentId === null ? {} : { __parentId: parentId }) });
    for (const value of Object.values(node)) {
      if (!isPage(value)) continue;
      if (typeof node.id !== "string") throw new GraphQLError("The parent of a connection must select its id in a bulk query.");
      flatten(value, node.id, lines);
    }
  }
}

export const bulkNode = (operation: BulkOperation): Node => ({
  __typename: "BulkOperation",
  id: gid("BulkOperation", operation.id),
  status: operation.status,
  errorCode: operation.status === "FAILED" ? "INTERNAL_SERVER_ERROR" : null,
  createdAt: utc(operation.createdAt),
  completedAt: operation.completedAt && utc(operation.completedAt),
  objectCount: String(operation.objectCount),
  rootObjectCount: String(operation.rootObjectCount),
  fileSize: operation.url ? String(Buffer.byteLength(operation.content)) : null,
  url: operation.url,
  partialDataUrl: null,
  query: operation.query,
  type: "QUERY",
});
