import { z } from 'zod';

/**
 * What the window remembers, kept in the profile and shared by every window on it. One schema per key; a value that does
 * not fit (written by another version) falls back to the default instead of failing.
 */
const columnSchema = z.object({ column: z.string(), isVisible: z.boolean(), widthPx: z.number().optional() });

/** A saved table: which rows (filter text), which columns, which order. */
export const savedViewSchema = z.object({
  id: z.string(),
  name: z.string().min(1).max(100),
  filter: z.string(),
  columns: z.array(columnSchema),
  sort: z.object({ column: z.string(), isDescending: z.boolean() }).optional(),
});
export type SavedView = z.infer<typeof savedViewSchema>;

/** A personal folder. Members are entity ids; an entity is in one folder at most. */
export const folderSchema = z.object({
  id: z.string(),
  name: z.string().min(1).max(100),
  parentId: z.string().optional(),
  members: z.array(z.string()),
});
export type Folder = z.infer<typeof folderSchema>;

export const preferenceSchemas = {
  /** `system` follows the desktop. */
  theme: z.enum(['system', 'light', 'dark']),
  /** `system` follows the desktop's language, English where it is not offered. */
  language: z.enum(['system', 'en', 'de']),
  /** Pane sizes and what is collapsed; keys are the window's own. */
  layout: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.number())])),
  /** The tree's grouping. */
  treeView: z.enum(['site', 'pool', 'tag', 'folder']),
  views: z.array(savedViewSchema),
  folders: z.array(folderSchema),
  /** Desktop notification when a task of ours that ran at least this long ends out of sight. 0 switches them off. */
  notifyAfterMs: z.number(),
  /** Whether closing the welcome page was chosen. */
  hasSeenWelcome: z.boolean(),
} as const;

export type PreferenceKey = keyof typeof preferenceSchemas;
export type Preferences = { readonly [Key in PreferenceKey]: z.output<(typeof preferenceSchemas)[Key]> };

export const preferencesSchema = z.object(preferenceSchemas);

/** The value of every preference on an empty profile. Not schema defaults: a partial change must not bring them back. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  language: 'system',
  layout: {},
  treeView: 'site',
  views: [],
  folders: [],
  notifyAfterMs: 10_000,
  hasSeenWelcome: false,
};
