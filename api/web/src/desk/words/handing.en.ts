import type { Handing } from './handing.vi'
import { many } from './many'

export const handing: Handing = {
  titleOfAgency: 'Agency desk',
  gaveBatch: (count, who) => `${many(count, 'shipment')} given to ${who}.`,
  giveBatch: (count) => `Give ${many(count, 'shipment')}`,
  takesFrom: (who) => `From ${who}`,
  givesTo: (who) => `To ${who}`,
  oneTells: 'What is taken down here, the courier does not take down on the phone again: one side tells it.',
  deskSignatures: {
    signature_theirs: 'Signature of the agency’s clerk',
    signature_ours: 'Signature of the courier',
  },
  sealBroken: 'The envelope’s seal was altered',
  envelopeNote: (who) => `The envelope’s seal was found altered when taken from ${who}.`,
  whoTakes: 'Courier who takes them',
  startGiving: 'Scan and give',
  nothingToGive: 'Nothing waits for a courier.',
  comingHere: 'On the way here',
  owedToday: 'Results due by today',
  waitForCourier: 'Results that wait for a courier',
  waitsAtAgency: 'waits for a courier at the agency',
  appointment: 'Appointment',
  handedHere: 'Arrived here (14 days)',
  handedHereWhy: 'If one is not here or not right, report it at once: a dispatcher will look for it.',
  dispute: 'Report a difference',
  disputeWhy: 'Say what does not fit: the shipment is not here, sheets are missing, the seal is torn…',
  disputeGo: 'Send the report',
}
