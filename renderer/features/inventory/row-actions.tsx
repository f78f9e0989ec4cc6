import { Play, Power } from 'lucide-react';
import { useMemo } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useRecordOf } from '../../stores/app-stores.tsx';
import { IconButton } from '../../ui/button.tsx';
import { useRequestPower } from './power-provider.tsx';

/** The likely next action at the end of a row: start what is off, shut down what runs. */
export function RowActions(props: { readonly id: EntityId }) {
  const { t } = useI18n();
  const request = useRequestPower();
  const guest = useRecordOf('guest', props.id);
  const ids = useMemo(() => [props.id], [props.id]);
  if (guest === undefined || guest.isTemplate) return null;
  const action = guest.power === 'running' ? 'shutdown' : 'start';
  const reason = guest.lock === undefined ? undefined : t(`lock.${guest.lock}`);
  return (
    <IconButton
      size="small"
      tabIndex={-1}
      label={t('power.confirm', { action: t(`action.${action}`), object: guest.name })}
      disabledReason={reason}
      onClick={() => request(action, ids, 1)}
    >
      {action === 'start' ? <Play size={14} aria-hidden /> : <Power size={14} aria-hidden />}
    </IconButton>
  );
}
