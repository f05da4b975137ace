import { type Draw, NASTY_TEXTS, NASTY_VALUES } from "./draw.ts";

/** Calls of the API, drawn from its own description: mostly of the right form, with something wrong in them. */

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly example?: unknown;
  readonly pattern?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
  /** Which keys open it, where that is not a company's. */
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** `known` are ids that exist, so that more than "not found" is reached. */
export class ApiCalls {
  readonly #draw: Draw;
  readonly #description: ApiDescription;
  readonly #operations: readonly { method: string; path: string; operation: Operation }[];
  readonly #keys: readonly string[];
  readonly #known: readonly string[];

  constructor(args: { draw: Draw; description: ApiDescription; keys: readonly string[]; known: readonly string[] }) {
    this.#draw = args.draw;
    this.#description = args.description;
    this.#keys = args.keys;
    this.#known = args.known;
    this.#operations = Object.entries(args.description.paths).flatMap(([path, methods]) =>
      METHODS.flatMap((method) => {
        const operation = methods[method];
        return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
      }),
    );
  }

  get operations(): number {
    return this.#operations.length;
  }

  next(): Call {
    const draw = this.#draw;
    const { method, path, operation } = draw.pick(this.#operations);
    const parameters = operation.parameters ?? [];
    const filled = path.replace(/\{([^}]+)\}/g, (_whole, name: string) => this.#pathValue(parameters, name));
    const query = new URLSearchParams();
    for (const parameter of parameters) {
      if (parameter.in !== "query" || !(parameter.required || draw.chance(0.4))) continue;
      query.append(parameter.name, this.#text(parameter.schema));
      if (draw.chance(0.03)) query.append(parameter.name, this.#text(parameter.schema));
    }
    if (draw.chance(0.03)) query.append(draw.pick(NASTY_TEXTS), draw.pick(NASTY_TEXTS));
    const search = query.size === 0 ? "" : `?${query}`;
    const key = draw.pick(this.#keys);
    const headers: Record<string, string> = { ...(key === "" ? {} : { authorization: `Bearer ${key}` }) };
    if (method === "GET") return { method, path: `${filled}${search}`, headers };
    headers["content-type"] = draw.chance(0.95)
      ? "application/json"
      : draw.pick(["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "x"]);
    return { method, path: `${filled}${search}`, headers, body: this.#body(operation) };
  }

  #pathValue(parameters: readonly Parameter[], name: string): string {
    const schema = parameters.find((parameter) => parameter.in === "path" && parameter.name === name)?.schema;
    const text = this.#draw.chance(0.5) ? this.#draw.pick(this.#known) : this.#text(schema);
    // A lone surrogate has no encoding at all: no client could send it.
    return encodeURIComponent(text.toWellFormed()) || "%20";
  }

  #text(schema: Schema | undefined): string {
    const value = this.#draw.chance(0.25) ? this.#draw.pick(NASTY_TEXTS) : this.#value(schema, 0);
    return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  }

  #body(operation: Operation): string {
    const draw = this.#draw;
    if (draw.chance(0.03))
      return draw.pick(["", "{", "[]", "null", '"x"', "1e999", '{"a":1,"a":2}', "\u0000", "{".repeat(2_000)]);
    const schema = operation.requestBody?.content?.["application/json"]?.schema;
    const body = this.#value(schema, 0);
    const spoiled = draw.chance(0.5) ? spoil(draw, body) : body;
    return JSON.stringify(spoiled) ?? "null";
  }

  /** A value of the schema's form. */
  #value(schema: Schema | undefined, depth: number): unknown {
    const draw = this.#draw;
    if (schema === undefined || depth > 6) return draw.pick(NASTY_VALUES);
    if (schema.$ref !== undefined)
      return this.#value(this.#description.components?.schemas?.[schema.$ref.split("/").at(-1) ?? ""], depth + 1);
    const forms = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (forms !== undefined) return this.#value(draw.pick(forms), depth + 1);
    if (schema.enum !== undefined) return draw.pick(schema.enum);
    if (schema.example !== undefined && draw.chance(0.6)) return schema.example;
    const type = typeof schema.type === "string" ? schema.type : draw.pick(schema.type ?? ["string"]);
    if (type === "object") {
      const entries = Object.entries(schema.properties ?? {}).filter(
        ([name]) => schema.required?.includes(name) || draw.chance(0.5),
      );
      return Object.fromEntries(entries.map(([name, property]) => [name, this.#value(property, depth + 1)]));
    }
    if (type === "array") return Array.from({ length: draw.below(4) }, () => this.#value(schema.items, depth + 1));
    if (type === "boolean") return draw.chance(0.5);
    if (type === "integer" || type === "number") return draw.pick([0, 1, 2, 50, 99, 100, 500, 1e9, 2 ** 31, 2 ** 53]);
    if (type === "null") return null;
    return draw.chance(0.5)
      ? draw.pick(this.#known)
      : draw.pick(["1", "12.50", "USD", "2026-06-01", "SUPP001", "acme", ...NASTY_TEXTS]);
  }
}

/** The same value with something nasty at one place of it. */
export function spoil(draw: Draw, value: unknown): unknown {
  if (typeof value !== "object" || value === null || draw.chance(0.1)) return draw.pick(NASTY_VALUES);
  if (Array.isArray(value)) {
    if (value.length === 0) return [draw.pick(NASTY_VALUES)];
    const index = draw.below(value.length);
    if (draw.chance(0.1)) return [...value, value[index]];
    if (draw.chance(0.1)) return value.filter((_item, other) => other !== index);
    return value.map((item, other) => (other === index ? spoil(draw, item) : item));
  }
  const names = Object.keys(value);
  if (names.length === 0 || draw.chance(0.05)) return { ...value, [draw.pick(NASTY_TEXTS)]: draw.pick(NASTY_VALUES) };
  const name = draw.pick(names);
  const { [name]: old, ...rest } = value as Record<string, unknown>;
  return draw.chance(0.1) ? rest : { ...rest, [name]: spoil(draw, old) };
}
