import { defineConfig } from "@playwright/test";

// The servers are started by the Go test in graph/serve that runs this
// (TestInChromium): their addresses come in the environment.
export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: "line",
  outputDir: process.env.DEMARC_TEST_OUTPUT ?? "../.cache/web",
  use: {
    baseURL: process.env.DEMARC_URL ?? "http://127.0.0.1:8080",
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    launchOptions: {
      executablePath: process.env.DEMARC_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "pages", testIgnore: /speed|pictures/ },
    // Speed is measured when nothing else runs.
    { name: "speed", testMatch: /speed/, dependencies: ["pages"], fullyParallel: false },
    ...(process.env.DEMARC_PICTURES ? [{ name: "pictures", testMatch: /pictures/ }] : []),
  ],
});
