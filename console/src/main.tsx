import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/queries";
import { App } from "./app/App";
import { Failsafe } from "./app/Failsafe";
import { Themed } from "./app/Themed";
import "./main.css";

// The server gives each page a nonce; styles that are made at run time carry it (content-security policy).
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
const client = makeQueryClient();
const root = document.getElementById("root");

if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RendererProvider renderer={renderer} targetDocument={document}>
          <Themed>
            <Failsafe>
              <App />
            </Failsafe>
          </Themed>
        </RendererProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
