// What goes wrong, and who means ill.
import { expect, open, test } from "./base";

const writable = process.env.DEMARC_WRITE_URL ?? "";
const locked = process.env.DEMARC_LOCKED_URL ?? "";

test("an unknown entity, document, dispute and page are said to be unknown", async ({ page, allowed }) => {
  allowed.push(/404/);
  for (const path of ["/entities/territory/nowhere", "/documents/none", "/disputes/territory/nowhere"]) {
    await page.goto(path);
    await expect(page.getByRole("alert")).toContainText("Not found.");
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  }
  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
});

test("a document's ID may have any characters", async ({ page, allowed }) => {
  allowed.push(/404/);
  await page.goto(`/documents/${encodeURIComponent("hostile/v1.2 %41+?#.html")}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("hostile/v1.2 %41+?#.html");
  await expect(page.getByRole("alert")).toContainText("Not found.");
});

test("a server that is gone is said to be gone, and asked again", async ({ page, allowed }) => {
  allowed.push(/ERR_FAILED|Failed to load/);
  await open(page, "ask");
  await page.route("**/api/**", (route) => route.abort());
  await page.getByRole("searchbox", { name: "Question" }).fill("who claims Essequibo?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("demarc does not answer");
  await page.unroute("**/api/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator(".answer-text")).toContainText("Venezuela");
});

test("a busy server can be asked again", async ({ page, allowed }) => {
  allowed.push(/503/);
  await page.route("**/api/v1/disputes?*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: '{"title":"Service Unavailable","status":503,"detail":"too many requests at once"}',
    }),
  );
  await page.goto("/disputes");
  await expect(page.getByRole("alert")).toContainText("Busy. too many requests at once");
  await page.unroute("**/api/v1/disputes?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "Spratly Islands", exact: true })).toBeVisible();
});

test("a token is asked for, refused, and taken", async ({ page, allowed }) => {
  allowed.push(/401/);
  await page.goto(`${locked}/disputes`);
  const dialog = page.getByRole("dialog", { name: /asks for a token/ });
  await dialog.getByLabel("Token").fill("wrong");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("alert")).toContainText("not accepted");
  await dialog.getByLabel("Token").fill("a-token-for-tests");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Spratly Islands", exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(page.getByRole("link", { name: "Spratly Islands", exact: true })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage))).not.toContain("demarc.token");
});

const hostile = `Moscow “wins” <script>alert(1)</script>

<img src=x onerror=alert(2)> Japan claims Shikotan. \u202eRussia claims Iturup.\u202c Guyana administers Essequibo.
{{constructor.constructor('alert(3)')()}} <svg onload=alert(4)> javascript:alert(5) & &lt;b&gt;
`;

test("a hostile article is loaded by dropping it, and stays text", async ({ page }) => {
  await page.goto(`${writable}/documents`);
  await expect(page.getByRole("button", { name: "Add documents…" })).toBeVisible();
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "hostile.txt", { type: "text/plain" }));
    return transfer;
  }, hostile);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await expect(page.getByText("Drop to read these documents")).toBeVisible();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  const report = page.getByRole("status").filter({ hasText: "hostile" });
  await expect(report).toContainText("added");
  await report.getByRole("link", { name: "hostile" }).click();

  const text = page.locator(".reader");
  await expect(text).toContainText("<img src=x onerror=alert(2)>");
  await expect(text).toContainText("<script>alert(1)</script>");
  await expect(text.locator(".control-char").first()).toHaveText("RLO");
  expect(await page.locator("main script, main img, main svg[onload]").count()).toBe(0);
  // The override is shown and does nothing: the words after it stand in their order.
  const order = await text.evaluate((root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      const at = n.textContent?.indexOf("Russia claims Iturup") ?? -1;
      if (at < 0) continue;
      const x = (i: number) => {
        const range = document.createRange();
        range.setStart(n, at + i);
        range.setEnd(n, at + i + 1);
        return range.getBoundingClientRect().x;
      };
      return [x(0), x(1), x(2)];
    }
    return [];
  });
  expect(order).toHaveLength(3);
  expect(order).toEqual([...order].sort((a, b) => a - b));

  // It goes again, once that is confirmed.
  await page.getByRole("button", { name: "Remove…" }).click();
  await expect(page.getByRole("button", { name: "Keep" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Documents" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "hostile" })).toHaveCount(0);
});

test("files that are no documents are named", async ({ page, allowed }) => {
  allowed.push(/422/);
  await page.goto(`${writable}/documents`);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add documents…" }).click();
  await (await chooser).setFiles({
    name: "picture.png",
    mimeType: "image/png",
    buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]),
  });
  await expect(page.locator(".toast")).toContainText("picture.png");
});

test("a server that only reads takes no files", async ({ page }) => {
  await open(page, "documents");
  await expect(page.getByRole("button", { name: "Add documents…" })).toHaveCount(0);
  await open(page, "document");
  await expect(page.getByRole("button", { name: "Remove…" })).toHaveCount(0);
});

test("names of a megabyte, from right to left and of markup change nothing around them", async ({ page }) => {
  const name = (text: string) => ({ id: "territory/x", class: "Territory", name: text, aliases: [] });
  await page.route("**/api/v1/disputes?*", (route) =>
    route.fulfill({
      json: {
        items: [
          {
            territory: { ...name("ا".repeat(500_000)), id: "territory/a" },
            claimants: [name("<b>bold</b>")],
            administrators: [name("سبتة")],
            facts: 2,
          },
          { territory: { ...name("x\u202ey\u2066z"), id: "territory/b" }, claimants: [], administrators: [], facts: 1 },
        ],
        total: 2,
      },
    }),
  );
  await page.goto("/disputes");
  await expect(page.getByRole("cell", { name: "<b>bold</b>" })).toBeVisible();
  await expect(page.locator("main b")).toHaveCount(0);
  await expect(page.locator(".control-char")).toHaveText(["RLO", "LRI"]);
  const isolated = page.locator("main bdi", { hasText: "سبتة" });
  await expect(isolated).toHaveCSS("unicode-bidi", "isolate");
  expect(await page.locator("main").evaluate((e) => e.textContent?.length ?? 0)).toBeLessThan(3000);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
});
