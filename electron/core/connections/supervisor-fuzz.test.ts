import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError, errorCodes, type ErrorCode } from '../../contract/errors.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { aGuest, aListing, aNode, labId } from '../../testing/records.ts';
import { silence } from '../../testing/scripted-host.ts';

/** Any error that a host can answer with; the data is what identity questions need. */
const anyError = fc
  .constantFrom(...errorCodes)
  .map(
    (code: ErrorCode) => new AppError(code, code, { endpoint: 'lab.example:8006', expected: 'AA', presented: 'BB' }),
  );

const behaviour = fc.oneof(
  { weight: 3, arbitrary: fc.constant('good' as const) },
  fc.constant('silent' as const),
  fc.constant('deaf' as const),
  fc.constant('asks' as const),
  anyError,
);

const event = fc.oneof(
  fc.record({ type: fc.constant('open-becomes' as const), behaviour }),
  fc.record({ type: fc.constant('list-becomes' as const), behaviour }),
  fc.record({ type: fc.constant('break-off' as const), error: anyError }),
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(1, 300, 5_000, 30_000, 120_000) }),
  },
  fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }),
  fc.record({ type: fc.constant('answer' as const), answer: fc.constantFrom('trust' as const, 'refuse' as const) }),
  fc.record({ type: fc.constant('enable' as const), isEnabled: fc.boolean() }),
  fc.constant({ type: 'reconnect' as const }),
  fc.constant({ type: 'refresh' as const }),
  fc.constant({ type: 'hint' as const }),
  fc.record({ type: fc.constant('look' as const), isVisible: fc.boolean() }),
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
type Behaviour = typeof behaviour extends fc.Arbitrary<infer T> ? T : never;

async function behave(what: Behaviour, signal: AbortSignal, ask: () => Promise<unknown>): Promise<void> {
  if (what === 'good') return;
  if (what === 'silent') return silence(signal);
  if (what === 'deaf') return new Promise(() => undefined);
  if (what === 'asks') {
    await ask();
    return;
  }
  throw what;
}

async function play(rig: CoreRig, event: Event): Promise<void> {
  const host = rig.host();
  const { clock, handlers } = rig;
  switch (event.type) {
    case 'open-becomes':
      host.onOpen = ({ prompter }, signal) =>
        behave(event.behaviour, signal, () =>
          prompter.ask({ type: 'password', account: 'root', again: false }, signal),
        );
      break;
    case 'list-becomes':
      host.onList = async (_pass, signal) => {
        await behave(event.behaviour === 'asks' ? 'good' : event.behaviour, signal, () => Promise.resolve());
        return host.listing;
      };
      break;
    case 'break-off':
      host.breakOff(event.error);
      break;
    case 'pass':
      await clock.advance(event.ms);
      break;
    case 'jump':
      clock.jump(event.ms);
      break;
    case 'answer':
      for (const prompt of rig.openPrompts())
        await handlers['prompt.answer'](
          { promptId: prompt.promptId, answer: { type: event.answer } },
          rig.context(),
        ).catch(() => undefined);
      break;
    case 'enable':
      await handlers['connection.save'](
        { id: labId, settings: savedLab({ isEnabled: event.isEnabled }).settings },
        rig.context(),
      );
      break;
    case 'reconnect':
      await handlers['connection.reconnect']({ id: labId }, rig.context());
      break;
    case 'refresh':
      handlers['inventory.refresh']({ id: labId }, rig.context()).catch(() => undefined);
      break;
    case 'hint':
      host.hint('status');
      break;
    case 'look':
      await handlers['app.setVisible']({ isVisible: event.isVisible }, rig.context());
      break;
  }
  await clock.settle();
}

describe('a connection through anything that can happen to it', () => {
  it('never ends in a bug, never loses a record, never has two sessions, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
        const rig = new CoreRig();
        const errors: string[] = [];
        rig.onLog = (level, name) => void (level === 'error' && errors.push(name));
        const listing = aListing([aNode('pve1'), aGuest(1), aGuest(2)]);
        rig.host().listing = listing;
        rig.look();
        await rig.start(savedLab());
        for (const each of events) {
          await play(rig, each);
          expect(rig.host().openSessions).toBeLessThanOrEqual(1);
          expect(rig.core.inventory.recordsOf(labId)).toHaveLength(4);
        }
        // Whatever happened: a host that is well again is live again once the user has asked for it.
        rig.host().onOpen = () => Promise.resolve();
        rig.host().onList = () => Promise.resolve(listing);
        await play(rig, { type: 'enable', isEnabled: true });
        await play(rig, { type: 'reconnect' });
        await rig.clock.advance(1_000);
        expect(rig.connection().state).toBe('live');
        expect(errors).toEqual([]);
        await rig.close();
      }),
      { seed: 602_026, numRuns: 150 },
    );
  });
});
