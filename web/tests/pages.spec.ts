// The main way through every page.
import { readFileSync } from "node:fs";
import { cookbook } from "../src/sparql/cookbook";
import { expect, open, test } from "./base";

test("a question is answered, and the proof marked in its document", async ({ page }) => {
  await open(page, "ask");
  await page.getByRole("searchbox", { name: "Question" }).fill("which islands does the 1956 declaration cover?");
  await page.keyboard.press("Enter");
  await expect(page.locator(".answer-text")).toHaveText("Habomai islets and Shikotan.");
  await expect(page).toHaveURL(/\?q=which\+islands/);
  const mark = page.locator(".side a.mark.on");
  await expect(mark).toHaveText(
    "Under the 1956 joint declaration, Shikotan and the Habomai islets are to be handed over to Japan after the conclusion of a peace treaty.",
  );
  await expect(mark).toBeInViewport();
  await page.getByRole("link", { name: "Shikotan", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Shikotan" })).toBeFocused();
});

test("another passage of an answer is shown when it is chosen", async ({ page }) => {
  await page.goto("/?q=who+claims+the+Spratly+Islands%3F");
  const passages = page.locator("button.evidence");
  await expect(passages).toHaveCount(2);
  await passages.nth(1).click();
  await expect(passages.nth(1)).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".side a.mark.on")).toContainText(
    "the Philippines, Malaysia and Brunei claim some of them",
  );
});

test("what the documents do not say is said so", async ({ page }) => {
  await page.goto("/?q=why+is+the+sky+blue%3F");
  await expect(page.locator(".answer-text")).toContainText("The documents do not say");
});

test("a question can be asked of a time", async ({ page }) => {
  await page.goto("/?q=who+administers+the+Senkaku+Islands%3F");
  await page.getByRole("button", { name: "At a certain time…" }).click();
  await page.getByRole("textbox", { name: "Held on" }).fill("1960");
  await page.getByRole("button", { name: "Ask" }).click();
  await expect(page.locator(".answer-name").filter({ hasText: "United States" })).toBeVisible();
  await expect(page).toHaveURL(/asOf=1960/);
});

test("a dispute has its parties, who claims and who holds, and their words", async ({ page }) => {
  await open(page, "disputes");
  await page.getByRole("link", { name: "Senkaku Islands", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Senkaku Islands" })).toBeVisible();
  const row = page.getByRole("row", { name: /^United States/ });
  await expect(row).toContainText("1945 to 1972");
  for (const party of ["China", "Taiwan", "Japan"])
    await expect(page.locator(`article[aria-label="${party}"]`)).toBeVisible();
  await expect(page.locator('article[aria-label="China"] blockquote').first()).toContainText(
    "China and Taiwan claim the Japanese-administered Senkaku Islands",
  );
  await page.getByRole("textbox", { name: /As of/ }).fill("1960");
  await expect(row.locator(".dot")).toBeVisible();
  await expect(page.locator(".timeline")).not.toContainText("was transferred to");
});

test("a dispute is told in one side's words, with its names", async ({ page }) => {
  await open(page, "dispute");
  await page.getByRole("combobox", { name: "As told by" }).selectOption("China");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Diaoyu/);
  await page.getByRole("combobox", { name: "As told by" }).selectOption("everybody");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Senkaku Islands");
});

test("the map shows who claims and who administers", async ({ page }) => {
  await page.goto("/map");
  const list = page.getByRole("region", { name: "Places" });
  await list.getByRole("button", { name: /^Falkland Islands/ }).click();
  const details = page.getByRole("region", { name: "Falkland Islands" });
  await expect(details).toContainText("Argentina claims");
  await expect(details).toContainText("The United Kingdom has administered the islands since 1833.");
  await expect(page.locator(".party-land.claims")).toHaveCount(1);
  await expect(page.locator(".party-line.holds")).toHaveCount(1);
  await expect(page.locator("g.spot.on")).toHaveCount(1);
  await expect(page).toHaveURL(/at=territory%2Ffalkland-islands/);

  await page.getByRole("button", { name: "World" }).click();
  await page.locator("g.spot", { hasText: "Essequibo" }).click();
  await expect(page.getByRole("region", { name: "Essequibo", exact: true })).toBeVisible();

  await page.getByRole("radio", { name: "all places" }).check();
  await expect(list.getByRole("button", { name: /^Okinawa/ })).toBeVisible();
});

test("the map goes back in time", async ({ page }) => {
  await page.goto("/map");
  const list = page.getByRole("region", { name: "Places" });
  const senkaku = list.getByRole("button", { name: /^Senkaku Islands/ });
  await expect(senkaku).toContainText("administered by Japan");
  await page.getByRole("slider", { name: "Year" }).fill("1960");
  await expect(list.getByRole("heading").first()).toContainText("as of 1960");
  await page.getByRole("radio", { name: "all places" }).check();
  await expect(senkaku).toContainText("United States");
});

test("the explorer expands, filters and goes through time", async ({ page }) => {
  await page.goto("/explore");
  await page.getByRole("combobox", { name: /Begin with/ }).pressSequentially("shikot");
  await page.getByRole("option", { name: /^Shikotan/ }).waitFor();
  await page.keyboard.press("Enter");
  const side = page.getByRole("region", { name: /What is chosen/ });
  await expect(side.getByRole("link", { name: "Shikotan", exact: true }).first()).toBeVisible();
  const nodes = page.locator(".explore-side .pick.node");
  await expect(nodes.filter({ hasText: "1956 joint declaration" })).toBeVisible();
  await expect(nodes.filter({ hasText: "Nigeria" })).toHaveCount(0); // the whole graph has gone
  const before = await nodes.count();
  await nodes.filter({ hasText: "Prime Minister" }).click();
  await side.getByRole("button", { name: "Expand" }).click();
  await expect.poll(() => nodes.count()).toBeGreaterThan(before);

  const filters = page.getByRole("region", { name: "Filters" });
  await filters.getByRole("checkbox", { name: /^Person/ }).uncheck();
  await expect(nodes.filter({ hasText: "Vladimir Putin" })).toHaveCount(0);
  await filters.getByRole("checkbox", { name: /^claims/ }).uncheck();
  await expect(nodes.filter({ hasText: "Liancourt Rocks" })).toHaveCount(0);

  const facts = page.locator(".toolbar .count");
  const all = await facts.textContent();
  await page.getByRole("slider", { name: "Year" }).focus();
  await page.keyboard.press("Home");
  await expect(facts).not.toHaveText(all ?? "");
});

for (const [format, start] of [
  ["SVG", "<svg "],
  ["PNG", "\u0089PNG"],
  ["JSON", "{"],
] as const)
  test(`the explorer saves what is seen as ${format}`, async ({ page }) => {
    await open(page, "explore");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: `Save what is seen as ${format}` }).click();
    const file = readFileSync(await (await saved).path());
    expect(file.toString("latin1").slice(0, start.length)).toBe(start);
    if (format === "SVG") expect(file.toString()).toContain(">Japan</text>");
    if (format === "JSON") expect(JSON.parse(file.toString()).nodes.length).toBeGreaterThan(20);
  });

test("a document has its facts marked, and each leads to its rule", async ({ page }) => {
  await open(page, "documents");
  await page.getByRole("link", { name: /Moscow walks away/ }).click();
  const marks = page.locator("a.mark");
  await expect(marks.filter({ hasText: "Japan claims all four islands" }).first()).toBeVisible();
  await marks.filter({ hasText: "The Soviet Union seized the four islands in 1945" }).click();
  const on = page.locator("li.fact.on");
  await expect(on.first()).toContainText("Soviet Union seized");
  await expect(page).toHaveURL(/at=\d+-\d+/);
  await on.first().getByRole("button", { name: "seize.verb" }).click();
  await expect(page.getByRole("region", { name: "Rule seize.verb" })).toContainText("id: seize.verb");
});

test("a fact's address opens its document where it is proved", async ({ page }) => {
  await page.goto("/documents/kurils-talks-2022?fact=381dd3186397f9f34d5772991601fa92");
  await expect(page.locator("a.mark.on")).toContainText("Under the 1956 joint declaration");
  await expect(page.locator("a.mark.on")).toBeInViewport();
  await expect(page.locator("li.fact.on")).toContainText("Shikotan is to be transferred to Japan");
  await expect(page.locator("li.fact.on")).toContainText("promised");
});

test("an entity has its names, who uses them, its facts and sources", async ({ page }) => {
  await page.goto("/entities/territory/senkaku-islands");
  await expect(page.getByRole("listitem").filter({ hasText: "Diaoyu Dao" })).toContainText("used by China");
  const fact = page.getByRole("listitem").filter({ hasText: "United States administers" });
  await fact.getByRole("button", { name: /^proof/ }).click();
  await expect(fact.getByRole("figure")).toContainText("1945");
  await page.getByRole("textbox", { name: /As of/ }).fill("1960");
  await expect(page.getByRole("listitem").filter({ hasText: "was transferred to" })).toHaveCount(0);
});

test("a query gives rows, and a faulty one says where the fault is", async ({ page, allowed }) => {
  allowed.push(/400/);
  await open(page, "query");
  await expect(page.getByRole("link", { name: "state:japan" }).first()).toHaveAttribute(
    "href",
    "/entities/state/japan",
  );
  const editor = page.getByRole("textbox", { name: "Query in SPARQL" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type("SELECT ?x {\n?x foo }");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByRole("alert")).toContainText("line 2");
  await expect(page.locator(".cm-lint-marker-error")).toBeVisible();

  await page.getByRole("button", { name: "Documents that speak of a place" }).click();
  await expect(page.getByRole("link", { name: "document:kurils-talks-2022" })).toHaveAttribute(
    "href",
    "/documents/kurils-talks-2022",
  );
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: /^CSV/ }).click();
  expect(readFileSync(await (await saved).path(), "utf8")).toContain("document,facts");
});

test("the queries to begin with are those of the cookbook, and all run", async ({ request }) => {
  const words = (text: string) => text.replace(/\s+/g, " ").trim();
  const docs = words(readFileSync(new URL("../../docs/query.md", import.meta.url), "utf8"));
  for (const { title, query } of cookbook) {
    expect(docs, title).toContain(words(query));
    const answer = await request.post("/sparql", {
      data: query,
      headers: { "Content-Type": "application/sparql-query" },
    });
    expect(answer.status(), `${title}: ${await answer.text()}`).toBe(200);
  }
});

test.describe("with the keys alone", () => {
  test("one gets past the navigation, and along lists with the arrows", async ({ page }) => {
    await open(page, "document");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
    await page.keyboard.press("Tab");
    const marks = page.locator("a.mark");
    await expect(marks.first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(marks.nth(1)).toBeFocused();
    await page.keyboard.press("End");
    await expect(marks.last()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("a.mark.on").first()).toBeVisible();
    await page.keyboard.press("Tab"); // out of the text in one step
    await expect(marks.last()).not.toBeFocused();
    expect(await page.evaluate(() => document.activeElement?.matches("a.mark"))).toBe(false);
  });

  test("the graph is gone through and expanded", async ({ page }) => {
    await open(page, "explore");
    const drawing = page.getByRole("application", { name: /Drawing of the graph/ });
    await drawing.focus();
    const chosen = page.locator("#chosen");
    await expect(chosen).toContainText("Japan");
    // On a busy machine what is drawn may still move: the key is pressed again, as one would.
    await expect(async () => {
      await page.keyboard.press("ArrowLeft");
      await expect(chosen).not.toContainText("Japan", { timeout: 500 });
    }).toPass({ timeout: 10_000 });
    await page.keyboard.press("Delete");
    await expect(chosen).toContainText("Nothing is chosen");
    await page.keyboard.press("Tab"); // no trap
    await expect(drawing).not.toBeFocused();
  });

  test("the editor of queries is no trap", async ({ page }) => {
    await open(page, "query");
    await page.getByRole("textbox", { name: "Query in SPARQL" }).focus();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Run" })).toBeFocused();
  });

  test("what has the focus is seen", async ({ page }) => {
    await open(page, "ask");
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
      expect(outline).not.toBe("none");
    }
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });
  test("the menu leads everywhere", async ({ page }) => {
    await open(page, "ask");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Documents", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Documents" })).toBeVisible();
  });
});

test("colours follow the system, and then the choice", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, "ask");
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe("dark");
  await page.getByRole("button", { name: "Switch to light colours" }).click();
  expect(await theme()).toBe("light");
  await page.reload();
  expect(await theme()).toBe("light");
});

test("a printed document has its text and its facts, and nothing to click", async ({ page }) => {
  await page.emulateMedia({ media: "print" });
  await open(page, "document");
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.locator("a.mark").first()).toHaveCSS("border-block-end-style", "solid");
  await expect(page.locator(".side")).toHaveCSS("position", "static");
});

test("nothing moves for those who ask for that", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "answer");
  await expect(page.locator(".answer")).toHaveCSS("animation-name", "none");
});
