import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({ test: { ...shared, name: "woocommerce", include: ["{src,plugin,e2e}/**/*.test.ts"] } });
