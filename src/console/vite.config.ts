import { defineConfig } from "vite";

// The same input gives the same bytes: no sourcemaps, no dates, names by content. Addresses are relative to <base>.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../sixfaces/console",
    emptyOutDir: false,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    sourcemap: false,
    reportCompressedSize: false,
    target: "es2022",
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8686" } },
});
