import { expect, goTo, test } from "./support/fixtures";
import { Gate } from "./support/gate";

test("a server is set up by the console, synchronizes under the eyes of its administrator, and shows what came", async ({
  page,
  api,
  upstream,
}) => {
  const gate = await Gate.before(upstream.agents);
  await api.call("GET", "session");
  await page.reload();

  // The update source, tested before it is stored.
  await page.getByRole("link", { name: "Choose it in the options" }).click();
  const address = page.getByLabel("Address of the update server");
  await address.fill("127.0.0.1:1");
  await expect(page.getByText("An address begins with http:// or https://")).toBeVisible();
  await expect(page.getByRole("button", { name: "Test" })).toBeDisabled();
  await address.fill("http://127.0.0.1:1");
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("These options do not work as they are.")).toBeVisible();
  await expect(page.locator('[data-check="services"]')).toContainText("No connection to 127.0.0.1:1 could be made.");
  await address.fill(gate.url);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("The update source answers.")).toBeVisible();
  await expect(page.locator('[data-check="services"]')).toHaveAttribute("data-state", "ok");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();

  // The first run brings the products to choose from.
  await goTo(page, "Synchronizations");
  await page.getByRole("button", { name: "Synchronize now" }).click();
  const history = page.getByRole("table", { name: "History" });
  await expect(history.getByText("Succeeded")).toHaveCount(1);

  await goTo(page, "Options");
  await page.getByRole("tab", { name: "Products and Classifications" }).click();
  await page.getByLabel("Search products").fill("office");
  const office = page.getByRole("treeitem", { name: "Sample Office", exact: true });
  await office.getByRole("checkbox").first().click();
  await expect(office).toHaveAttribute("aria-checked", "true");
  await expect(page.getByRole("treeitem", { name: "Sample Office 2024" })).toHaveAttribute("aria-checked", "true");
  await expect(page.getByRole("treeitem", { name: "Sample Company" })).toHaveAttribute("aria-checked", "mixed");
  await page.getByLabel("Search products").fill("");
  await page.getByRole("treeitem", { name: /All products/ }).getByRole("checkbox").first().click();
  await page.getByRole("checkbox", { name: "All classifications" }).click();

  // What is not saved is not lost by a slip.
  await page.getByRole("navigation").getByRole("link", { name: "Doctor" }).click();
  const leaving = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await leaving.getByRole("button", { name: "Stay here" }).click();
  await expect(leaving).toHaveCount(0);
  await expect(page).toHaveURL(/#\/options\/products$/);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();

  // Live, to the end.
  gate.shutAfter(2);
  await goTo(page, "Synchronizations");
  await page.getByRole("button", { name: "Synchronize now" }).click();
  const state = page.getByRole("region", { name: "Synchronizations" });
  await expect(state.locator('[data-stage="documents"]')).toContainText(/\d+ of [\d,]+/);
  await expect(state.getByRole("progressbar", { name: "Synchronizing" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Synchronize now" })).toBeDisabled();
  await expect(history.getByText("Running")).toBeVisible();
  gate.open();
  await expect(history.getByText("Succeeded")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Synchronize now" })).toBeEnabled();

  // Synchronization Details, and the updates that came.
  await history.getByRole("row").nth(1).click();
  const details = page.getByRole("heading", { name: "Synchronization Details" }).locator("..");
  await expect(details).toContainText(gate.url);
  await expect(details.getByRole("table")).toContainText("Documents");
  await details.getByRole("link", { name: /updates: New/ }).click();
  await expect(page).toHaveURL(/#\/synchronizations\/2\/new$/);
  const updates = details.getByRole("list", { name: "New updates" });
  await expect(updates.getByRole("listitem")).toHaveCount(50);
  await expect(details.getByRole("status")).toContainText("1–50 of");
  await details.getByRole("button", { name: "Next page" }).click();
  await expect(details.getByRole("status")).toContainText("51–100 of");
  await page.reload();
  await expect(details.getByRole("status")).toContainText("51–100 of");
  gate.close();
});

test("a synchronization that is cancelled says so in the history", async ({ page, api, upstream }) => {
  const gate = await Gate.before(upstream.agents);
  await api.call("PUT", "options/synchronization", {
    upstream: gate.url,
    products: { all: true },
    classifications: { all: true },
  });
  await page.reload();
  gate.shutAfter(1);
  await page.getByRole("button", { name: "Synchronize now" }).click();
  const state = page.getByRole("region", { name: "Synchronizations" });
  await expect(state.locator("[data-stage]")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  gate.open();
  await expect(page.getByRole("table", { name: "History" }).getByText("Canceled")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  gate.close();
});

test("languages, schedule and history are set, and shown again after a reload", async ({ page, api }) => {
  await api.call("GET", "session");
  await page.reload();
  await goTo(page, "Options");
  await page.getByRole("tab", { name: "Languages" }).click();
  await page.getByRole("radio", { name: "These languages" }).click();
  await expect(page.getByText("Choose one language at least")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await page.getByRole("checkbox", { name: "German (de)" }).click();
  await page.getByRole("checkbox", { name: "Portuguese (Brazil) (pt-br)" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();

  await page.getByRole("tab", { name: "Synchronization Schedule" }).click();
  await expect(page.getByText("None is scheduled.")).toBeVisible();
  await page.getByRole("radio", { name: "Automatically, every day" }).click();
  await page.getByLabel("First synchronization").fill("25:00");
  await expect(page.getByText("A time of the day, as 03:00.")).toBeVisible();
  await page.getByLabel("First synchronization").fill("04:30");
  await page.getByLabel("Synchronizations a day").fill("2");
  await page.getByLabel("Random offset in minutes").fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();
  await expect(page.getByText(/^20\d\d-\d\d-\d\d \d\d:30$/)).toBeVisible();

  await page.getByRole("tab", { name: "History" }).click();
  await page.getByLabel("Keep the history").fill("90");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();

  await page.reload();
  await expect(page.getByLabel("Keep the history")).toHaveValue("90");
  await page.getByRole("tab", { name: "Languages" }).click();
  await expect(page.getByRole("checkbox", { name: "German (de)" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "English (en)" })).not.toBeChecked();
  await page.getByRole("tab", { name: "Synchronization Schedule" }).click();
  await expect(page.getByLabel("First synchronization")).toHaveValue("04:30");
  await goTo(page, "Synchronizations");
  await expect(page.getByText(/:30 \(in .+\)$/)).toBeVisible();
});
