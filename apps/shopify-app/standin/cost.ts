import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";

/**
 * What a query costs, near enough to Shopify's own count to teach a reader of many orders to mind it: an object that has an
 * id is 1, a list by pages 2 and its page size times what stands in it, values such as money nothing, a mutation 10. Shopify
 * refuses one query above 1000.
 */
export const MOST_AT_ONCE = 1000;

interface Count {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  name?: string | null,
): number {
  const operation = getOperationAST(document, name);
  if (!operation) return 0;
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === "FragmentDefinition" ? [[one.name.value, one] as const] : [])),
  );
  const root = schema.getRootType(operation.operation);
  const count = { schema, fragments, variables };
  const inside = root ? selectionCost(operation.selectionSet, root, count) : 0;
  return operation.operation === "mutation" ? 10 * operation.selectionSet.selections.length + inside : inside;
}

function selectionCost(set: SelectionSetNode, type: GraphQLNamedType, count: Count): number {
  return set.selections.reduce((sum, selection) => {
    if (selection.kind === "Field") return sum + fieldCost(selection, type, count);
    const fragment = selection.kind === "InlineFragment" ? selection : count.fragments.get(selection.name.value);
    const on = fragment?.typeCondition ? count.schema.getType(fragment.typeCondition.name.value) : type;
    return fragment && on ? sum + selectionCost(fragment.selectionSet, on, count) : sum;
  }, 0);
}

function fieldCost(field: FieldNode, parent: GraphQLNamedType, count: Count): number {
  if (!(isObjectType(parent) || isInterfaceType(parent)) || !field.selectionSet) return 0;
  const definition = parent.getFields()[field.name.value];
  const type = definition && getNamedType(definition.type);
  if (!type || !isCompositeType(type)) return 0;
  const inside = selectionCost(field.selectionSet, type, count);
  if (type.name.endsWith("Connection")) return 2 + sizeOf(field, count) * Math.max(1, inside);
  const isDocument = isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node");
  return inside + (isDocument ? 1 : 0);
}

function sizeOf(field: FieldNode, { variables }: Count): number {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== "first" && name.value !== "last") continue;
    if (value.kind === "IntValue") return Number(value.value);
    if (value.kind === "Variable") return Number(variables[value.name.value] ?? 0);
  }
  return 0;
}

/** A shop's purse of points: what is asked is taken out, what was not used is put back, and so much comes in each second. */
export class Purse {
  readonly #most: number;
  readonly #perSecond: number;
  #points: number;
  #at: number;
  readonly #now: () => Date;

  constructor(now: () => Date, most = 2000, perSecond = 100) {
    this.#now = now;
    this.#most = most;
    this.#perSecond = perSecond;
    this.#points = most;
    this.#at = now().getTime();
  }

  take(points: number): boolean {
    this.#refill();
    if (this.#points < points) return false;
    this.#points -= points;
    return true;
  }

  empty(): void {
    this.#refill();
    this.#points = 0;
  }

  status() {
    this.#refill();
    return { maximumAvailable: this.#most, currentlyAvailable: Math.floor(this.#points), restoreRate: this.#perSecond };
  }

  #refill(): void {
    const now = this.#now().getTime();
    this.#points = Math.min(this.#most, this.#points + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}
