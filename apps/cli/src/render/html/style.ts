/** How the page looks, on screens in both themes and on paper. Colours, type and space are decided once, on top. @module */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --sheet: #ffffff; --ink: #1c1e21; --quiet: #5d646c; --line: #dcdfe3; --wash: #f1f3f5;
  --admit: #14683a; --admit-wash: #e3f4ea; --hold: #7a4d00; --hold-wash: #fdf1d6; --refuse: #a3171b; --refuse-wash: #fde7e6;
  --link: #1d4f91;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace;
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --sheet: #1b1f23; --ink: #e6e8ea; --quiet: #a2abb4; --line: #343a41; --wash: #23282d;
    --admit: #7ed6a2; --admit-wash: #173626; --hold: #f2c463; --hold-wash: #3a2d10; --refuse: #ff9a94; --refuse-wash: #43191a;
    --link: #8ab8f5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--text); }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 .6rem; }
p { margin: .25rem 0; }
code, .mono { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
a { color: var(--link); }
.scroll + article { margin-top: 3rem; }
article + article { margin-top: 3rem; padding-top: 2rem; border-top: 1px solid var(--line); }
.head { display: flex; gap: 1rem; align-items: flex-start; flex-wrap: wrap; }
.head > div { flex: 1 1 20rem; min-width: 0; }
.verdict { font-weight: 700; letter-spacing: .06em; text-transform: uppercase; padding: .3rem .8rem; border-radius: .4rem; border: 1px solid currentColor; }
.admit { color: var(--admit); background: var(--admit-wash); }
.hold { color: var(--hold); background: var(--hold-wash); }
.refuse { color: var(--refuse); background: var(--refuse-wash); }
.reason { background: var(--sheet); border: 1px solid var(--line); border-left: .3rem solid var(--line); border-radius: .4rem; padding: .7rem 1rem; margin: .6rem 0; }
.reason.is-refuse { border-left-color: var(--refuse); } .reason.is-hold { border-left-color: var(--hold); } .reason.is-admit { border-left-color: var(--admit); }
.sides > .reason { margin: 0; } .reason p { overflow-wrap: anywhere; }
.reason ul { margin: .4rem 0 0; padding-left: 1.1rem; } .reason li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--wash); color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody tr:first-child > * { border-top: 0; } thead + tbody tr:first-child > * { border-top: 1px solid var(--line); }
tbody th { font-weight: 500; white-space: nowrap; color: var(--quiet); }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.short { white-space: nowrap; } td.name { overflow-wrap: anywhere; min-width: 14rem; }
.mark { font-weight: 600; white-space: nowrap; } .pass { color: var(--admit); } .unknown { color: var(--hold); } .fail { color: var(--refuse); }
details > summary { cursor: pointer; color: var(--link); }
details[open] > summary { margin-bottom: .4rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.step { display: inline-block; color: var(--quiet); opacity: .6; white-space: pre; font-family: var(--mono); }
.risk { margin: 1rem 0; } .risk > summary { font-size: 1rem; }
.search input { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .6rem; width: min(24rem, 100%); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: .6rem; margin-top: .4rem; }
figure { margin: 0; min-width: 0; } pre { margin: .2rem 0 0; padding: .5rem .7rem; background: var(--wash); border-radius: .4rem; font: .82em/1.45 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto; }
pre span { display: block; min-height: 1.45em; } .line-added { color: var(--admit); } .line-removed { color: var(--refuse); }
footer { margin-top: 3rem; color: var(--quiet); font-size: .86em; }
@media (max-width: 40rem) { main { padding: 1rem .75rem 3rem; } th, td { padding: .35rem .45rem; } }
@media print {
  :root { --paper: #fff; --sheet: #fff; --ink: #000; --quiet: #444; --line: #bbb; --wash: #f3f3f3; --admit: #0b4d29; --hold: #5c3900; --refuse: #8c1013; --admit-wash: #fff; --hold-wash: #fff; --refuse-wash: #fff; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } .scroll { overflow: visible; border: 0; }
  article + article { break-before: page; border: 0; } tr, .reason { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } summary { list-style: none; } pre { max-height: none; } .search { display: none; }
}
`;
