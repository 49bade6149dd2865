import { defineConfig } from 'vite'

// One script without imports: a receipt carries it inside and opens without any server.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: '../static/receipt',
    target: 'es2022',
    lib: { entry: 'src/receipt/main.ts', formats: ['iife'], name: 'receipt', fileName: () => 'receipt.js' },
  },
})
