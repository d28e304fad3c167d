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
      output: {
        codeSplitting: {
          groups: [
            // All a first visit runs in one file, however many of its parts later chunks use too.
            { name: "app", test: /src\/main\.tsx$/, priority: 1 },
            // What is asked for right after the first letter can be typed, on whichever page: one file is asked for sooner than ten.
            {
              name: "desk",
              test: /src\/(chat\/(ComposerMore|MorePickers|PersonaPicker)|shell\/(ConversationList|shortcuts)|state\/tabs)\.tsx?$/,
              priority: 1,
            },
            // What rooms share is small, and many files are slow to fetch and long to list.
            // The trust page is a page of its own, and shares one of them, which people need too.
            { name: "shared", test: /src\/(?!state\/(places|people)).*\.tsx?$/, minShareCount: 2 },
          ],
        },
      },
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
