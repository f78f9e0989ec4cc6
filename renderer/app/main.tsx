import { createRoot } from 'react-dom/client';
import { connectWindow } from '../rpc/connect.ts';

const root = document.getElementById('root');
const client = connectWindow();
if (root !== null) {
  const page = createRoot(root);
  const show = (): void => page.render(<output>{client.state.phase}</output>);
  client.onStateChange(show);
  show();
}
