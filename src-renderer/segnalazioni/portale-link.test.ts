import { expect, it } from 'vitest'
import { credentialsUrl, portalUrl } from './portale-link.ts'

const portal = 'https://assistenza.example/basilicata'

it('the portal is a page over https without credentials or port, and nothing else', () => {
  expect(portalUrl(portal)).toBe(portal)
  for (const hostile of [
    null,
    '',
    'http://assistenza.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://a:b@assistenza.example/',
    'https://assistenza.example:8443/',
  ])
    expect(portalUrl(hostile)).toBeNull()
})

it('the e-mail goes only where the profile says that the portal takes it (D105)', () => {
  const described = { path: '/basilicata/credenziali', emailParam: 'mail' }
  expect(credentialsUrl(portal, described, 'a+b@ente.example')).toEqual({
    url: 'https://assistenza.example/basilicata/credenziali?mail=a%2Bb%40ente.example',
    hasEmail: true,
  })
  expect(credentialsUrl(portal, described, null).url).toBe('https://assistenza.example/basilicata/credenziali')
  expect(credentialsUrl(portal, { ...described, emailParam: null }, 'a@ente.example').hasEmail).toBe(false)
  expect(credentialsUrl(portal, null, 'a@ente.example')).toEqual({ url: portal, hasEmail: false })
})

it('a description that leads to another host, or out of https, leads to the portal', () => {
  for (const path of [
    'https://altrove.example/',
    '//altrove.example/x',
    'javascript:alert(1)',
    'http://assistenza.example/',
  ])
    expect(credentialsUrl(portal, { path, emailParam: 'email' }, 'a@ente.example')).toEqual({
      url: portal,
      hasEmail: false,
    })
})
