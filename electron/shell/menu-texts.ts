/** The native menu's own words. Entries with a role get theirs from the system. */
export interface MenuTexts {
  readonly file: string;
  readonly addConnection: string;
  readonly settings: string;
  readonly edit: string;
  readonly view: string;
  readonly palette: string;
  readonly window: string;
  readonly help: string;
  readonly shortcuts: string;
  readonly licences: string;
}

const english: MenuTexts = {
  file: '&File',
  addConnection: 'Add Connection…',
  settings: 'Settings…',
  edit: '&Edit',
  view: '&View',
  palette: 'Command Palette…',
  window: '&Window',
  help: '&Help',
  shortcuts: 'Keyboard Shortcuts',
  licences: 'Licences of Bundled Software',
};

const german: MenuTexts = {
  file: '&Datei',
  addConnection: 'Verbindung hinzufügen …',
  settings: 'Einstellungen …',
  edit: '&Bearbeiten',
  view: '&Ansicht',
  palette: 'Befehlspalette …',
  window: '&Fenster',
  help: '&Hilfe',
  shortcuts: 'Tastenkürzel',
  licences: 'Lizenzen der enthaltenen Software',
};

/** The texts for a locale such as `de-AT`; English where we have none. */
export function menuTextsFor(locale: string): MenuTexts {
  return locale.toLowerCase().startsWith('de') ? german : english;
}
