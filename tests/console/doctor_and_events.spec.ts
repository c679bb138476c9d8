import { expect, goTo, test } from "./support/fixtures";

test("the doctor runs its checks one by one and tells them as a text", async ({ page, api, upstream }) => {
  await api.call("PUT", "options/synchronization", { upstream: upstream.agents });
  await api.synchronize();
  await page.reload();
  await goTo(page, "Doctor");
  await expect(page.getByText("The content folder and its permissions")).toBeVisible();
  await page.getByRole("button", { name: "Run all checks" }).click();
  const checks = page.getByRole("list", { name: "Doctor" });
  await expect(checks.locator("[data-check]")).toHaveCount(12);
  await expect(page.getByRole("button", { name: "Run all again" })).toBeVisible();
  for (const [name, state] of [
    ["last_synchronization", "ok"],
    ["proxy", "skipped"],
    ["services", "ok"],
    ["database", "ok"],
  ] as const) {
    await expect(checks.locator(`[data-check="${name}"]`)).toHaveAttribute("data-state", state);
  }
  await expect(checks.locator('[data-check="last_synchronization"]')).toContainText("OK");
  await expect(checks.locator('[data-state="waiting"], [data-state="running"]')).toHaveCount(0);

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy as text" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("[OK] The database");
  expect(text).toContain("[Skipped] The proxy server");
});

test("what the doctor finds wrong leads to where it is mended", async ({ page, api }) => {
  await api.call("PUT", "options/synchronization", { upstream: "http://127.0.0.1:1" });
  await page.reload();
  await goTo(page, "Doctor");
  await page.getByRole("button", { name: "Run all checks" }).click();
  const services = page.locator('[data-check="services"]');
  await expect(services).toHaveAttribute("data-state", "error");
  await expect(services).toContainText("Connection refused");
  await services.getByRole("link", { name: "Change the update source" }).click();
  await expect(page.getByLabel("Address of the update server")).toHaveValue("http://127.0.0.1:1");
});

test("events come live, are filtered, and tell what to do", async ({ page, api }) => {
  await api.call("PUT", "options/synchronization", { upstream: "http://127.0.0.1:1" });
  await page.reload();
  await goTo(page, "Events");
  const events = page.getByRole("table", { name: "Events, the newest first" });
  await expect(events.locator('[data-event="389"]')).toHaveCount(1);
  await expect(events.locator('[data-event="386"]')).toHaveCount(0);

  // Made elsewhere, and seen here without a click.
  await api.synchronize();
  await expect(events.locator('[data-event="386"]')).toHaveCount(1);
  await api.call("POST", "health");
  const open = page.locator('[data-condition="10021"]');
  await expect(open).toContainText("Error");
  await expect(open.getByRole("link", { name: "Change the update source" })).toBeVisible();
  await expect(page.getByRole("navigation").getByLabel(/open condition/)).toBeVisible();

  await page.getByLabel("Severity").selectOption("error");
  await expect(events.locator('[data-event="389"]')).toHaveCount(0);
  await expect(events.locator('[data-event="386"]')).toHaveCount(1);
  await page.getByLabel("Severity").selectOption("");
  await page.getByLabel("Event number").fill("389");
  await expect(events.locator('[data-event="386"]')).toHaveCount(0);
  await expect(events.locator('[data-event="389"]')).toHaveCount(1);
  await expect(page).toHaveURL(/#\/events\?number=389$/);
  await events.locator('[data-event="389"]').click();
  const details = page.getByRole("heading", { name: "Event details" }).locator("..");
  await expect(details).toContainText("The options of synchronization were changed by 'anna'.");
  await expect(details).toContainText("http://127.0.0.1:1");

  // Not followed, news wait until they are wanted.
  await page.getByRole("switch", { name: "Follow live" }).click();
  await api.call("PUT", "options/synchronization", { history_days: 90 });
  await expect(page.getByText("There are newer events.")).toBeVisible();
  await expect(events.locator('[data-event="389"]')).toHaveCount(1);
  await page.getByRole("button", { name: "Show them" }).click();
  await expect(events.locator('[data-event="389"]')).toHaveCount(2);
});
