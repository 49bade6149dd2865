/** What a scanner's beep cannot say: whether the code was the right one. Eyes stay on the papers. */

const GOOD = { pitch: 1320, seconds: 0.08 }
const BAD = { pitch: 220, seconds: 0.35 }
const LOUD = 0.2

let context: AudioContext | null = null

/** A short high tone for what fits, a long low one for what does not. */
export function sound(isGood: boolean): void {
  context ??= new AudioContext()
  const { pitch, seconds } = isGood ? GOOD : BAD
  const [tone, volume] = [context.createOscillator(), context.createGain()]
  tone.frequency.value = pitch
  volume.gain.value = LOUD
  tone.connect(volume).connect(context.destination)
  tone.start()
  tone.stop(context.currentTime + seconds)
}
