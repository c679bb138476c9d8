import { expect, goTo, test } from "./support/fixtures";
import { hasSquid, proxyPassword, proxyUser, Squid } from "./support/squid";

test("a proxy that refuses the login is followed from the failure to its remedy", async ({ page, api, upstream, folder }) => {
  test.skip(!hasSquid, "squid is not on this machine");
  const squid = await Squid.start(folder);
  await api.call("PUT", "options/synchronization", { upstream: upstream.agents });
  await page.reload();

  await goTo(page, "Options");
  await page.getByRole("switch", { name: "Use a proxy server" }).click();
  await expect(page.getByText("Give the proxy's name or address.")).toBeVisible();
  await page.getByLabel("Proxy server", { exact: true }).fill("127.0.0.1");
  await page.getByLabel("Port", { exact: true }).fill(String(squid.port));
  await page.getByLabel("User", { exact: true }).fill(proxyUser);
  await page.getByLabel("Password", { exact: true }).fill("an old password");
  await page.getByRole("checkbox", { name: "Allow basic authentication (password in cleartext)" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(page.getByText("A password is stored.")).toBeVisible();

  await goTo(page, "Synchronizations");
  await page.getByRole("button", { name: "Synchronize now" }).click();
  const history = page.getByRole("table", { name: "History" });
  await expect(history.getByText("Failed")).toBeVisible();
  await history.getByRole("row").nth(1).click();
  await page.getByRole("button", { name: "Details" }).click();

  const dialog = page.getByRole("dialog", { name: "Why synchronization 1 failed" });
  await expect(dialog).toContainText(`127.0.0.1:${squid.port}`);
  await expect(dialog).toContainText(`'${proxyUser}'`);
  await expect(dialog).toContainText("may have expired");
  await expect(dialog).toContainText("net.proxy_login");
  await expect(dialog).toContainText("HTTP 407");
  await dialog.getByRole("button", { name: "Copy" }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();

  await dialog.getByRole("button", { name: "Check it now" }).click();
  const check = dialog.locator('[data-check="proxy"]');
  await expect(check).toHaveAttribute("data-state", "error");
  await expect(check).toContainText("may have expired");
  await expect(dialog.getByRole("button", { name: "Check again" })).toBeEnabled();

  await dialog.getByRole("link", { name: "Change the proxy server" }).first().click();
  await expect(page).toHaveURL(/#\/options\/source\?at=proxy$/);
  await expect(page.getByRole("switch", { name: "Use a proxy server" })).toBeFocused();
  await page.getByLabel("Password", { exact: true }).fill(proxyPassword);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("The update source answers.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The options are saved.")).toBeVisible();

  await goTo(page, "Synchronizations");
  await page.getByRole("button", { name: "Synchronize now" }).click();
  await expect(history.getByText("Succeeded")).toBeVisible();
  await squid.stop();
});

test("a link to a failure opens it, and closing it leaves the details", async ({ page, api, server }) => {
  await api.call("PUT", "options/synchronization", { upstream: "http://127.0.0.1:1" });
  await api.synchronize();
  await page.goto(`${server.console}#/synchronizations/1/error`);
  await page.reload();
  const dialog = page.getByRole("dialog", { name: "Why synchronization 1 failed" });
  await expect(dialog).toContainText("No connection to 127.0.0.1:1 could be made.");
  await expect(dialog.getByRole("link", { name: "Change the update source" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/#\/synchronizations\/1$/);
  await expect(page.getByRole("heading", { name: "Synchronization Details" })).toBeVisible();
});
