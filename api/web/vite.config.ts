import { globSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    // The service worker is told by it which files the courier's page is made of.
    manifest: true,
    // Each HTML file beside this one is a page.
    rolldownOptions: { input: globSync('*.html') },
    // Everything by name with a hash and never inline: the content security policy allows this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
})
