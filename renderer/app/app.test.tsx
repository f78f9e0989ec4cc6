import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuestRecord } from '../../electron/contract/records/index.ts';
import { FixtureCore } from '../../electron/testing/fixture-core.ts';
import { connectInProcess } from '../../electron/testing/in-process-client.ts';
import { AppStoresProvider, createAppStores, startAppStores } from '../stores/app-stores.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { App } from './app.tsx';

/** What the test's DOM adds to a window. */
interface TestWindow {
  readonly happyDOM: { setViewport(size: { width: number; height: number }): void };
}

const disposals: (() => void)[] = [];

/** The whole window over a core without hosts. */
async function openWindow(options: ConstructorParameters<typeof FixtureCore>[0]) {
  const core = new FixtureCore(options);
  core.taskMs = 1;
  const stores = createAppStores(connectInProcess(core.handlers()));
  const running = startAppStores(stores);
  disposals.push(() => running.dispose());
  render(
    <AppStoresProvider stores={stores}>
      <TooltipProvider>
        <App />
      </TooltipProvider>
    </AppStoresProvider>,
  );
  if (options.guestCount > 0) await screen.findAllByRole('treeitem');
  const guests = [...core.records.values()].filter((record): record is GuestRecord => record.kind === 'guest');
  return { core, stores, guests };
}
const grid = () => screen.getByRole('grid');
const rowNames = () =>
  within(grid())
    .getAllByRole('rowheader')
    .map((cell) => cell.querySelector('a')?.textContent);
const rowOf = (name: string) => within(grid()).getByRole('rowheader', { name }).closest('[role="row"]')!;
const callsOf = (core: FixtureCore, name: string) => core.calls.filter((call) => call.name === name);

/** The test's DOM has no canvas: a pen that leaves no trace. */
const pen: unknown = new Proxy({}, { get: () => () => pen, set: () => true });

beforeEach(() => {
  Object.assign(HTMLCanvasElement.prototype, { getContext: () => pen });
  Object.assign(globalThis, {
    Path2D: function Path() {
      return pen;
    },
  });
  // Wide enough for the tree to stand beside the work area.
  (window as unknown as TestWindow).happyDOM.setViewport({ width: 1440, height: 900 });
  window.location.hash = '#/inventory';
});
afterEach(() => {
  cleanup();
  for (const dispose of disposals.splice(0)) dispose();
});

describe('the window', () => {
  it('shows the estate as a tree and as a table, and how it is as a whole', async () => {
    const { guests } = await openWindow({ guestCount: 20, withTroubles: true });
    expect(screen.getByRole('tree', { name: 'Inventory' })).toBeTruthy();
    expect(grid().getAttribute('aria-rowcount')).toBe(String(guests.length + 1));
    expect(screen.getByRole('contentinfo', { name: 'Status' }).textContent).toMatch(/8 connections, 4 not live/);
    expect(screen.getByRole('treeitem', { name: /attic.*offline 2/ })).toBeTruthy();
  });

  it('leaves the welcome page when connections appear by themselves', async () => {
    const { core } = await openWindow({ guestCount: 0 });
    await waitFor(() => expect(window.location.hash).toBe('#/welcome'));
    act(() => core.change({ put: [...new FixtureCore({ guestCount: 5 }).records.values()] }));
    await waitFor(() => expect(window.location.hash).toBe('#/inventory'));
    expect((await screen.findAllByRole('treeitem')).length).toBeGreaterThan(3);
  });

  it('stands still on a page that was opened while there was nothing', async () => {
    const { core } = await openWindow({ guestCount: 0 });
    await waitFor(() => expect(window.location.hash).toBe('#/welcome'));
    act(() => {
      window.location.hash = '#/settings';
    });
    act(() => core.change({ put: [...new FixtureCore({ guestCount: 5 }).records.values()] }));
    await screen.findAllByRole('treeitem');
    expect(window.location.hash).toBe('#/settings');
  });

  it('tells guests of several sites apart in the table, and leaves the column out where all are of one', async () => {
    const { guests } = await openWindow({ guestCount: 20, withTroubles: true });
    expect(screen.getByRole('columnheader', { name: 'Site' })).toBeTruthy();
    const running = guests.find((guest) => guest.power === 'running' && guest.lock === undefined)!;
    act(() => {
      window.location.hash = `#/entity/${encodeURIComponent(running.nodeId)}/guests`;
    });
    await screen.findByRole('tab', { name: 'Guests' });
    fireEvent.click(screen.getByRole('tab', { name: 'Guests' }));
    await screen.findByRole('columnheader', { name: /Name/ });
    expect(screen.queryByRole('columnheader', { name: 'Site' })).toBe(null);
  });

  it('offers the fields of the filter by example', async () => {
    await openWindow({ guestCount: 5 });
    const box = screen.getByRole<HTMLInputElement>('textbox', { name: /^Filter: words/ });
    fireEvent.click(within(box.parentElement!).getByRole('button', { name: 'Fields to filter by' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: /uptime>30d/ }));
    await waitFor(() => expect(box.value).toBe('uptime>30d'));
  });

  it('says what is missing when there is nothing', async () => {
    await openWindow({ guestCount: 0 });
    expect(await screen.findByText('No connections yet.')).toBeTruthy();
  });

  it('speaks German throughout', async () => {
    await openWindow({ guestCount: 5, preferences: { language: 'de' } });
    await waitFor(() => expect(document.documentElement.lang).toBe('de'));
    expect(screen.getByRole('columnheader', { name: /Zustand/ })).toBeTruthy();
  });

  it('filters the table by words and fields, and says what is wrong with a filter', async () => {
    const { guests } = await openWindow({ guestCount: 40 });
    const box = screen.getByRole('textbox', { name: /^Filter: words/ });
    fireEvent.change(box, { target: { value: 'status:stopped' } });
    const stopped = guests.filter((guest) => guest.power === 'stopped').map((guest) => guest.name);
    await waitFor(() => expect(new Set(rowNames())).toEqual(new Set(stopped)));
    fireEvent.change(box, { target: { value: 'mem>8' } });
    expect(await screen.findByText(/lacks its unit/)).toBeTruthy();
    expect(document.getElementById(box.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(/lacks its unit/);
    fireEvent.keyDown(box, { key: 'Escape' });
    await waitFor(() => expect(grid().getAttribute('aria-rowcount')).toBe(String(guests.length + 1)));
  });

  it('sorts by a click on a column and by a second one the other way', async () => {
    await openWindow({ guestCount: 12 });
    const ascending = rowNames();
    fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    await waitFor(() => expect(rowNames()).toEqual([...ascending].reverse()));
    expect(screen.getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort')).toBe('descending');
  });

  it('shuts several guests down after naming them, and shows how each one went', async () => {
    const { core, guests } = await openWindow({ guestCount: 20 });
    const running = guests.filter((guest) => guest.power === 'running' && guest.lock === undefined).slice(0, 2);
    const [first, second] = running;
    fireEvent.click(rowOf(first!.name));
    fireEvent.click(rowOf(second!.name), { ctrlKey: true });
    const button = await screen.findByRole('button', { name: 'Shut down' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe(null));
    fireEvent.click(button);
    const dialog = await screen.findByRole('alertdialog');
    expect(
      within(dialog)
        .getAllByRole('listitem')
        .map((item) => item.querySelector('bdi')?.textContent ?? '')
        .sort(),
    ).toEqual([first!.name, second!.name].sort());
    // Names repeat from site to site: each one says where it is.
    for (const item of within(dialog).getAllByRole('listitem')) expect(item.textContent).toMatch(/ · /);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Shut down 2 guests' }));
    await waitFor(() => expect(callsOf(core, 'guest.powerMany').length).toBe(1));
    expect(await screen.findByText(/2 of 2 done/)).toBeTruthy();
    await waitFor(() => expect(core.records.get(first!.id)).toMatchObject({ power: 'stopped' }));
  });

  it('keeps a control that cannot be used in sight, with the reason, and does nothing', async () => {
    const { core, guests } = await openWindow({ guestCount: 20 });
    const running = guests.find((guest) => guest.power === 'running' && guest.lock === undefined)!;
    act(() => {
      window.location.hash = `#/entity/${encodeURIComponent(running.id)}`;
    });
    await screen.findByRole('heading', { level: 1, name: running.name });
    const start = screen.getByRole('button', { name: 'Start' });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Shut down' }).getAttribute('aria-disabled')).toBe(null),
    );
    expect(start.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(start);
    expect(callsOf(core, 'guest.power')).toEqual([]);
    fireEvent.focus(start);
    expect(await screen.findByText('Not possible while it is running.')).toBeTruthy();
  });

  it('finds a guest with a few keys and opens it', async () => {
    const { guests } = await openWindow({ guestCount: 80 });
    const wanted = guests[33]!;
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const input = await screen.findByRole('combobox', { name: 'Command palette' });
    fireEvent.change(input, { target: { value: wanted.name } });
    const [first] = await screen.findAllByRole('option', { name: new RegExp(wanted.name) });
    expect(first!.getAttribute('aria-selected')).toBe('true');
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(await screen.findByRole('heading', { level: 1, name: wanted.name })).toBeTruthy();
    expect(document.title).toBe(`${wanted.name} – Wheelhouse`);
  });

  it('does to a guest what the palette is told in words, after asking', async () => {
    const { core, guests } = await openWindow({ guestCount: 20 });
    const running = guests.find((guest) => guest.power === 'running' && guest.lock === undefined)!;
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const input = await screen.findByRole('combobox', { name: 'Command palette' });
    fireEvent.change(input, { target: { value: `shut down ${running.name}` } });
    await screen.findAllByRole('option', { name: new RegExp(`Shut down ${running.name}`) });
    fireEvent.keyDown(input, { key: 'Enter' });
    const dialog = await screen.findByRole('alertdialog', { name: `Shut down ${running.name}?` });
    fireEvent.click(within(dialog).getByRole('button', { name: `Shut down ${running.name}` }));
    await waitFor(() => expect(callsOf(core, 'guest.power').length).toBe(1));
  });

  it('marks the page’s guest in the tree and moves through it by keyboard', async () => {
    await openWindow({ guestCount: 5 });
    const tree = screen.getByRole('tree');
    const active = () => document.getElementById(tree.getAttribute('aria-activedescendant') ?? '');
    act(() => tree.focus());
    fireEvent.keyDown(tree, { key: 'Home' });
    expect(active()?.getAttribute('aria-level')).toBe('1');
    expect(active()?.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    await waitFor(() => expect(active()?.getAttribute('aria-expanded')).toBe('false'));
    fireEvent.keyDown(tree, { key: 'ArrowRight' });
    await waitFor(() => expect(active()?.getAttribute('aria-expanded')).toBe('true'));
    fireEvent.keyDown(tree, { key: 's' });
    await waitFor(() => expect(active()?.textContent).toMatch(/^Site North/));
    fireEvent.keyDown(tree, { key: 'Enter' });
    expect(await screen.findByRole('heading', { level: 1, name: 'Site North' })).toBeTruthy();
    expect(active()?.getAttribute('aria-selected')).toBe('true');
  });

  it('renders only the rows in sight of a large estate, and no list when loads move', async () => {
    const { core } = await openWindow({ guestCount: 3000 });
    expect(grid().getAttribute('aria-rowcount')).toBe('3001');
    expect(within(grid()).getAllByRole('row').length).toBeLessThan(80);
    const row = within(grid()).getAllByRole('row')[1];
    act(() => core.moveLoads());
    await waitFor(() => expect(screen.getByRole('contentinfo').textContent).toMatch(/last change/));
    expect(within(grid()).getAllByRole('row')[1]).toBe(row);
  });

  it('shows an error that nobody waited for, with what to do, until it is read', async () => {
    const { stores } = await openWindow({ guestCount: 5 });
    act(() => stores.session.report(new Error('boom'), 'test'));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/unexpected.*Please report it/);
    fireEvent.click(within(alert.parentElement!).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBe(null));
  });

  it('lists its shortcuts', async () => {
    await openWindow({ guestCount: 5 });
    fireEvent.keyDown(window, { key: '?', shiftKey: true });
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(dialog).getByText('Command palette').parentElement?.textContent).toMatch(/Ctrl\+K/);
  });
});
