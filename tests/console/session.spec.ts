import { administrator, expect, goTo, signIn, test } from "./support/fixtures";

test.describe("with refused requests", () => {
  // Chromium writes each answer of 4xx to its console.
  test.use({ expected: [/status of 40[13]/] });

  test("the first administrator is made with the code that the log prints", async ({ page, server }) => {
    await expect(page.getByRole("heading", { name: "Set up Headwater" })).toBeVisible();
    const create = page.getByRole("button", { name: "Create administrator" });
    await page.getByRole("textbox", { name: "One-time code" }).fill("AAAAA-AAAAA-AAAAA-AAAAA");
    await page.getByRole("textbox", { name: "Name" }).fill(administrator.name);
    await page.getByRole("textbox", { name: /^Password/ }).fill("too short");
    await expect(page.getByText("A password has at least 12 characters.")).toBeVisible();
    await page.getByRole("textbox", { name: /^Password/ }).fill(administrator.password);
    await page.getByRole("textbox", { name: "Repeat the password" }).fill("something else");
    await expect(page.getByText("The two passwords are not the same.")).toBeVisible();
    await expect(create).toBeDisabled();
    await page.getByRole("textbox", { name: "Repeat the password" }).fill(administrator.password);
    await create.click();
    await expect(page.getByRole("alert")).toContainText("This is not the one-time code.");

    await page.getByRole("textbox", { name: "One-time code" }).fill(await server.setupCode());
    await create.click();
    await expect(page.getByRole("heading", { level: 1, name: "Synchronizations" })).toBeVisible();
    await expect(page.getByText("This server has never synchronized.")).toBeVisible();

    // The session is the cookie's: it holds over a reload, and ends by signing out.
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Synchronizations" })).toBeVisible();
    await page.getByRole("button", { name: "Account of anna" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in to Headwater" })).toBeVisible();
  });

  test("a wrong password is refused, and the right one goes on to the place that was wanted", async ({ page, api, server }) => {
    await api.call("DELETE", "session");
    await page.goto(`${server.console}#/doctor`);
    await page.reload();
    await signIn(page, administrator.name, "a wrong password");
    await expect(page.getByRole("alert")).toContainText("wrong");
    await signIn(page, administrator.name, administrator.password);
    await expect(page.getByRole("heading", { level: 1, name: "Doctor" })).toBeVisible();
  });

  test("a reporter reads everything and changes nothing", async ({ page, api, server, upstream }) => {
    await api.call("POST", "users", { name: "rolf", role: "reporter", password: "rolf's own password" });
    await api.call("PUT", "options/synchronization", { upstream: upstream.agents });
    await api.synchronize();
    await api.call("DELETE", "session");
    await page.goto(server.console);
    await page.reload();
    await signIn(page, "rolf", "rolf's own password");

    await expect(page.getByRole("table", { name: "History" }).getByText("Succeeded")).toBeVisible();
    await expect(page.getByRole("button", { name: "Synchronize now" })).toHaveCount(0);
    await expect(page.getByRole("navigation").getByRole("link", { name: "Users" })).toHaveCount(0);

    await goTo(page, "Options");
    await expect(page.getByText("You are signed in as a reporter")).toBeVisible();
    await expect(page.getByLabel("Address of the update server")).toHaveValue(upstream.agents);
    await expect(page.getByLabel("Address of the update server")).toBeDisabled();
    await expect(page.getByRole("switch", { name: "Use a proxy server" })).toBeDisabled();
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
    await page.getByRole("tab", { name: "Products and Classifications" }).click();
    const everything = page.getByRole("treeitem", { name: /All products/ });
    await expect(everything).toHaveAttribute("aria-checked", "false");
    await expect(page.getByRole("checkbox", { name: "Security Updates" })).toBeDisabled();
    await page.getByRole("tab", { name: "Languages" }).click();
    await expect(page.getByRole("radio", { name: "These languages" })).toBeDisabled();
    await page.getByRole("tab", { name: "Synchronization Schedule" }).click();
    await expect(page.getByRole("radio", { name: "Automatically, every day" })).toBeDisabled();

    // Not the console alone keeps a reporter from it.
    const refused = await page.evaluate(async () => {
      const session = (await (await fetch("/api/v1/session")).json()) as { csrf: string };
      const answer = await fetch("/api/v1/synchronization", {
        method: "POST",
        body: "{}",
        headers: { "X-Headwater-CSRF": session.csrf },
      });
      return answer.status;
    });
    expect(refused).toBe(403);
  });

  test("a session that ends elsewhere shows the sign-in page", async ({ page, api }) => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Synchronizations" })).toBeVisible();
    await api.call("DELETE", "session");
    // Nobody clicks: the stream, which looks every 15 seconds, ends with the session.
    await expect(page.getByRole("heading", { name: "Sign in to Headwater" })).toBeVisible({ timeout: 30_000 });
  });

  test("users are added, given another role and removed, and change their own password", async ({ page, api }) => {
    await api.call("GET", "users");
    await page.reload();
    await goTo(page, "Users");
    await page.getByRole("button", { name: "Add user…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("rolf");
    await dialog.getByRole("textbox", { name: /^Password/ }).fill("rolf's own password");
    await dialog.getByRole("textbox", { name: "Repeat the password" }).fill("rolf's own password");
    await dialog.getByRole("button", { name: "Add user" }).click();
    await expect(page.getByLabel("Role of rolf")).toHaveValue("reporter");
    await page.getByLabel("Role of rolf").selectOption("administrator");
    await page.reload();
    await expect(page.getByLabel("Role of rolf")).toHaveValue("administrator");
    await page.getByRole("button", { name: "Remove rolf…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove user" }).click();
    await expect(page.getByLabel("Role of rolf")).toHaveCount(0);

    await page.getByRole("button", { name: "Account of anna" }).click();
    await page.getByRole("menuitem", { name: "Change password…" }).click();
    await dialog.getByRole("textbox", { name: "Present password" }).fill("not this one, I think");
    await dialog.getByRole("textbox", { name: "New password" }).fill("another long password");
    await dialog.getByRole("textbox", { name: "Repeat the password" }).fill("another long password");
    await dialog.getByRole("button", { name: "Change password" }).click();
    await expect(dialog.getByRole("alert")).toContainText("wrong");
    await dialog.getByRole("textbox", { name: "Present password" }).fill(administrator.password);
    await dialog.getByRole("button", { name: "Change password" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Account of anna" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await signIn(page, administrator.name, "another long password");
    await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  });
});
