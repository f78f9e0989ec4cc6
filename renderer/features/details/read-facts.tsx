import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useNow } from '../../stores/app-stores.tsx';
import type { DetailsState } from '../../stores/entity-details.ts';
import { ageText } from '../../texts/age-text.ts';
import { errorText } from '../../texts/error-text.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { FactList, type FactEntry } from '../../ui/fact-list.tsx';
import { DetailsSection } from './details-page.tsx';
import { factEntries } from './fact-entries.ts';

function ReadAge(props: { readonly atMs: number }) {
  const i18n = useI18n();
  const now = useNow(5000);
  return (
    <span title={i18n.f.dateTime(props.atMs)}>
      {i18n.t('details.readAt', { age: ageText(now - props.atMs, i18n) })}
    </span>
  );
}

/** Facts from the inventory, then those that were read for this page; why there are none when they could not be read. */
export function ReadFacts(props: { readonly known: readonly FactEntry[]; readonly state: DetailsState }) {
  const i18n = useI18n();
  const { details, error } = props.state;
  const read = details === undefined ? [] : factEntries(details.facts, i18n);
  const names = new Set(props.known.map((fact) => fact.label));
  return (
    <DetailsSection
      title={i18n.t('details.facts')}
      note={
        details !== undefined ? (
          <ReadAge atMs={details.readAtMs} />
        ) : error === undefined ? (
          i18n.t('details.loading')
        ) : undefined
      }
    >
      <FactList facts={[...props.known, ...read.filter((fact) => !names.has(fact.label))]} />
      {error !== undefined && <ErrorState title={i18n.t('details.failed')} {...errorText(error, i18n)} />}
    </DetailsSection>
  );
}
