// Reads every bar code of pictures, with the reader that the pages use: node read_barcodes.mjs PAGE.png ... -> JSON.
import { readFile } from 'node:fs/promises'
import { prepareZXingModule, readBarcodes } from '../../api/web/node_modules/zxing-wasm/dist/es/reader/index.js'

const wasm = new URL('../../api/web/node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)
prepareZXingModule({ overrides: { wasmBinary: (await readFile(wasm)).buffer } })
const options = { formats: ['Code128', 'QRCode'], maxNumberOfSymbols: 255, tryHarder: true }
const pages = await Promise.all(
  process.argv.slice(2).map(async (name) => {
    const found = await readBarcodes(new Blob([await readFile(name)]), options)
    return found.map(({ format, text }) => [format, text])
  }),
)
console.log(JSON.stringify(pages))
