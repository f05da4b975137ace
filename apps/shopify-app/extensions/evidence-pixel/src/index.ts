import { register } from "@shopify/web-pixels-extension";
import { watchPurchases } from "./purchases.ts";

register(watchPurchases);
