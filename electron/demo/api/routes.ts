import { accessRoutes } from './access.ts';
import { addressRoutes } from './addresses.ts';
import { backupRoutes } from './backup.ts';
import { clusterRoutes } from './cluster.ts';
import { guestRoutes } from './guests.ts';
import { highAvailabilityRoutes } from './high-availability.ts';
import { nodeRoutes } from './nodes.ts';
import { poolRoutes } from './pools.ts';
import { powerRoutes } from './power.ts';
import { resourceRoutes } from './resources.ts';
import type { Route } from './route.ts';
import { rrdRoutes } from './rrd.ts';
import { softwareDefinedNetworkRoutes } from './software-defined-network.ts';
import { storageRoutes } from './storages.ts';
import { taskRoutes } from './tasks.ts';

/** Every method that a simulated cluster has; the rest of the official tree answers 501, as an old node would. */
export const allRoutes: readonly Route[] = [
  ...accessRoutes,
  ...addressRoutes,
  ...backupRoutes,
  ...clusterRoutes,
  ...guestRoutes,
  ...highAvailabilityRoutes,
  ...nodeRoutes,
  ...poolRoutes,
  ...powerRoutes,
  ...resourceRoutes,
  ...rrdRoutes,
  ...softwareDefinedNetworkRoutes,
  ...storageRoutes,
  ...taskRoutes,
];
