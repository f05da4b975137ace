import { GraphQLError, type GraphQLFieldResolver } from "graphql";

/** A field that the stand-in does not model is an error that says so, never a silent null. */
export const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, { parentType, fieldName }) => {
  if (typeof source !== "object" || source === null || !(fieldName in source)) {
    throw new GraphQLError(`The stand-in has no ${parentType.name}.${fieldName}: add it in apps/shopify-app/standin`);
  }
  const value: unknown = Reflect.get(source, fieldName);
  return typeof value === "function" ? value(args, context) : value;
};
