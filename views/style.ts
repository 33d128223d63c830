/** The whole style sheet: tokens first, then the page from top to bottom. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f3f5f8; --card: #fff; --line: #d9dee6; --soft: #eef1f5;
  --ink: #17202c; --dim: #55606f; --accent: #1f5f99;
  --good: #11703f; --good-soft: #e4f4eb; --warn: #8a5200; --warn-soft: #fdf1dc;
  --bad: #b3201b; --bad-soft: #fdeae8; --busy: #1f5f99; --busy-soft: #e6f0fa; --quiet: #55606f; --quiet-soft: #eef1f5;
  --mark: #fff; --shadow: 0 1px 2px rgb(20 30 45 / 6%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f141b; --card: #181f29; --line: #2d3744; --soft: #212a36;
    --ink: #e8ecf2; --dim: #a3afbe; --accent: #7ab8f0;
    --good: #5fd08f; --good-soft: #14291f; --warn: #f0b454; --warn-soft: #2d2313;
    --bad: #ff8a80; --bad-soft: #331a1a; --busy: #7ab8f0; --busy-soft: #162738; --quiet: #a3afbe; --quiet-soft: #212a36;
    --mark: #10161e; --shadow: none;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body, h1, h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; }
ol, ul { list-style: none; }
html { font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { background: var(--ground); color: var(--ink); font-variant-numeric: tabular-nums; }
h1 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 1rem; font-weight: 650; }
h3 { font-size: 1rem; font-weight: 650; }
code { font: .82rem/1.3 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; color: var(--dim); overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dim { color: var(--dim); }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 1; padding: .5rem 1rem; background: var(--card); color: var(--accent); border: 1px solid var(--line); border-radius: 6px; }
.skip:focus { top: .5rem; }

.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.busy { --tone: var(--busy); --tone-soft: var(--busy-soft); }
.warn { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.quiet { --tone: var(--quiet); --tone-soft: var(--quiet-soft); }
.picture { flex: none; width: 1em; height: 1em; }
.picture .fill { fill: var(--tone); }
.picture .ring { fill: none; stroke: var(--tone); stroke-width: 1.6; }
.picture .line, .picture .mark { fill: none; stroke: var(--tone); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.picture .mark { stroke: var(--mark); stroke-width: 1.8; }
.badge { display: inline-flex; align-items: baseline; gap: .4em; color: var(--tone); font-weight: 600; white-space: nowrap; }
.badge .picture { align-self: center; }

.top { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding: .5rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; }
.top .brand { margin-right: auto; }
.logo { width: 1.7rem; height: 1.7rem; fill: var(--accent); }
.logo .rule { stroke: var(--card); stroke-width: 2; }
.logo .tick { fill: none; stroke: var(--card); stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
.lab { margin-inline: .4rem 0; padding: .05rem .7rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: .14em; text-indent: .14em; color: var(--warn); background: var(--warn-soft); border: 2px solid currentcolor; border-radius: 6px; }
.about { color: var(--dim); }
button { font: inherit; font-weight: 600; padding: .6rem 1rem; color: var(--mark); background: var(--accent); border: 1px solid transparent; border-radius: 6px; cursor: pointer; }
button.plain { padding: .3rem .8rem; color: var(--ink); background: var(--card); border-color: var(--line); }
button:hover { filter: brightness(1.08); }
button.plain:hover { background: var(--soft); filter: none; }
#offline { display: flex; align-items: center; gap: .6rem; padding: .5rem 1.5rem; font-weight: 600; background: var(--warn-soft); color: var(--warn); --tone: var(--warn); }

main { display: grid; gap: .875rem; max-width: 100rem; margin: 0 auto; padding: .875rem 1.5rem 1.25rem; }
main.stale > * { opacity: .6; }
.overall, .stage, .card, .alarm { background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow); }
.overall { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .8rem 1.25rem; border-left: 5px solid var(--tone); }
#sign { display: flex; }
#sign .picture { width: 2.1rem; height: 2.1rem; }
.overall > div { flex: 1 1 24rem; min-width: 0; }
.state strong { font-size: 1.35rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; color: var(--tone); margin-right: .6rem; }
.state span { font-size: 1rem; }
.since { color: var(--dim); font-size: .86rem; overflow-wrap: anywhere; }
.numbers { display: flex; gap: 1.75rem; text-align: right; }
.numbers div { display: flex; flex-direction: column-reverse; }
.numbers dt { color: var(--dim); font-size: .82rem; }
.numbers dd { font-size: 1.4rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
.numbers .warn dd { color: var(--warn); }
.numbers .picture { width: .8em; height: .8em; }

.alarms { display: grid; gap: .5rem; }
.alarm { display: grid; grid-template-columns: 5.5rem 1fr auto; gap: .25rem 1rem; align-items: center; padding: .55rem 1.25rem; background: var(--tone-soft); border-color: color-mix(in srgb, var(--tone) 35%, transparent); }
.alarm p { font-size: .93rem; }
.alarm .facts { display: grid; justify-items: end; color: var(--dim); font-size: .86rem; }
.subject { font-weight: 400; overflow-wrap: anywhere; }

.pipeline { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 1.5rem; }
.stage { position: relative; padding: .65rem .9rem .7rem; border-top: 3px solid var(--tone); }
.stage + .stage::before { content: ""; position: absolute; left: -1.08rem; top: 50%; width: .5rem; height: .5rem; border: solid var(--dim); border-width: 2px 2px 0 0; transform: translateY(-50%) rotate(45deg); }
.head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 .75rem; }
.stage .hint { color: var(--dim); font-size: .86rem; margin-bottom: .35rem; }
.stage dl div { display: flex; justify-content: space-between; gap: .5rem; font-size: .93rem; }
.stage dt { color: var(--dim); }
.stage dd { font-weight: 600; white-space: nowrap; }

.columns { display: grid; grid-template-columns: minmax(0, 1.22fr) minmax(0, 1fr); gap: .875rem; align-items: start; }
.card .head { padding: .6rem 1.25rem .5rem; }
.card .head p { color: var(--dim); font-size: .86rem; }
.empty { padding: .25rem 1.25rem 1rem; color: var(--dim); }
table { width: 100%; border-collapse: collapse; font-size: .93rem; }
td code { display: block; }
.trouble { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; color: var(--dim); font-size: .86rem; }
.trouble button { padding: .1rem .6rem; font-size: .86rem; }
th, td { padding: .3rem .5rem; text-align: left; font-weight: 400; border-top: 1px solid var(--line); vertical-align: baseline; }
thead th { padding-block: .2rem; color: var(--dim); font-size: .82rem; background: var(--soft); white-space: nowrap; }
th:first-child, td:first-child { padding-left: 1.25rem; }
th:last-child, td:last-child { padding-right: 1.25rem; }
tbody tr:hover { background: var(--soft); }
.address { overflow-wrap: break-word; max-width: 22rem; }
tbody th.address { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.when { white-space: nowrap; }

.sign-in { display: block; max-width: 25rem; margin: 14vh auto 0; padding: 2rem 2.25rem 2.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
.sign-in h1 { font-size: 1.35rem; }
.sign-in .logo { width: 2.2rem; height: 2.2rem; }
.lead { margin: .5rem 0 1.25rem; color: var(--dim); }
.note { margin-bottom: 1rem; color: var(--dim); font-size: .86rem; }
.note code { display: block; color: var(--ink); font-size: .93rem; }
input + .note { margin: -.8rem 0 .9rem; }
.problem { display: flex; align-items: center; gap: .6rem; margin-bottom: 1rem; padding: .6rem .8rem; color: var(--bad); background: var(--bad-soft); border-radius: 6px; --tone: var(--bad); font-weight: 600; }
.sign-in form, .sign-in form > div { display: grid; gap: .3rem; }
label { font-weight: 600; }
.explain { max-width: 60rem; }
.explain form { display: grid; gap: .3rem; }
.explain textarea { min-height: 12rem; font-family: ui-monospace, monospace; }
.explain button { justify-self: start; }
.explain dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; margin: 0; }
.explain dt { color: var(--dim); }
.explain dd, .explain li { margin: 0; overflow-wrap: anywhere; }
.explain section { padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.explain section h2 { margin-bottom: .6rem; }
.explain ul { margin: 0; padding-left: 1.1rem; }
input, select, textarea { font: inherit; padding: .55rem .7rem; margin-bottom: .9rem; color: inherit; background: var(--card); border: 1px solid var(--dim); border-radius: 6px; }

@media (max-width: 62rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .pipeline { grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
  .stage + .stage::before { display: none; }
}
@media (max-width: 40rem) {
  main { padding-inline: .75rem; }
  .sign-in { margin-top: 2rem; }
  .alarm { grid-template-columns: 1fr; }
  .alarm .facts { justify-items: start; }
  th, td { padding-inline: .3rem; }
  .minor { display: none; }
  .address { overflow-wrap: anywhere; }
  th:first-child, td:first-child { padding-left: .9rem; }
  th:last-child, td:last-child { padding-right: .9rem; }
  .numbers { text-align: left; }
}
@media (prefers-reduced-motion: no-preference) {
  .skip { transition: top .15s; }
  .overall, .stage { transition: border-color .3s; }
}
@media print {
  body { background: #fff; }
  .top form, .skip { display: none; }
  .overall, .stage, .card, .alarm { box-shadow: none; break-inside: avoid; }
}
`;
