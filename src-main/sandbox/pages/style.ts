/** The only style sheet of the pages of the sandbox. */
export const style = `
:root { --blue: #06c; --ink: #17324d; --line: #c5c7c9; --soft: #f2f6fa; --red: #a61b30; --green: #00673d; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 "Titillium Web", "Segoe UI", system-ui, sans-serif; color: var(--ink); background: #fff; }
header { background: var(--blue); color: #fff; padding: .75rem 1.5rem; }
header .brand { margin: 0; font-weight: 700; font-size: 1.1rem; }
header .brand span { font-weight: 400; font-size: .875rem; margin-left: .75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .5rem 0 0; padding: 0; align-items: center; }
nav a { color: #fff; }
nav a[aria-current="page"] { font-weight: 700; text-decoration-thickness: 3px; }
nav form { margin: 0; }
nav button { background: none; border: 1px solid #fff; margin: 0; padding: .2rem .75rem; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
a { color: var(--blue); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible, summary:focus-visible { outline: 3px solid #ff9900; outline-offset: 2px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .25rem .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
th { background: var(--soft); } td form { margin: 0 0 .5rem; } td p { margin: 0 0 .5rem; } td { min-width: 7rem; } td.long, td a { overflow-wrap: break-word; min-width: 14rem; } td.when { white-space: nowrap; } td details form { margin-top: .25rem; } summary { cursor: pointer; color: var(--blue); font-weight: 600; } td ul { margin: 0; padding-left: 1.1rem; }
.scroll { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; } dt { font-weight: 700; } dd { margin: 0; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-top: .75rem; }
form > button { display: block; } label.check { display: flex; gap: .5rem; align-items: baseline; font-weight: 400; }
input, select, textarea { font: inherit; color: inherit; padding: .4rem .5rem; border: 1px solid #5b6f82; border-radius: 4px; background: #fff; max-width: 100%; }
input:not([type="checkbox"]), textarea { width: 26rem; } textarea { display: block; min-height: 5rem; } td input:not([type="checkbox"]) { width: 13rem; }
input[type="number"] { width: 9rem !important; }
button { font: inherit; font-weight: 600; color: #fff; background: var(--blue); border: 0; border-radius: 4px; padding: .45rem 1rem; margin-top: .5rem; cursor: pointer; }
button.plain { background: #fff; color: var(--blue); border: 1px solid var(--blue); } button.grave { background: var(--red); }
.note { border-left: 4px solid var(--blue); background: var(--soft); padding: .5rem 1rem; }
.wrong { border-left: 4px solid var(--red); background: #fdf1f2; padding: .5rem 1rem; }
.right { border-left: 4px solid var(--green); background: #eef8f2; padding: .5rem 1rem; }
.contract { border: 1px solid var(--line); padding: .5rem 1.5rem; max-height: 24rem; overflow: auto; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; background: var(--soft); padding: 1rem; }
.turn { border: 1px solid var(--line); border-radius: 4px; padding: .5rem 1rem; margin: .5rem 0; } .turn p { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 40rem) { main { padding: 1rem; } header { padding: .75rem 1rem; } header .brand span { display: block; margin: 0; } h1 { font-size: 1.35rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } .contract { padding: .25rem .75rem; } }
`
