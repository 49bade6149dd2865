/** A photograph small enough to send from the road: JPEG, 1,280 pixels at most unless said otherwise. */

const LONGEST = 1280
const QUALITY = 0.8

export async function scaled(file: Blob, longest = LONGEST): Promise<Blob> {
  const picture = await createImageBitmap(file)
  const share = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = new OffscreenCanvas(Math.round(picture.width * share), Math.round(picture.height * share))
  const pen = canvas.getContext('2d')
  if (!pen) throw new TypeError('no canvas')
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
}
