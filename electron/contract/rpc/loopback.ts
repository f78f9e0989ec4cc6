import { z } from 'zod';

/** Where the loopback host takes its WebSocket, on the page's own origin. */
export const loopbackLinkPath = '/link';

/** The token of one start: 32 random bytes in base64url. */
export const startTokenPattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * The first frame on a loopback WebSocket, before the protocol's own hello. A frame and not a part of the URL, because URLs
 * end up in logs, histories and process lists.
 */
export const authoriseFrameSchema = z.object({ type: z.literal('authorise'), token: z.string().max(200) });
export type AuthoriseFrame = z.output<typeof authoriseFrameSchema>;
