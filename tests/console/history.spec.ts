import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, goTo, test } from "./support/fixtures";
import { run } from "./support/process";
import { program, Server } from "./support/server";

const nowhere = "http://127.0.0.1:1";

test("older synchronizations come a page at a time", async ({ page, api }) => {
  await api.call("PUT", "options/synchronization", { upstream: nowhere });
  for (let i = 0; i < 52; ++i) {
    await api.synchronize();
  }
  await page.reload();
  await goTo(page, "Synchronizations");
  const runs = page.locator("[data-run]");
  await expect(runs).toHaveCount(50);
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(runs).toHaveCount(52);
  await expect(page.getByRole("button", { name: "Show older" })).toHaveCount(0);
});

test("the doctor mends permissions where that is safe", async ({ page, server, api }) => {
  await api.call("PUT", "options/synchronization", { upstream: nowhere });
  chmodSync(join(server.data, "content"), 0o777);
  await page.reload();
  await goTo(page, "Doctor");
  await page.getByRole("button", { name: "Run all checks" }).click();
  const folder = page.locator('[data-check="content_folder"]');
  await expect(folder).toHaveAttribute("data-state", "error");
  await expect(folder).toContainText("Permissions in the content folder are wrong.");
  await folder.getByRole("button", { name: "Fix" }).click();
  await expect(folder).not.toHaveAttribute("data-state", "error");
  await expect(folder).toContainText("mended: ");
});

// A try that waits, as a server finds it that was stopped meanwhile.
const waitingTry = `
import datetime, json, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
plan = json.loads(database.execute("SELECT value FROM setting WHERE name = 'sync.plan'").fetchone()[0])
now = datetime.datetime.now(datetime.timezone.utc)
plan["retry_at"] = (now + datetime.timedelta(minutes=14)).strftime("%Y-%m-%dT%H:%M:%SZ")
plan["retry_attempt"] = 1
plan["retry_reason"] = "The connection to wsus.corp.example was refused."
database.execute("UPDATE setting SET value = ? WHERE name = 'sync.plan'", (json.dumps(plan),))
database.commit()
`;

test.describe("a try that waits", () => {
  test.use({
    server: async ({ folder }, use) => {
      const data = join(folder, "server");
      const before = await Server.start(data);
      const socket = ["--socket", join(data, "headwater.sock")];
      run(program, ["sync", "options", "--upstream", nowhere, ...socket]);
      run(program, ["sync", "schedule", "--daily", "03:00", ...socket]);
      await before.stop();
      run("python3", ["-c", waitingTry, join(data, "headwater.db")]);
      const server = await Server.start(data);
      await use(server);
      await server.stop();
    },
  });

  test("is shown with its time and its reason until somebody synchronizes", async ({ page, api }) => {
    await page.reload();
    await goTo(page, "Synchronizations");
    const retry = page.locator('[data-retry="1"]');
    await expect(retry).toContainText("The connection to wsus.corp.example was refused.");
    await expect(retry).toContainText(/attempt 1 of 2/);
    await api.synchronize();
    await expect(page.locator("[data-retry]")).toHaveCount(0);
  });
});
