import { configure } from '@testing-library/react';

// Testing Library gives up on a condition after one second, which a busy machine takes for less.
configure({ asyncUtilTimeout: 30_000 });
