import { describe, expect, it } from 'vitest'
import { StoredSource } from '../../src/console/model/stored'
import { HttpError } from '../../src/shared/http'

/** A service that numbers its answers. */
function service(status = 200) {
  const asked: string[] = []
  const call = (path: string) => {
    asked.push(path)
    return Promise.resolve(Response.json({ number: asked.length }, { status }))
  }
  return { asked, call }
}

describe('a plan of the service', () => {
  it('is asked for before it is shown, and taken once', async () => {
    const { asked, call } = service()
    const source = new StoredSource('p-1', call).begin()
    expect(asked).toEqual(['/api/v1/plans/p-1', '/api/v1/plans/p-1/places'])
    expect([await source.plan(), await source.places()]).toEqual([{ number: 1 }, { number: 2 }])
    expect(asked).toHaveLength(2)
    expect(await source.plan()).toEqual({ number: 3 })
  })

  it('tells whoever takes it that it is not there', async () => {
    const source = new StoredSource('p-1', service(404).call).begin()
    await expect(source.plan()).rejects.toEqual(new HttpError({ kind: 'answer', status: 404 }))
  })
})
