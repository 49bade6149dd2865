import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig, type Manifest } from 'vite'

const BUILT = new URL('../static/', import.meta.url)

/** Every file that the courier's page loads, by the manifest of the build before this one. */
function filesOf(page: string): string[] {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', BUILT), 'utf8')) as Manifest
  const seen = new Set<string>()
  const files = new Set<string>()
  const walk = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(`/${file}`)
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) walk(next)
  }
  walk(page)
  return [...files].filter((file) => !file.endsWith('.html') && !file.endsWith('.woff')).sort()
}

const files = [...filesOf('courier.html'), '/favicon.svg', '/courier.webmanifest']
const html = readFileSync(new URL('courier.html', BUILT))
const version = createHash('sha256').update(html).update(files.join()).digest('hex').slice(0, 16)

// One classic script at the root, which knows the files that this build made.
export default defineConfig({
  publicDir: false,
  define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) },
  build: {
    outDir: '../static',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'src/courier/worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'sw.js' },
  },
})
