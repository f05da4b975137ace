import { shared } from "@upline/testing/project";
import { defineProject } from "vitest/config";

export default defineProject({ test: { ...shared, name: "core", include: ["{src,bench,oracle}/**/*.test.ts"] } });
