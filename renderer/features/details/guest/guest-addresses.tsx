import type { AddressesNote, EntityDetails } from '../../../../electron/contract/records/index.ts';
import { useI18n, type I18n } from '../../../lib/i18n/i18n-context.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DetailsSection } from '../details-page.tsx';

/** Why there are no addresses, with the host's own words at the end. */
function noteText(note: AddressesNote | undefined, { t }: I18n): string {
  if (note === undefined) return t('address.none');
  const why = t(`addressesNote.${note.code}`);
  return note.detail === '' ? why : t('addressesNote.said', { why, text: note.detail });
}

/** The addresses of a guest, who says so, or why nobody does. */
export function GuestAddresses(props: { readonly details: EntityDetails | undefined }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { details } = props;
  const addresses = details?.addresses ?? [];
  return (
    <DetailsSection title={t('details.addresses')}>
      {details === undefined ? (
        <p className="quiet">{t('details.loading')}</p>
      ) : addresses.length === 0 ? (
        <p className="quiet selectable">{noteText(details.addressesNote, i18n)}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('address.address')}</th>
              <th scope="col">{t('address.interface')}</th>
              <th scope="col">{t('address.mac')}</th>
              <th scope="col">{t('address.source')}</th>
            </tr>
          </thead>
          <tbody>
            {addresses.map((each) => (
              <tr key={`${each.interfaceName}|${each.address}|${each.mac}`}>
                <th scope="row" className="mono selectable">
                  {each.address} <CopyButton text={each.address} what={each.address} />
                </th>
                <td className="mono selectable">{each.interfaceName}</td>
                <td className="mono selectable plain-table-short">{each.mac}</td>
                <td className="plain-table-short">{t(`address.source.${each.source}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </DetailsSection>
  );
}
