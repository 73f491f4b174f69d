import { expect, it } from 'vitest'
import { noticeWords } from './segnalazioni-notices.ts'

it('a notice on the desktop says number and state, and nothing of what the segnalazione is about', () => {
  const row = { id: 'SG-000123', stato: 'attesa_operatore', titolo: 'Posta di Zebedeo', apertaDa: 'zebedeo' } as const
  expect(noticeWords(row)).toEqual({ title: 'Segnalazione aggiornata', body: "SG-000123: In attesa dell'operatore" })
})

it('a number that holds a text is left out', () => {
  for (const id of ['Zebedeo Quartucciu', 'zebedeo@example.it', 'x'.repeat(41)])
    expect(noticeWords({ id, stato: 'chiusa' }).body).toBe('Chiusa')
})
