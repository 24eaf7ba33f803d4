// Takes the pictures in docs/img, to be looked at.
import { expect, open, type Place, places, test } from "./base";

const folder = process.env.DEMARC_PICTURES ?? "";

for (const place of Object.keys(places) as Place[])
  test(`picture of ${place}`, async ({ page }) => {
    await open(page, place);
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${folder}/web-${place}.png`, animations: "disabled" });
  });

test("picture in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/map");
  await expect(page.locator("path.land")).toBeAttached();
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${folder}/web-dark.png`, animations: "disabled" });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 });
  test("picture", async ({ page }) => {
    await page.goto("/?q=who+claims+the+Spratly+Islands%3F");
    await expect(page.locator(".answer-text")).toBeVisible();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${folder}/web-phone.png`, animations: "disabled" });
  });
});
