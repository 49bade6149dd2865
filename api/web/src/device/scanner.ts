/**
 * Reads QR codes and Code 128 from the camera: by the browser where it can, else by zxing (own copy, no other host).
 *
 * The copy is large, so it comes with the first scan; the service worker has kept it before the shift.
 */

/** Codes in a frame of the camera. */
export type Reader = (frame: HTMLVideoElement) => Promise<string[]>

interface Detector {
  detect(frame: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

const FORMATS = ['qr_code', 'code_128']
/** Pixels: enough for a Code 128 across the picture, few enough for a cheap phone. */
const WIDEST = 1000

export async function openReader(): Promise<Reader> {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector
  const known = (await kind?.getSupportedFormats()) ?? []
  if (!kind || !FORMATS.every((format) => known.includes(format))) return zxing()
  const detector = new kind({ formats: FORMATS })
  return async (frame) => (await detector.detect(frame)).map((code) => code.rawValue)
}

async function zxing(): Promise<Reader> {
  const [{ prepareZXingModule, readBarcodes }, { default: wasm }] = await Promise.all([
    import('zxing-wasm/reader'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ])
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
  const canvas = document.createElement('canvas')
  return async (frame) => {
    const found = await readBarcodes(pixels(frame, canvas), {
      formats: ['QRCode', 'Code128'],
      maxNumberOfSymbols: 4,
    })
    return found.map((code) => code.text)
  }
}

function pixels(frame: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData {
  const share = Math.min(1, WIDEST / frame.videoWidth)
  canvas.width = Math.round(frame.videoWidth * share)
  canvas.height = Math.round(frame.videoHeight * share)
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new TypeError('no canvas')
  pen.drawImage(frame, 0, 0, canvas.width, canvas.height)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

/** A label's code alone: the QR code of a slip is the address of its tracking page, which ends with it. */
export function codeOf(text: string): string {
  const path = /^https?:\/\/[^/]+\/track\/([^/?#]+)/u.exec(text.trim())?.[1]
  return path ? decodeURIComponent(path) : text.trim()
}
