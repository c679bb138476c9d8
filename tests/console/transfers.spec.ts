import type { Api } from "./support/api";
import { expect, goTo, test } from "./support/fixtures";

interface Update {
  id: string;
  declined: boolean;
  content: { reason: string } | null;
  files: { state: string }[];
}

/** Approves the first updates that have files; returns their ids. */
async function approve(api: Api, count: number): Promise<string[]> {
  const { updates } = (await api.call("GET", "updates?limit=200")) as { updates: Update[] };
  const found: string[] = [];
  for (const { id } of updates) {
    const update = (await api.call("GET", `updates/${id}`)) as Update;
    if (update.files.length > 0 && found.length < count) {
      found.push(id);
    }
  }
  await api.call("POST", "updates/approvals", { updates: found, groups: ["All Computers"], action: "install" });
  return found;
}

test("an update without its files has a red X, and each way out is a button", async ({ page, api, upstream }) => {
  const all = { products: { all: true }, classifications: { all: true } };
  await api.call("PUT", "options/synchronization", { upstream: upstream.agents, ...all });
  await api.synchronize();
  await api.call("PUT", "options/synchronization", { upstream: "" });
  const [first, second, third] = await approve(api, 3);
  await page.reload();
  await goTo(page, "Transfers");
  const item = (id: string | undefined) => page.locator(`[data-update="${id}"]`);
  for (const id of [first, second, third]) {
    await expect(item(id)).toContainText("No update source is chosen");
    await expect(item(id)).toContainText("since 20");
  }

  await item(first).getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(item(first)).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Queue" })).toContainText("Cancelled");

  await item(second).getByRole("button", { name: "Cancel and decline…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel and decline" }).click();
  await expect(item(second)).toHaveCount(0);
  expect(((await api.call("GET", `updates/${second}`)) as Update).declined).toBe(true);

  await api.call("PUT", "options/synchronization", { upstream: upstream.agents });
  await item(third).getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("No update lacks its files.")).toBeVisible();
  const came = (await api.call("GET", `updates/${third}`)) as Update;
  expect(came.content).toBeNull();
});

test("the transfer service is paused, stopped and started", async ({ page, api }) => {
  expect(api).toBeDefined();
  await page.reload();
  await goTo(page, "Transfers");
  const service = page.getByRole("region", { name: "Transfer service" });
  await expect(service).toContainText("Running");
  await service.getByRole("button", { name: "Pause all" }).click();
  await expect(service).toContainText("Paused");
  await service.getByRole("button", { name: "Resume" }).click();
  await expect(service).toContainText("Running");
  await service.getByRole("button", { name: "Stop the service" }).click();
  await expect(service).toContainText("a synchronization that needs one fails");
  await page.reload();
  await service.getByRole("button", { name: "Start the service" }).click();
  await expect(service).toContainText("Running");
});
