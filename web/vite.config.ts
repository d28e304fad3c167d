import { defineConfig } from "vitest/config";
import { compression, defineAlgorithm } from "vite-plugin-compression2";

const api = process.env.DEV_SERVER ?? "http://127.0.0.1:8484";

export default defineConfig({
  build: {
    outDir: "../src/gantry_edge/web_dist",
    emptyOutDir: true,
    // Inlined files would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "docs.html", "trust.html"],
      // All a first visit runs in one file, however many of its parts later chunks use too.
      output: { codeSplitting: { groups: [{ name: "app", test: /src\/main\.tsx$/ }] } },
    },
    // Swagger UI, on the documentation page only.
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { "/api": api } },
  plugins: [
    compression({
      include: /\.(html|js|css|svg|json)$/,
      threshold: 512,
      algorithms: [defineAlgorithm("gzip", { level: 9 }), defineAlgorithm("brotliCompress")],
    }),
  ],
  test: { include: ["src/**/*.test.ts"] },
});
