import { useMemo } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useRecordOf } from '../../stores/app-stores.tsx';
import { IconButton } from '../../ui/button.tsx';
import { powerIcon, usePowerOffers } from './power-entries.tsx';
import { useRequestPower } from './power-provider.tsx';

const likelyActions = {
  running: 'shutdown',
  stopped: 'start',
  paused: 'resume',
  suspended: 'start',
  unknown: 'start',
} as const;

/** The likely next action at the end of a row: start what is off, shut down what runs, resume what waits. */
export function RowActions(props: { readonly id: EntityId }) {
  const { t } = useI18n();
  const request = useRequestPower();
  const guest = useRecordOf('guest', props.id);
  const ids = useMemo(() => [props.id], [props.id]);
  const offers = usePowerOffers(ids);
  if (guest === undefined || guest.isTemplate) return null;
  const action = likelyActions[guest.power];
  const offer = offers.find((each) => each.action === action);
  return (
    <IconButton
      size="small"
      tabIndex={-1}
      label={t('power.confirm', { action: t(`action.${action}`), object: guest.name })}
      disabledReason={offer?.disabledReason}
      onClick={() => request(action, ids, 1)}
    >
      {powerIcon(action)}
    </IconButton>
  );
}
