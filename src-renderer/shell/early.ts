// Read before anything else of the page: what will be asked for in any case is on its way while the rest is read.
import { askEarly } from '../bridge/early-answers.ts'
import { earlyScreen } from './early-screen.ts'

askEarly('app.status')
if (location.hash === '#/caselle') askEarly('domini.toChoose')
// A screen that does not come is asked for again by the router, which says so.
earlyScreen(location.hash)?.().catch(() => undefined)
