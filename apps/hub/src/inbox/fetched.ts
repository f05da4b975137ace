/**
 * What the hub fetched from a store itself goes the way of every delivery. Its topic begins with what it was
 * fetched for, so that people can tell it from what the store sent; behind that stands the platform's own topic.
 */
export type FetchedFor = "reconcile" | "import";

export const fetchedTopic = (by: FetchedFor, topic: string): string => `${by}/${topic}`;

/** The topic as the platform's connector knows it. */
export const platformTopic = (topic: string): string => topic.replace(/^(reconcile|import)\//, "");
