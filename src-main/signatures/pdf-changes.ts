import type { CambiamentoDopoFirma } from '../contract/verifica.ts'
import type { PdfBytes } from './pdf-bytes.ts'
import { entriesOf, isRef, isStream, nameOf, PdfFault, type PdfDict, type PdfValue } from './pdf-object.ts'
import { permissionsOf, type PdfPermissions } from './pdf-permissions.ts'
import { freeCatalogKeys, freePageKeys, isWidget, rolesOf, type DocumentState, type PdfRole } from './pdf-roles.ts'
import { changedObjects, differingKeys, onlyGrew, sameValue, type PdfStates } from './pdf-same.ts'
import { annotationsOf, areaOf, inheritedOf, shownAreaOf, type PdfField, type PdfPage } from './pdf-tree.ts'

export interface ComparedStates {
  file: PdfBytes
  signed: DocumentState
  final: DocumentState
  /** Dictionaries of the signatures that the signed state has, this one among them. */
  signedBy: readonly { num: number | null; dict: PdfDict }[]
  /** Objects of the signatures and document timestamps made afterwards whose ranges are sound. */
  later: ReadonlySet<number>
  /** Whether one of those is more than a document timestamp. */
  laterSignature: boolean
}

const inheritedKeys = ['Resources', 'MediaBox', 'CropBox', 'Rotate']
/** What part of its page a visible signature may take. */
const largestWidget = 0.3

/** What filling in a field changes of it (12.7, 12.5.5). */
const filledKeys = ['V', 'AS', 'AP', 'MK', 'I', 'TI', 'M', 'RV', 'DA']
/** What signing an empty field changes of it. */
const signedKeys = ['V', 'AP', 'AS', 'M', 'MK', 'F', 'DA', 'DR', 'P', 'Lock', 'StructParent', 'Type', 'Subtype']

/**
 * What was done to a document after a signature (rule 5): objects that stand elsewhere than in the signed state are
 * compared, and what is not the same is called by what the object was to the signed document. Whatever has no name is
 * `other_changes`; later signatures and their validation data are nothing. Throws PdfFault `too_complex`, `encrypted`.
 */
export function changesAfterSigning(compared: ComparedStates): CambiamentoDopoFirma[] {
  const { signed, final } = compared
  const states: PdfStates = { file: compared.file, signed: signed.view, final: final.view }
  const found = new Set<CambiamentoDopoFirma>()
  const filled: string[] = []
  let filledUnnamed = false
  const permissions = permissionsOf(signed.view, compared.signedBy)
  const changed = changedObjects(states)
  const moved = new Set(changed)
  /** Also what stands where it did, and has come to be there, or has become longer, behind the end of what was signed. */
  const isMoved = (num: number): boolean => moved.has(num) || signed.view.goesBeyond(num)
  const finalFields = new Map(final.fields.map((field) => [field.num, field]))
  const signedFields = new Map(signed.fields.map((field) => [field.num, field]))

  function isSignedLater(field: PdfField | undefined): boolean {
    const value = field === undefined ? null : entriesOf(field.value).get('V')
    return isRef(value) && compared.later.has(value.num)
  }
  const isSignedNow = (field: PdfField): boolean =>
    field.num !== null &&
    (entriesOf(field.value).get('V') ?? null) === null &&
    isSignedLater(finalFields.get(field.num))

  if (signed.view.rebuilt || final.view.rebuilt) found.add('other_changes')
  if (
    !sameValue(
      states,
      signed.view.trailer.entries.get('Encrypt') ?? null,
      final.view.trailer.entries.get('Encrypt') ?? null,
    )
  )
    found.add('other_changes')
  compareCatalogs()
  comparePages()
  compareForms()
  const roles = rolesOf(signed, isSignedNow)
  roles.forEach((role, num) => {
    if (isMoved(num)) compareObject(num, role)
  })

  if (permissions.level === 1 && compared.laterSignature) found.add('other_changes')
  if (found.has('form_filled') && isAllowed(permissions)) found.delete('form_filled')
  return [...found].sort()

  function isAllowed({ level, isLocked, hasLocks }: PdfPermissions): boolean {
    return (level === 2 || level === 3) && !(filledUnnamed && hasLocks) && !filled.some(isLocked)
  }

  function compareCatalogs(): void {
    const dict = (entries: ReadonlyMap<string, PdfValue>): PdfDict => ({
      kind: 'dict',
      entries: new Map(entries),
      repeated: [],
    })
    for (const key of differingKeys(states, dict(signed.view.catalog), dict(final.view.catalog))) {
      if (freeCatalogKeys.includes(key) || key === 'Pages' || key === 'AcroForm') continue
      found.add(key === 'OCProperties' ? 'shadow_content' : 'other_changes')
    }
  }

  function comparePages(): void {
    const [before, after] = [signed.pages.pages, final.pages.pages]
    // Most signatures leave the pages as they were.
    const isSame =
      before.length === after.length && before.every(({ num }, at) => num !== null && num === after[at]?.num)
    if (!isSame) comparePageLists()
    const earlier = isSame ? null : new Map(before.map((page) => [page.num, page]))
    let at = -1
    for (const page of after) {
      at++
      const list = entriesOf(page.value).get('Annots')
      // Where neither the page nor its list stands elsewhere, nothing can differ but what these lead to.
      if (page.num === null || !(isMoved(page.num) || (isRef(list) && isMoved(list.num)))) continue
      const was = earlier === null ? before[at] : earlier.get(page.num)
      if (was !== undefined) comparePage(was.value, page.value)
    }
  }
  function comparePageLists(): void {
    const before = new Map(signed.pages.pages.map((page) => [page.num, page]))
    const after = new Map(final.pages.pages.map((page) => [page.num, page]))
    for (const page of final.pages.pages) {
      if (page.num !== null && before.has(page.num)) continue
      found.add('pages_added')
      // It was in the signed bytes all along, out of sight.
      if (page.num !== null && signed.view.entry(page.num).kind > 1) found.add('shadow_content')
    }
    if (signed.pages.pages.some(({ num }) => num === null || !after.has(num))) found.add('pages_removed')
    const kept = (pages: readonly PdfPage[], others: ReadonlyMap<number | null, PdfPage>): (number | null)[] =>
      pages.map(({ num }) => num).filter((num) => others.has(num))
    const order = kept(final.pages.pages, before)
    if (kept(signed.pages.pages, after).some((num, index) => num !== order[index])) found.add('page_content_changed')
  }
  function comparePage(before: PdfValue, after: PdfValue): void {
    for (const key of before === after ? [] : differingKeys(states, before, after)) {
      if (key === 'Parent' && inheritedKeys.some((inherited) => !isInheritedSame(inherited, before, after)))
        found.add('page_content_changed')
      if (key === 'Annots' || freePageKeys.includes(key)) continue
      if (key === 'Resources') found.add('shadow_content')
      else found.add(key === 'AA' ? 'other_changes' : 'page_content_changed')
    }
    compareAnnotations(annotationsOf(signed.view, before), annotationsOf(final.view, after), after)
  }

  /** A page that is hung on another node takes what that one has. */
  function isInheritedSame(key: string, before: PdfValue, after: PdfValue): boolean {
    return sameValue(states, inheritedOf(signed.view, before, key), inheritedOf(final.view, after, key))
  }

  function compareAnnotations(before: readonly PdfValue[], after: readonly PdfValue[], page: PdfValue): void {
    const numbers = (list: readonly PdfValue[]): Set<number> => new Set(list.filter(isRef).map(({ num }) => num))
    const [earlier, later] = [numbers(before), numbers(after)]
    if ([...earlier].some((num) => !later.has(num))) found.add('annotations_changed')
    const direct = (list: readonly PdfValue[]): PdfValue[] => list.filter((item) => !isRef(item))
    if (!sameValue(states, direct(before), direct(after))) found.add('annotations_changed')
    /** What of the page each later signature takes, all of its widgets together. */
    const shares = new Map<number, number>()
    for (const item of after) {
      if (!isRef(item) || earlier.has(item.num) || isEmptyWidget(item)) continue
      const signature = laterSignatureOf(item)
      if (signature === null) {
        found.add('annotations_changed')
        continue
      }
      const share = (shares.get(signature) ?? 0) + shareOf(item, page)
      shares.set(signature, share)
      if (share > largestWidget) found.add('annotations_changed')
    }
  }

  function isSignatureWidget(annotation: PdfValue): boolean {
    const { view } = final
    const type = nameOf(view.get(annotation, 'FT')) ?? nameOf(view.get(view.get(annotation, 'Parent'), 'FT'))
    return isWidget(view, annotation) && type === 'Sig'
  }
  function valueOf(annotation: PdfValue): PdfValue {
    const { view } = final
    const parent = view.get(annotation, 'Parent')
    return entriesOf(view.resolve(annotation)).get('V') ?? entriesOf(parent).get('V') ?? null
  }
  /** Of a field that nobody has signed, and which shows nothing. */
  function isEmptyWidget(annotation: PdfValue): boolean {
    return isSignatureWidget(annotation) && valueOf(annotation) === null && final.view.get(annotation, 'AP') === null
  }
  function laterSignatureOf(annotation: PdfValue): number | null {
    const value = valueOf(annotation)
    return isSignatureWidget(annotation) && isRef(value) && compared.later.has(value.num) ? value.num : null
  }
  /** What covers a page is an overlay under a signature's name. Of a page that shows nothing, more than all of it. */
  function shareOf(annotation: PdfValue, page: PdfValue): number {
    const area = areaOf(final.view, final.view.get(annotation, 'Rect'))
    return area === 0 ? 0 : area / shownAreaOf(final.view, page)
  }

  function compareForms(): void {
    const before = signed.view.resolve(signed.view.catalog.get('AcroForm'))
    const after = final.view.resolve(final.view.catalog.get('AcroForm'))
    for (const key of differingKeys(states, before, after)) {
      // A form that was not there may come with a signature; one that is drawn instead of the pages may not.
      if (before === null && key !== 'XFA') continue
      switch (key) {
        case 'Fields':
        case 'SigFlags':
        case 'DA':
        case 'Q':
          break
        case 'DR':
          if (!onlyGrew(states, entriesOf(before).get('DR') ?? null, entriesOf(after).get('DR') ?? null))
            found.add('shadow_content')
          break
        case 'NeedAppearances':
        case 'XFA':
          fill(null)
          break
        default:
          found.add('other_changes')
      }
    }
    for (const field of final.fields) {
      if (signedFields.has(field.num) || field.type === null) continue
      const empty = field.type === 'Sig' && (entriesOf(field.value).get('V') ?? null) === null
      const isPart = entriesOf(field.value).has('Parent')
      if (!isSignedLater(field) && !(empty && (isPart || final.view.get(field.value, 'AP') === null)))
        found.add('annotations_changed')
    }
    if (signed.fields.some(({ num }) => num !== null && !finalFields.has(num))) found.add('annotations_changed')
  }

  function fill(name: string | null): void {
    found.add('form_filled')
    if (name === null) filledUnnamed = true
    else filled.push(name)
  }

  /** A new entry that leads to bytes which were signed as something else or as nothing: shadow attacks do it. */
  function isRepointed(num: number): boolean {
    const { kind, field } = final.view.entry(num)
    return kind === 2 && field < signed.view.end
  }

  function compareObject(num: number, role: PdfRole): void {
    if (role === 'free') return
    const [before, after] = [signed.view.object(num), final.view.object(num)]
    // The bytes behind the end are another matter than those before it.
    const isCut = isStream(before) && signed.view.goesBeyond(num)
    if (isRepointed(num) && !sameValue(states, before, after)) found.add('shadow_content')
    switch (role) {
      case 'catalog':
      case 'form':
      case 'page':
      case 'annotation_list':
        return
      case 'pages':
        if (differingKeys(states, before, after).some((key) => !['Kids', 'Count', 'Type'].includes(key)))
          found.add('page_content_changed')
        return
      case 'field':
      case 'signed_now':
      case 'signature_field':
        compareField(role, signedFields.get(num), before, after)
        return
      case 'form_drawing':
      case 'structure':
        if (isCut || !onlyGrew(states, before, after))
          found.add(role === 'structure' ? 'other_changes' : 'shadow_content')
        return
      case 'content':
      case 'drawing':
      case 'annotation':
      case 'field_drawing':
      case 'signed_now_drawing':
      case 'other':
        if (isCut || !sameValue(states, before, after)) name(role)
    }
  }

  function name(role: 'content' | 'drawing' | 'annotation' | 'field_drawing' | 'signed_now_drawing' | 'other'): void {
    switch (role) {
      case 'content':
        found.add('page_content_changed')
        return
      case 'drawing':
        found.add('shadow_content')
        return
      case 'annotation':
        found.add('annotations_changed')
        return
      case 'field_drawing':
        fill(null)
        return
      case 'signed_now_drawing':
        return
      case 'other':
        found.add('other_changes')
    }
  }

  function compareField(
    role: 'field' | 'signed_now' | 'signature_field',
    field: PdfField | undefined,
    before: PdfValue,
    after: PdfValue,
  ): void {
    for (const key of differingKeys(states, before, after)) {
      if (role === 'signed_now' && signedKeys.includes(key)) continue
      if (role === 'field' && filledKeys.includes(key)) fill(field?.name ?? null)
      else if (key !== 'Kids' || !onlyGrew(states, before, after)) found.add('annotations_changed')
    }
    if (role === 'signed_now' && field !== undefined && field.num !== null && coversPage(field.num, after))
      found.add('annotations_changed')
  }

  /** A field that was there, and empty: what is shown in it now may be an overlay as much as a new one. */
  function coversPage(num: number, widget: PdfValue): boolean {
    return final.pages.pages.some(
      ({ value }) =>
        annotationsOf(final.view, value).some((item) => isRef(item) && item.num === num) &&
        shareOf(widget, value) > largestWidget,
    )
  }
}

/** The same, where what cannot be read is a change that cannot be named. Throws PdfFault `too_complex`. */
export function changesOrUnknown(compare: () => CambiamentoDopoFirma[]): CambiamentoDopoFirma[] {
  try {
    return compare()
  } catch (error) {
    if (error instanceof PdfFault && error.code !== 'too_complex') return ['other_changes']
    throw error
  }
}
