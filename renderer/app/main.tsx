import { connectWindow } from '../rpc/connect.ts';
import type { RpcState } from '../rpc/client.ts';
import { startApp } from './start-app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const connection = connectWindow();
const app = startApp(root, connection);

function showLink(state: RpcState): void {
  const { session } = app.stores;
  if (state.phase === 'open') session.setLink('open');
  else if (state.phase === 'connecting') session.setLink(state.attempt > 1 ? 'closed' : 'connecting');
  else session.setLink('closed');
  if (state.phase === 'refused') session.report(state.error, 'connect');
}
showLink(connection.state);
connection.onStateChange(showLink);
