import { CircleQuestionMark, Search, TriangleAlert, X } from 'lucide-react';
import { useId, useMemo, useRef } from 'react';
import { filterFields, type FilterProblem } from '../../../electron/contract/filter/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import type { Translate } from '../../lib/i18n/translate.ts';
import { useCommands } from '../../stores/app-stores.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import './filter-box.css';

/** Keyboard: the tree's and the table's filter have a command each. */
const filterCommands = {
  'tree.filter': { title: 'command.filterTree', shortcut: 'Mod+Shift+F' },
  'table.filter': { title: 'command.filterTable', shortcut: '/' },
} as const;

/** What is wrong with a filter, and what would be right. */
function problemText(problem: FilterProblem, t: Translate): string {
  const what = t(`filter.problem.${problem.code}`, { text: problem.text });
  return problem.expected === '' ? what : `${what} ${t('filter.expected', { expected: problem.expected })}`;
}

/** The fields by example; choosing one puts it behind what is there, to be changed. */
function FieldsMenu(props: { readonly text: string; readonly onChoose: (text: string) => void }) {
  const { t } = useI18n();
  const before = props.text.trimEnd();
  return (
    <Menu
      entries={filterFields.map(({ field, example }) => ({
        type: 'action',
        id: field,
        label: example,
        shortcut: t(`filter.field.${field}`),
        onSelect: () => props.onChoose(before === '' ? example : `${before} ${example}`),
      }))}
      trigger={
        <IconButton size="small" label={t('filter.fields')}>
          <CircleQuestionMark size={13} aria-hidden />
        </IconButton>
      }
    />
  );
}

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
  const problemId = useId();
  return (
    <div className="filter-box" role="search">
      <Search size={14} aria-hidden className="filter-box-icon" />
      <input
        ref={input}
        type="text"
        className="filter-box-input"
        aria-label={props.label}
        placeholder={props.label}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        value={props.text}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || props.text === '') return;
          event.stopPropagation();
          props.onChange('');
        }}
      />
      {problem !== undefined && (
        <>
          <Tooltip text={problemText(problem, t)}>
            <span className="filter-box-problem" aria-hidden>
              <TriangleAlert size={14} />
            </span>
          </Tooltip>
          <span className="filter-box-says" id={problemId} role="status">
            {problemText(problem, t)}
          </span>
        </>
      )}
      {props.text !== '' && (
        <IconButton size="small" label={t('common.clear')} onClick={() => props.onChange('')}>
          <X size={12} aria-hidden />
        </IconButton>
      )}
      <FieldsMenu
        text={props.text}
        onChoose={(text) => {
          props.onChange(text);
          input.current?.focus();
        }}
      />
    </div>
  );
}
