import type { CloudContext } from '../cloud-context.ts';
import type { Answered } from './kms-channel.ts';
import { takeFault, takeOneOf } from './kms-faults.ts';

const FLAWS = ['lose-answers', 'repeat-answers', 'replay-answers'] as const;

/** What becomes of answers on their way back; by order they get lost, overtaken, or come again. */
export class KmsAnswers {
  readonly #context: CloudContext;
  /** The last answer of each user, for whoever wants to play it again. */
  readonly #last = new Map<string, Answered>();

  constructor(context: CloudContext) {
    this.#context = context;
  }

  /** The answers of one post as they arrive. */
  underWay(userId: string, answers: readonly Answered[]): readonly Answered[] {
    const arriving = answers.flatMap((answer) => this.#one(userId, answer));
    return takeFault(this.#context, 'shuffle-answers') ? arriving.toReversed() : arriving;
  }

  #one(userId: string, answer: Answered): readonly Answered[] {
    const before = this.#last.get(userId);
    this.#last.set(userId, answer);
    switch (takeOneOf(this.#context, FLAWS)) {
      case 'lose-answers':
        return [];
      case 'repeat-answers':
        return [answer, answer];
      case 'replay-answers':
        return before === undefined ? [] : [before];
      case null:
        return [answer];
    }
  }
}
