import { Columns3, Ellipsis, X } from 'lucide-react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { FilterProblem } from '../../../electron/contract/filter/index.ts';
import type { GuestPowerAction } from '../../../electron/contract/rpc/table.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { columnChoices } from '../../ui/grid-column-menu.ts';
import { arrangeColumns, type GridColumn } from '../../ui/grid-columns.ts';
import { Menu } from '../../ui/menu.tsx';
import { Toolbar, ToolbarSpace } from '../../ui/toolbar.tsx';
import { FilterBox } from './filter-box.tsx';
import { useGuestMenu } from './guest-menu.tsx';
import { powerIcon, usePowerOffers } from './power-entries.tsx';
import { useRequestPower } from './power-provider.tsx';
import type { TableArrangement } from './use-table-arrangement.ts';
import { ViewsMenu } from './views-menu.tsx';

/** The ones with a button of their own; the rest is under "more". */
const frontActions: readonly GuestPowerAction[] = ['start', 'shutdown', 'reboot'];

/** What can be done with the selection, with its size; there is nothing where nothing is selected. Nothing else moves for it. */
function SelectionBar(props: { readonly selected: readonly EntityId[]; readonly onNothing: () => void }) {
  const { t } = useI18n();
  const request = useRequestPower();
  const offers = usePowerOffers(props.selected);
  const more = useGuestMenu(props.selected);
  const count = props.selected.length;
  return (
    <div className="table-actions" role="group" aria-label={t('common.selected', { count })}>
      <span className="table-selected">{t('common.selected', { count })}</span>
      <IconButton size="small" label={t('table.selectNothing')} shortcut="Esc" onClick={props.onNothing}>
        <X size={14} aria-hidden />
      </IconButton>
      {offers
        .filter((offer) => frontActions.includes(offer.action))
        .map(({ action, able, disabledReason }) => (
          <Button
            key={action}
            variant="quiet"
            icon={powerIcon(action)}
            disabledReason={disabledReason}
            onClick={() => request(action, able, count)}
          >
            {t(`action.${action}`)}
          </Button>
        ))}
      <Menu
        entries={more}
        trigger={
          <IconButton label={t('common.more')}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      />
    </div>
  );
}

/** The line over the table: filter, count, actions on the selection, columns and views. */
export function TableBar(props: {
  readonly selected: readonly EntityId[];
  readonly shown: number;
  readonly total: number;
  readonly filterText: string;
  readonly problems: readonly FilterProblem[];
  readonly onFilterChange: (text: string) => void;
  readonly onSelectNothing: () => void;
  readonly arrangement: TableArrangement;
  readonly onArrangementChange: (change: Partial<TableArrangement>) => void;
  readonly viewId: string | undefined;
  readonly columns: readonly GridColumn<EntityId>[];
}) {
  const { t, f } = useI18n();
  const { selected, shown, total, arrangement } = props;
  const count =
    shown === total
      ? t('table.guests', { count: total })
      : t('table.guestsOf', { shown: f.number(shown), total: f.number(total) });
  return (
    <Toolbar label={t('table.bar')}>
      <div className="table-filter">
        <FilterBox
          label={t('table.filter')}
          commandId="table.filter"
          text={props.filterText}
          problems={props.problems}
          onChange={props.onFilterChange}
        />
      </div>
      <span className="table-count" role="status">
        {count}
        {/* Said to those who do not see the bar appear. */}
        <span className="visually-hidden">
          {selected.length > 0 && `, ${t('common.selected', { count: selected.length })}`}
        </span>
      </span>
      {selected.length > 0 && <SelectionBar selected={selected} onNothing={props.onSelectNothing} />}
      <ToolbarSpace />
      <ViewsMenu viewId={props.viewId} filterText={props.filterText} arrangement={arrangement} />
      <Menu
        align="end"
        entries={columnChoices({
          columns: props.columns,
          states: arrangeColumns(props.columns, arrangement.columns),
          onStatesChange: (columns) => props.onArrangementChange({ columns }),
          t,
        })}
        trigger={
          <IconButton label={t('grid.columns')}>
            <Columns3 size={16} aria-hidden />
          </IconButton>
        }
      />
    </Toolbar>
  );
}
