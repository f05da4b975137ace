import { defineProject } from "vitest/config";
import { shared } from "./src/project.ts";

export default defineProject({ test: { ...shared, name: "testing", include: ["src/**/*.test.ts"] } });
