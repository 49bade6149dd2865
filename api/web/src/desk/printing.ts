/** One sheet at a time goes to the printer: a slip on A5, a label on its roll. */

export type Sheet = 'slip' | 'label' | 'pin'

export function printOnly(sheet: Sheet): void {
  document.body.dataset['print'] = sheet
  window.print()
}
