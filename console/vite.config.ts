import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The socket of a running server, for `npm run dev`: HEADWATER_SOCKET=../data/headwater.sock
const socketPath = process.env["HEADWATER_SOCKET"];

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // The content-security policy allows no data: address for scripts, styles and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
  },
  server: {
    host: "127.0.0.1",
    ...(socketPath && { proxy: { "/api": { target: { socketPath, host: "localhost", port: 80 } } } }),
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
