import { defineConfig } from "vitest/config";

/** Node runs the tests' TypeScript as it runs the product's: no transform decides what a test sees. */
export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
    pool: "forks",
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
