import { describe, expect, it } from 'vitest'
import { tempiAssistenza, tempiAttivazione } from '../../src-main/contract/sla-tempi.ts'

const ticket = { id: 'S1', titolo: 'x', aperta: '2026-11-26T08:00:00Z', presaEntro: '2026-11-26T18:00:00Z' }

describe('the times of the service', () => {
  it('of the help desk count its own hours, and what waits is late only when its time has passed', () => {
    const told = tempiAssistenza(
      [
        // Two hours of work until it was taken (9 to 11), six until it was solved.
        { ...ticket, presaInCarico: '2026-11-26T10:00:00Z', chiusa: '2026-11-26T16:00:00Z' },
        { ...ticket, presaInCarico: '2026-11-27T08:00:00Z', chiusa: null },
        { ...ticket, presaInCarico: null, chiusa: null },
      ],
      '2026-11-26T12:00:00Z',
    )
    expect(told).toEqual({
      aperte: 3,
      inTempo: 1,
      inRitardo: 1,
      presaMediaMinuti: (120 + 480) / 2,
      soluzioneMediaMinuti: 360,
    })
  })

  it('of activations are those within the promise, and the median day', () => {
    const attese = [
      { giorni: 1, caselle: 4 },
      { giorni: 5, caselle: 3 },
      { giorni: 9, caselle: 3 },
    ]
    expect(tempiAttivazione(attese, 5)).toEqual({ attivate: 10, entro: 7, mediana: 5 })
    expect(tempiAttivazione(attese, null)).toEqual({ attivate: 10, entro: null, mediana: 5 })
    expect(tempiAttivazione([], 5)).toEqual({ attivate: 0, entro: 0, mediana: null })
  })
})
