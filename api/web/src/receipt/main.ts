/** The page of a receipt: verifies what stands in it, and shows it; asks nobody for anything. */

import { verify, type Receipt, type Step } from './verify'
import { ALL_GOOD, BAD, GOOD, HELD_BACK, kindOf, moment, NOT_ALL_GOOD, stepName, typeName } from './words'

function place(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`no element ${id}`)
  return found
}

function row(good: boolean, cells: string[], mark = good ? GOOD : BAD): HTMLElement {
  const found = document.createElement('tr')
  found.dataset.good = String(good)
  for (const text of [...cells, mark]) found.insertCell().textContent = text
  return found
}

function eventRow(event: Receipt['events'][number], step: Step): HTMLElement {
  let shown: Partial<NonNullable<typeof event.told>> = event.told ?? {}
  if (event.record !== undefined) {
    try {
      const record = JSON.parse(event.record) as typeof shown & {
        data?: typeof shown & { scans_only?: unknown }
      }
      shown = { ...record, type: kindOf(record), site_id: record.data?.site_id }
    } catch {
      return row(false, ['', '', ''])
    }
  }
  const cells = [moment(shown.at ?? ''), typeName(shown.type ?? ''), shown.site_id ?? '']
  return step.good && step.told ? row(true, cells, HELD_BACK) : row(step.good, cells)
}

function show(receipt: Receipt): void {
  const steps = verify(receipt)
  const isGood = steps.every((step) => step.good)
  place('code').textContent = receipt.code
  place('key').textContent = receipt.log_key
  for (const step of steps) {
    const event = step.kind === 'event' ? receipt.events[Number(step.of)] : undefined
    if (event) place('events').append(eventRow(event, step))
    else place('steps').append(row(step.good, [stepName(step)]))
  }
  say(isGood)
}

function say(isGood: boolean): void {
  document.body.dataset.good = String(isGood)
  place('answer').textContent = isGood ? ALL_GOOD : NOT_ALL_GOOD
}

say(false)
show(JSON.parse(place('receipt').textContent) as Receipt)
