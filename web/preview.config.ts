// The document of the preview frame, a page of its own: it shares no file with the others.
import { defineConfig } from "vite";
import { compression, defineAlgorithm } from "vite-plugin-compression2";

const absent = new URL("preview/absent.ts", import.meta.url).pathname;

export default defineConfig({
  root: "preview",
  base: "/preview/",
  resolve: { alias: [{ find: /^(katex|elkjs\/.*)$/, replacement: absent }] },
  build: {
    outDir: "../../src/gantry_edge/web_dist/preview",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 1000,
  },
  plugins: [
    compression({
      include: /\.(html|js)$/,
      threshold: 512,
      algorithms: [defineAlgorithm("gzip", { level: 9 })],
    }),
  ],
});
