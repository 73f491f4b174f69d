import { h, type VNode } from 'vue'

/** An icon in a list: Vuetify's own takes two components for each, and a screen full of rows has a hundred of them. */
export function PathIcon({ icon, size }: { icon: string; size: number }): VNode {
  return h('svg', { class: 'path-icon', viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true' }, [
    h('path', { d: icon }),
  ])
}
PathIcon.props = ['icon', 'size']
