import { createHash } from 'node:crypto'
import type { DocumentoTipo } from '../../provider-contract/capabilities.ts'
import type { Casella } from '../../provider-contract/casella.ts'
import type { Documento } from '../../provider-contract/documento.ts'
import type { Store } from '../store/store.ts'
import { samplePdf } from './pdf.ts'

/** Whose bytes are made when they are asked for: no upload stands behind it. */
export function addDocumento(
  { resources }: Store,
  casella: Pick<Casella, 'id' | 'enteId' | 'assistenteId' | 'denominazione'>,
  {
    tipo,
    caricato,
    stato,
    motivo = null,
  }: { tipo: DocumentoTipo; caricato: string; stato: Documento['stato']; motivo?: string | null },
): void {
  const { enteId, assistenteId } = casella
  const id = resources.nextId('documento')
  const content = samplePdf(id, tipo)
  const documento: Documento = {
    id,
    version: 1,
    updatedAt: caricato,
    updatedBy: null,
    enteId,
    casellaId: casella.id,
    tipo,
    formato: 'pdf',
    nomeFile: `${tipo}-${casella.denominazione}.pdf`,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    stato,
    motivo,
    caricato,
  }
  resources.insert('documento', documento, { enteId, titolareId: null, casellaId: casella.id, assistenteId })
}
