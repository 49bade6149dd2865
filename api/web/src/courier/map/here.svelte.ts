/** Where the phone is, for its own map only: nothing of it is kept or sent. */

import type { Position } from 'geojson'

export class Here {
  point = $state.raw<Position | null>(null)
  /** Metres. */
  accuracy = $state(0)
  /** The phone cannot tell, or its owner forbids it. */
  isUnknown = $state(false)
  private watch: number | null = null
  private isOver = false

  /** Without a question: the courier has let this page know before, for a proof or the map. */
  async beginIfAllowed(): Promise<void> {
    const { state } = await navigator.permissions.query({ name: 'geolocation' })
    if (state === 'granted' && !this.isOver) this.begin()
  }

  begin(): void {
    if (this.watch !== null) return
    this.isUnknown = false
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        this.point = [coords.longitude, coords.latitude]
        this.accuracy = coords.accuracy
        this.isUnknown = false
      },
      () => {
        this.isUnknown = true
        this.stop()
      },
      { enableHighAccuracy: true, maximumAge: 15_000, timeout: 30_000 },
    )
  }

  end(): void {
    this.isOver = true
    this.stop()
  }

  private stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch)
    this.watch = null
  }
}
