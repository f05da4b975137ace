import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({ test: { ...shared, name: "console", include: ["src/**/*.test.ts"] } });
