import type { Stack } from "../standin/stack.ts";
import type { HubReader } from "./books.ts";
import type { Eyes, Person } from "./browser.ts";
import type { Judge } from "./judge.ts";
import type { Life } from "./life.ts";
import type { Buyer } from "./people.ts";
import type { Screens } from "./screens.ts";

/** Everybody and everything of a run. */
export interface Scene {
  readonly stack: Stack;
  readonly hub: HubReader;
  readonly eyes: Eyes;
  readonly judge: Judge;
  readonly life: Life;
  readonly staff: Person;
  readonly screens: Screens;
  readonly buyer: Buyer;
  readonly shopper: Person;
}
