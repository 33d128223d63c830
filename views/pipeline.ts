import { html } from 'hono/html';
import type { StageFacts, StageState, StatusFacts } from '../src/domain/status.ts';
import { number, text } from './messages.ts';
import { around, badge, type Html, moment, type Tone } from './parts.ts';

const TONES: Readonly<Record<StageState, Tone>> = {
  ok: 'good',
  waiting: 'busy',
  failing: 'bad',
  idle: 'quiet',
};

/** The strip Graph → Inbox → Keys → Outbox → Webex. */
export function pipeline(facts: StatusFacts): Html {
  return html`<section id="pipeline" aria-labelledby="pipeline-title">
<h2 id="pipeline-title" class="unseen">${text('pipeline')}</h2>
<ol class="pipeline">${facts.stages.map((stage) => box(stage, facts))}</ol>
</section>`;
}

function box(stage: StageFacts, facts: StatusFacts): Html {
  const { now } = facts;
  return html`<li class="stage ${TONES[stage.state]}">
<div class="head"><h3>${text(`stage.${stage.name}`)}</h3>${badge(TONES[stage.state], text(`stageState.${stage.state}`))}</div>
<p class="hint">${stage.reason === null ? text(`stage.${stage.name}.about`) : html`<code>${stage.reason}</code>${nextTry(stage, now)}${stage.name === 'keys' ? copies(facts) : null}`}</p>
<dl><div><dt>${text('lastSuccess')}</dt><dd>${lastSuccess(stage, now)}</dd></div>
<div><dt>${text('backlog')}</dt><dd>${number(stage.backlog)}</dd></div></dl>
</li>`;
}

function nextTry({ retryAt }: StageFacts, now: number): Html | null {
  return retryAt === null ? null : html` ${around('nextTry', 'time', moment(retryAt, now))}`;
}

/** For how long the keys in memory serve while the KMS is away. */
function copies({ keyOutage, now }: StatusFacts): Html | null {
  if (keyOutage === null) return null;
  const { firstEndAt, lastEndAt } = keyOutage;
  if (firstEndAt !== null && firstEndAt > now)
    return html` ${around('keysServe', 'time', moment(firstEndAt, now))}`;
  if (lastEndAt === null || lastEndAt <= now) return html` ${text('noKeyServes')}`;
  return html` ${around('someKeysServe', 'time', moment(lastEndAt, now))}`;
}

function lastSuccess(stage: StageFacts, now: number): Html | string {
  return stage.lastSuccessAt === null ? text('never') : moment(stage.lastSuccessAt, now);
}
