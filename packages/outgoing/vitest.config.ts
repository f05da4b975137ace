import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({ test: { ...shared, name: "outgoing", include: ["src/**/*.test.ts"] } });
