import { Cpu, FlaskConical, Plus } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { connectionEntityId } from '../../../electron/contract/ids.ts';
import type { Command } from '../../lib/commands.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores, useCommands } from '../../stores/app-stores.tsx';
import { addLocalConnection } from '../../stores/add-local-connection.ts';
import { caughtErrorText, type ErrorText } from '../../texts/error-text.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import './welcome.css';

type Way = 'add' | 'local' | 'demo';

function WayCard(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly shortcut: string;
  /** What is under way because of it. */
  readonly busyText?: string | undefined;
  readonly onChoose: () => void;
}) {
  return (
    <button
      type="button"
      className="welcome-way"
      aria-busy={props.busyText !== undefined || undefined}
      onClick={props.onChoose}
    >
      <span className="welcome-icon">{props.icon}</span>
      <span className="welcome-words">
        <span className="welcome-way-title">{props.title}</span>
        <span className="quiet">{props.busyText ?? props.text}</span>
        {props.busyText !== undefined && <ProgressBar ratio={null} label={props.busyText} />}
      </span>
      <Kbd keys={props.shortcut} />
    </button>
  );
}

/** The first thing on an empty profile: three ways in. */
export function WelcomePage() {
  const i18n = useI18n();
  const { t, f } = i18n;
  const { client, session } = useAppStores();
  const machine = useStore(session.state, (state) => state.facts?.localMachine);
  const [busy, setBusy] = useState<Way | undefined>();
  const [failure, setFailure] = useState<ErrorText | undefined>();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  const tools = [...(machine?.hasLibvirt === true ? ['libvirt'] : []), ...(machine?.hasLxc === true ? ['LXC'] : [])];
  const hasLocal = tools.length > 0;
  const ways = useMemo(() => {
    const attempt = (way: Way, work: () => Promise<void>) => async (): Promise<void> => {
      setBusy(way);
      setFailure(undefined);
      try {
        await work();
      } catch (error) {
        setFailure(caughtErrorText(error, i18n));
      } finally {
        setBusy(undefined);
      }
    };
    return {
      add: () => navigate({ page: 'connection-new' }),
      local: attempt('local', async () => {
        const id = await addLocalConnection(client);
        navigate({ page: 'entity', id: connectionEntityId(id), tab: undefined });
      }),
      demo: attempt('demo', async () => {
        await client.request('demonstration.open', {});
        navigate({ page: 'inventory', scope: { type: 'all' } });
      }),
    };
  }, [client, i18n]);
  const choose = (way: Way): void => {
    if (busy === undefined) void ways[way]();
  };
  const commands = useMemo((): readonly Command[] => {
    const order: readonly Way[] = hasLocal ? ['add', 'local', 'demo'] : ['add', 'demo'];
    return order.map((way, index) => ({
      id: `welcome.${way}`,
      group: 'connection',
      title: t(`welcome.${way}`),
      shortcut: String(index + 1),
      run: () => void ways[way](),
    }));
  }, [hasLocal, ways, t]);
  useCommands(commands);
  return (
    <div className="welcome">
      <div className="welcome-column">
        <h1>{t('welcome.title')}</h1>
        <p className="welcome-text">{t('welcome.text')}</p>
        <div ref={list} className="welcome-ways">
          <WayCard
            icon={<Plus size={20} aria-hidden />}
            title={t('welcome.add')}
            text={t('welcome.add.text')}
            shortcut="1"
            onChoose={() => choose('add')}
          />
          {hasLocal && (
            <WayCard
              icon={<Cpu size={20} aria-hidden />}
              title={t('welcome.local')}
              text={t('welcome.local.text', { name: machine?.name ?? '', tools: f.list(tools) })}
              shortcut="2"
              busyText={busy === 'local' ? t('welcome.local.busy') : undefined}
              onChoose={() => choose('local')}
            />
          )}
          <WayCard
            icon={<FlaskConical size={20} aria-hidden />}
            title={t('welcome.demo')}
            text={t('welcome.demo.text')}
            shortcut={hasLocal ? '3' : '2'}
            busyText={busy === 'demo' ? t('welcome.demo.busy') : undefined}
            onChoose={() => choose('demo')}
          />
        </div>
        {failure !== undefined && <ErrorState title={t('welcome.failed')} {...failure} />}
      </div>
    </div>
  );
}
