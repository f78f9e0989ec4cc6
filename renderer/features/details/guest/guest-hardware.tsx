import type { GuestRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import { errorText } from '../../../texts/error-text.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { DetailsPage } from '../details-page.tsx';

/** The hardware of a guest in neutral words. */
export function GuestHardware(props: { readonly guest: GuestRecord }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { details, error } = useEntityDetails(props.guest.id);
  if (details === undefined) {
    return error === undefined ? (
      <EmptyState text={t('details.loading')} />
    ) : (
      <ErrorState placement="page" title={t('details.failed')} {...errorText(error, i18n)} />
    );
  }
  if (details.hardware.length === 0) return <EmptyState text={t('details.noHardware')} />;
  return (
    <DetailsPage record={props.guest}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('details.type')}</th>
            <th scope="col">{t('details.slot')}</th>
            <th scope="col">{t('config.value')}</th>
          </tr>
        </thead>
        <tbody>
          {details.hardware.map((item, index) => (
            <tr key={`${item.slot}:${index}`}>
              <th scope="row">{t(`hardware.${item.hardwareType}`)}</th>
              <td className="mono">{item.slot}</td>
              <td className="mono selectable">{item.summary}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </DetailsPage>
  );
}
