import type {
  ConnectionSettings,
  ConnectionTestStage,
  CredentialRef,
  SavedConnection,
} from '../../contract/connection-settings.ts';
import { AppError, toAppError } from '../../contract/errors.ts';
import type { EntityRecord } from '../../contract/records/index.ts';
import type { DriverSession } from '../ports/driver.ts';
import { credentialRefsOf } from './access-changes.ts';
import { FULL_TIMEOUT_MS } from './cadence.ts';
import { withDeadline } from './deadline.ts';
import { openUnderDeadline, type OpeningPorts } from './session-opening.ts';

type Stage = ConnectionTestStage['stage'];
const stages: readonly Stage[] = ['reach', 'identity', 'sign-in', 'rights', 'tools', 'inventory'];

/** Which stage an error of opening belongs to. */
function stageOf(error: AppError): Stage {
  if (error.code.startsWith('connection.identity-')) return 'identity';
  if (error.code.startsWith('connection.')) return 'reach';
  if (error.code === 'host.tool-missing') return 'tools';
  if (error.code === 'access.denied') return 'rights';
  return 'sign-in';
}

function passed(stage: Stage, detail: string): ConnectionTestStage {
  return { stage, outcome: 'passed', detail };
}

/** Everything before the failed stage has passed, everything behind it was not tried. */
function endedAt(
  stage: Stage,
  error: AppError,
  before: readonly ConnectionTestStage[],
): readonly ConnectionTestStage[] {
  const failedAt = stages.indexOf(stage);
  return stages.map((each, index) => {
    const known = before.find((done) => done.stage === each);
    if (index < failedAt) return known ?? passed(each, '');
    if (index > failedAt) return { stage: each, outcome: 'skipped', detail: '' };
    return { stage: each, outcome: 'failed', detail: '', error: error.toShape() };
  });
}

/** Goes through the stages of a connection that is not saved (yet). Nothing of it stays: no pin, no session, no secret that was given for once. */
export async function testConnection(
  ports: OpeningPorts,
  settings: ConnectionSettings,
  id: SavedConnection['id'],
  signal: AbortSignal,
): Promise<readonly ConnectionTestStage[]> {
  let session: DriverSession;
  const quiet = { onAsked: () => undefined, onAnswered: () => undefined, onAccessLearned: () => undefined };
  const { credentials } = ports;
  const lookingOnly = {
    get: (...args: Parameters<typeof credentials.get>) => credentials.get(...args),
    keep: () => Promise.resolve(),
    forgetOnce: (refs: Iterable<CredentialRef>) => credentials.forgetOnce(refs),
  };
  try {
    session = await openUnderDeadline({ ...ports, credentials: lookingOnly }, { id, settings }, quiet, signal);
  } catch (error) {
    signal.throwIfAborted();
    const failure = toAppError(error, 'connection test');
    return endedAt(stageOf(failure), failure, []);
  } finally {
    // Given for this test alone, whether it came to be used or not.
    credentials.forgetOnce(credentialRefsOf(settings.access));
  }
  try {
    return await inspect(ports, session, signal);
  } finally {
    await session.close().catch((error: unknown) => ports.log('debug', 'close-failed', { message: String(error) }));
  }
}

async function inspect(
  ports: OpeningPorts,
  session: DriverSession,
  signal: AbortSignal,
): Promise<readonly ConnectionTestStage[]> {
  const { facts } = session;
  const before: ConnectionTestStage[] = [
    passed('reach', facts.endpoint),
    passed('identity', ''),
    passed('sign-in', facts.account),
    facts.missingRights.length === 0
      ? passed('rights', '')
      : { stage: 'rights', outcome: 'warning', detail: facts.missingRights.join('\n') },
    passed('tools', facts.systemVersion),
  ];
  const { clock } = ports;
  const timeoutMs = FULL_TIMEOUT_MS;
  const silent = (): Error =>
    new AppError('connection.silent', 'no inventory', { endpoint: facts.endpoint, afterMs: timeoutMs });
  try {
    const { records } = await withDeadline({ clock, timeoutMs, signal, error: silent }, (inner) =>
      session.listInventory('full', inner),
    );
    return [...before.slice(0, -1), toolsStage(records, facts.systemVersion), inventoryStage(records)];
  } catch (error) {
    signal.throwIfAborted();
    return endedAt('inventory', toAppError(error, 'connection test'), before);
  }
}

function toolsStage(records: readonly EntityRecord[], systemVersion: string): ConnectionTestStage {
  const notices = records.flatMap((record) => (record.kind === 'node' ? record.notices : []));
  if (notices.length === 0) return passed('tools', systemVersion);
  return { stage: 'tools', outcome: 'warning', detail: systemVersion, notices };
}

/** Numbers need no translation; the window knows the order: nodes, guests, storages. */
function inventoryStage(records: readonly EntityRecord[]): ConnectionTestStage {
  const count = (kind: EntityRecord['kind']): number => records.filter((record) => record.kind === kind).length;
  const detail = [count('node'), count('guest'), count('storage')].join(' / ');
  return { stage: 'inventory', outcome: count('node') === 0 ? 'warning' : 'passed', detail };
}
