import { expect, it } from 'vitest'
import { earlyScreen } from './early-screen.ts'
import { screenRoutes } from './screen-routes.ts'

const of = (path: string): unknown =>
  screenRoutes.map((route) => ({ component: null, ...route })).find((route) => route.path === path)?.component

it('brings the screen of an address, whatever it is asked to show', () => {
  expect(earlyScreen('#/caselle')).toBe(of('/caselle'))
  expect(earlyScreen('#/caselle?search=rossi')).toBe(of('/caselle'))
})

it('begins where an empty address leads to', () => {
  for (const empty of ['', '#', '#/']) expect(earlyScreen(empty)).toBe(of('/cruscotto'))
})

it('leaves what only the router can tell to the router', () => {
  for (const hash of ['#/caselle/1', '#/nowhere', '#caselle', '#//caselle', '#/:unknown(.*)*'])
    expect(earlyScreen(hash)).toBeNull()
})
