import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { join } from "node:path";
import { Api } from "./api";
import { makeFolder, removeFolder, Server } from "./server";

export { expect };

export const administrator = { name: "anna", password: "a long enough password" };

interface Fixtures {
  /** Removed after the test. */
  folder: string;
  /** A new one for each test, without an administrator. */
  server: Server;
  /** What the console complains of that the test provokes: texts of console errors. */
  expected: RegExp[];
  /** Calls of the API with the session of the page's browser; set up and signed in as the first administrator. */
  api: Api;
}

interface WorkerFixtures {
  /** Has 1,000 updates. */
  upstream: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  upstream: [
    async ({}, use) => {
      const folder = makeFolder();
      const upstream = await Server.startUpstream(folder, 1000);
      await use(upstream);
      await upstream.stop();
      removeFolder(folder);
    },
    { scope: "worker" },
  ],
  folder: async ({}, use) => {
    const folder = makeFolder();
    await use(folder);
    removeFolder(folder);
  },
  server: async ({ folder }, use) => {
    const server = await Server.start(join(folder, "server"));
    await use(server);
    await server.stop();
  },
  expected: [[], { option: true }],
  context: async ({ context, server, expected }, use) => {
    const complaints = watch(context, server, expected);
    await use(context);
    expect(complaints, "what the browser complained of").toEqual([]);
  },
  api: async ({ context, server }, use) => {
    const api = new Api(context.request, server.console);
    await api.setUp(await server.setupCode(), administrator);
    await use(api);
  },
  page: async ({ page, server }, use) => {
    await page.goto(server.console);
    await use(page);
  },
});

/** Console errors, broken content-security policy, requests to another host. */
function watch(context: BrowserContext, server: Server, expected: RegExp[]): string[] {
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) {
      complaints.push(text);
    }
  };
  void context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`content-security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complain(message.text());
    }
  });
  context.on("weberror", (error) => complain(String(error.error())));
  context.on("request", (request) => {
    if (!request.url().startsWith(server.console) && !request.url().startsWith("data:")) {
      complain(`request to ${request.url()}`);
    }
  });
  return complaints;
}

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Goes by the navigation, as a user does. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}
