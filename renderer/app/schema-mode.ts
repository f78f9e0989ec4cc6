import { config } from 'zod';

// Zod tries `new Function` when a schema is made, which the Content-Security-Policy rightly reports. Runs before every schema,
// so it is a script of its own in index.html, in front of the app's.
config({ jitless: true });
