// What all tests of the pages share.
import { test as base, expect, type Page } from "@playwright/test";

export { expect };

/** The pages, each with something on it. */
export const places = {
  ask: "/",
  answer: "/?q=which+islands+does+the+1956+declaration+cover%3F",
  disputes: "/disputes",
  dispute: "/disputes/territory/senkaku-islands",
  map: "/map?at=territory%2Ffalkland-islands",
  explore: "/explore?about=state%2Fjapan",
  documents: "/documents",
  document: "/documents/kurils-talks-2022",
  entity: "/entities/territory/shikotan",
  query: "/sparql-editor?query=SELECT+%3Fwho+%3Fwhat+%7B+%3Fwho+dm%3Aclaims+%3Fwhat+%7D",
} as const;

export type Place = keyof typeof places;

/** Opens a page and waits until what it has to show is there. */
export async function open(page: Page, place: Place) {
  await page.goto(places[place]);
  await shown(page, place);
}

async function shown(page: Page, place: Place) {
  const main = page.getByRole("main");
  switch (place) {
    case "ask":
    case "disputes":
      return expect(main.getByRole("link", { name: "Spratly Islands", exact: true })).toBeVisible();
    case "answer":
      return expect(page.locator(".side a.mark.on")).toBeVisible();
    case "dispute":
      return expect(main.getByRole("heading", { name: "Claims against control" })).toBeVisible();
    case "map":
      await expect(page.locator(".party-line").first()).toBeAttached();
      return expect(page.locator("path.land")).toBeAttached();
    case "explore":
      return expect(page.locator('.canvas[data-settled="true"]')).toBeVisible();
    case "documents":
      return expect(main.getByRole("link", { name: /Moscow walks away/ })).toBeVisible();
    case "document":
      return expect(page.locator("a.mark").first()).toBeVisible();
    case "entity":
      return expect(main.getByRole("heading", { name: "Instruments" })).toBeVisible();
    case "query":
      return expect(main.getByRole("cell", { name: "state:japan" }).first()).toBeVisible();
  }
}

/**
 * A test in which nothing may go wrong unseen: no error in the console, no
 * exception, nothing that the Content-Security-Policy refused.
 */
export const test = base.extend<{ allowed: RegExp[]; watched: undefined }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants one
  allowed: async ({}, use) => use([]),
  watched: [
    async ({ page, allowed }, use) => {
      const wrong: string[] = [];
      const note = (text: string) => {
        if (!allowed.some((a) => a.test(text))) wrong.push(text);
      };
      page.on("console", (m) => m.type() === "error" && note(m.text()));
      page.on("pageerror", (e) => note(String(e)));
      page.on("dialog", (d) => {
        note(`dialog: ${d.message()}`);
        void d.dismiss();
      });
      await use(undefined);
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});
