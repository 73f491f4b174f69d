import { defineConfig } from 'vite'

// The sandboxed preload: one CommonJS file that requires nothing but 'electron'.
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'dist/preload',
    emptyOutDir: true,
    target: 'chrome150',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: { preload: 'src-main/hosts/electron/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
})
