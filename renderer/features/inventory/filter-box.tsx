import { Search, TriangleAlert, X } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { filterFields, type FilterProblem } from '../../../electron/contract/filter/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useCommands } from '../../stores/app-stores.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import './filter-box.css';

/** Keyboard: the tree's and the table's filter have a command each. */
const filterCommands = {
  'tree.filter': { title: 'command.filterTree', shortcut: 'Mod+Shift+F' },
  'table.filter': { title: 'command.filterTable', shortcut: '/' },
} as const;

/** A search box for plain words and fields. Problems are said beside it while one types; the rest goes on working. */
export function FilterBox(props: {
  readonly label: string;
  readonly commandId: keyof typeof filterCommands;
  readonly text: string;
  readonly problems: readonly FilterProblem[];
  readonly onChange: (text: string) => void;
}) {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const { commandId } = props;
  const command = filterCommands[commandId];
  const title = t(command.title);
  useCommands(
    useMemo(
      () => [
        {
          id: commandId,
          group: 'view',
          title,
          shortcut: command.shortcut,
          run: () => {
            input.current?.focus();
            input.current?.select();
          },
        },
      ],
      [commandId, command, title],
    ),
  );
  const [problem] = props.problems;
  const help = filterFields.map((field) => field.example).join('   ');
  return (
    <div className="filter-box" role="search">
      <Search size={14} aria-hidden className="filter-box-icon" />
      <input
        ref={input}
        type="text"
        className="filter-box-input"
        aria-label={props.label}
        placeholder={props.label}
        title={t('filter.help', { examples: help })}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        value={props.text}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || props.text === '') return;
          event.stopPropagation();
          props.onChange('');
        }}
      />
      {problem !== undefined && (
        <Tooltip
          text={
            problem.expected === ''
              ? t(`filter.problem.${problem.code}`, { text: problem.text })
              : `${t(`filter.problem.${problem.code}`, { text: problem.text })} ${t('filter.expected', { expected: problem.expected })}`
          }
        >
          <span
            className="filter-box-problem"
            role="img"
            aria-label={t(`filter.problem.${problem.code}`, { text: problem.text })}
          >
            <TriangleAlert size={14} />
          </span>
        </Tooltip>
      )}
      {props.text !== '' && (
        <IconButton size="small" label={t('common.clear')} onClick={() => props.onChange('')}>
          <X size={12} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
