import { type GraphQLSchema, isEnumType } from "graphql";

/** Whether Shopify knows a topic, as a configuration writes it: `orders/create`. */
export function webhookTopics(schema: GraphQLSchema): (topic: string) => boolean {
  const topics = schema.getType("WebhookSubscriptionTopic");
  if (!isEnumType(topics)) throw new Error("the schema has no WebhookSubscriptionTopic");
  const known = new Set(topics.getValues().map(({ name }) => name));
  return (topic) => topic === topic.toLowerCase() && known.has(topic.replace("/", "_").toUpperCase());
}
