// What holds of every page: it breaks no rule of the policy and asks no other
// server, axe-core finds nothing wrong with it in light and dark, and it fits a
// phone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, Result } from "axe-core";
import { expect, open, type Place, places, test } from "./base";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare const axe: { run: (options: object) => Promise<AxeResults> };

const told = (v: Result) => `${v.impact} ${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join(" | ")}`;

for (const place of Object.keys(places) as Place[])
  test(`${place} is safe, accessible and fits`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" }); // what fades in has no colours to judge yet
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (e) =>
        console.error(`refused: ${e.violatedDirective} ${e.blockedURI}`),
      );
    });
    const elsewhere: string[] = [];
    page.on("request", (r) => {
      const url = new URL(r.url());
      if (url.protocol !== "blob:" && url.host !== new URL(process.env.DEMARC_URL ?? "http://127.0.0.1:8080").host)
        elsewhere.push(r.url());
    });
    await open(page, place);
    await page.evaluate(source);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
      const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
      expect(violations.map(told), colorScheme).toEqual([]);
    }
    expect(elsewhere).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    const widths = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await expect.poll(widths).toBeLessThanOrEqual(0);
  });
