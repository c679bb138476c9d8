import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Api } from "./support/api";
import { expect, test } from "./support/fixtures";
import { Gate } from "./support/gate";

// Pictures of each page, for eyes; and that nothing stands out of the window, for the test.

const folder = process.env["HEADWATER_SCREENSHOTS"] ?? join("..", "..", "build", "console-screenshots");

const places: [name: string, hash: string, shows: RegExp][] = [
  ["synchronizations", "#/synchronizations", /Succeeded/],
  ["details", "#/synchronizations/2", /Synchronization Details/],
  ["updates", "#/synchronizations/2/new", /1–50 of/],
  ["failure", "#/synchronizations/1/error", /Why synchronization 1 failed/],
  ["transfers", "#/transfers", /Nothing is to be fetched/],
  ["source", "#/options/source", /Address of the update server/],
  ["products", "#/options/products", /Sample Company/],
  ["languages", "#/options/languages", /All languages/],
  ["schedule", "#/options/schedule", /Next synchronization/],
  ["history", "#/options/history", /Keep the history/],
  ["doctor", "#/doctor", /The database/],
  ["events", "#/events", /Open conditions/],
  ["event", "#/events/3", /Event details/],
  ["users", "#/users", /Last sign-in|anna/],
];

async function fits(page: Page): Promise<void> {
  const wider = await page.evaluate(() => {
    const out: string[] = [];
    for (const element of Array.from(document.querySelectorAll("main, main *, [role=dialog], [role=dialog] *"))) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > window.innerWidth + 1) {
        out.push(`${element.tagName} ${element.className} ${Math.round(box.right)}`);
      }
    }
    return out.slice(0, 3);
  });
  expect(wider, "elements that stand out of the window").toEqual([]);
}

/** Synchronizes, and looks while that is in its middle. */
async function synchronizeSlowly(page: Page, api: Api, upstream: string, look: () => Promise<unknown>): Promise<void> {
  const gate = await Gate.before(upstream);
  await api.call("PUT", "options/synchronization", {
    upstream: gate.url,
    proxy: { enabled: false },
    products: { all: true },
    classifications: { all: true },
  });
  gate.shutAfter(2);
  await page.getByRole("button", { name: "Synchronize now" }).click();
  await expect(page.locator('[data-stage="documents"]')).toContainText(/ of /);
  await fits(page);
  await look();
  gate.open();
  await expect(page.getByRole("table", { name: "History" }).getByText("Succeeded")).toBeVisible();
  await api.call("PUT", "options/synchronization", { upstream });
  gate.close();
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, width, height] of [
    ["wide", 1600, 1000],
    ["narrow", 390, 844],
  ] as const) {
    test.describe(`${colorScheme}, ${size}`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test("every page fits its window", async ({ page, api, server, upstream }) => {
        const picture = (name: string) =>
          page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size}.png`), animations: "disabled" });
        await api.call("PUT", "options/synchronization", {
          upstream: "http://127.0.0.1:1",
          proxy: { enabled: true, server: "127.0.0.1", port: 9, user: "sync", bypass: ["10.*"] },
          schedule: { mode: "daily", first_time: "03:00", per_day: 4, random_minutes: 30 },
        });
        await api.synchronize();
        await page.reload();
        await synchronizeSlowly(page, api, upstream.agents, () => picture("running"));
        for (const [name, hash, shows] of places) {
          await page.goto(`${server.console}${hash}`);
          await expect(page.getByText(shows).filter({ visible: true }).first()).toBeVisible();
          await fits(page);
          await picture(name);
        }
        await page.goto(`${server.console}#/options/source`);
        await page.getByRole("switch", { name: "Use a proxy server" }).click();
        await page.getByRole("checkbox", { name: "Use another proxy for TLS" }).click();
        await page.getByRole("switch", { name: "Use a proxy server" }).scrollIntoViewIfNeeded();
        await fits(page);
        await picture("source-proxy");
        await page.getByRole("checkbox", { name: "Use another proxy for TLS" }).click();
        await page.getByRole("button", { name: "Test" }).click();
        await expect(page.getByText(/The update source answers|These options do not work/)).toBeVisible();
        await page.getByText(/The update source answers|These options do not work/).scrollIntoViewIfNeeded();
        await fits(page);
        await picture("source-test");
        await page.getByRole("button", { name: "Discard changes" }).click();
        await page.goto(`${server.console}#/synchronizations/1/error`);
        await page.getByRole("button", { name: "Check it now" }).click();
        await expect(page.getByRole("button", { name: "Check again" })).toBeEnabled();
        await fits(page);
        await picture("failure-checked");
        await page.keyboard.press("Escape");
        await page.goto(`${server.console}#/doctor`);
        await page.getByRole("button", { name: "Run all checks" }).click();
        await expect(page.getByRole("button", { name: "Run all again" })).toBeVisible();
        await fits(page);
        await picture("doctor-done");
        await page.getByRole("button", { name: /Account of/ }).click();
        await expect(page.getByRole("menu")).toBeVisible();
        await picture("menu");
        await page.keyboard.press("Escape");
        if (size === "narrow") {
          await page.getByRole("button", { name: "Open the menu" }).click();
          await expect(page.getByRole("dialog").getByRole("link", { name: "Events" })).toBeVisible();
          await picture("navigation");
        }
        await api.call("DELETE", "session");
        await page.goto(server.console);
        await page.reload();
        await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
        await fits(page);
        await picture("sign-in");
      });

      test("the first set-up fits its window", async ({ page }) => {
        await expect(page.getByRole("textbox", { name: "One-time code" })).toBeVisible();
        await fits(page);
        await page.screenshot({ path: join(folder, `setup-${colorScheme}-${size}.png`), animations: "disabled" });
      });
    });
  }
}

test("the theme is switched in the account menu, and kept", async ({ page, api }) => {
  await api.call("GET", "session");
  await page.reload();
  const scheme = () => page.evaluate(() => document.documentElement.style.colorScheme);
  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(scheme).toBe("dark");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(scheme).toBe("dark");
});

test("the keyboard alone reaches the pages and opens a run", async ({ page, api, server }) => {
  await api.call("PUT", "options/synchronization", { upstream: "http://127.0.0.1:1" });
  await api.synchronize();
  await page.goto(server.console);
  await page.reload();
  await expect(page.getByRole("table", { name: "History" })).toBeVisible();
  const reach = async (wanted: RegExp) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => document.activeElement?.textContent ?? "");
      if (wanted.test(name)) {
        return;
      }
    }
    throw new Error(`The keyboard does not reach ${wanted}`);
  };
  await reach(/^20\d\d-/);
  await page.keyboard.press("Enter");
  await reach(/^20\d\d-/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Synchronization Details" })).toBeVisible();
  await reach(/^Details$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
});
