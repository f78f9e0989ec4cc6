/** A refusal as PVE words it: the text goes into the status line and, for errors of the API, into the body. */
export class ApiError extends Error {
  readonly status: number;
  /** By parameter, for 400. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Raised below the API: the text is in the status line only, the body is empty. */
  readonly isBare: boolean;
  /** How long the server takes before it answers, in milliseconds of life. */
  readonly delayMs: number;

  constructor(
    status: number,
    message: string,
    more: { errors?: Readonly<Record<string, string>>; isBare?: boolean; delayMs?: number } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    if (more.errors) this.errors = more.errors;
    this.isBare = more.isBare ?? false;
    this.delayMs = more.delayMs ?? 0;
  }
}

/** 400 with the faulty parameters. */
export function parameterError(errors: Readonly<Record<string, string>>): ApiError {
  return new ApiError(400, 'Parameter verification failed.', { errors });
}

/** 403, worded as recorded on PVE 9.1.9. */
export function permissionError(path: string, privileges: readonly string[]): ApiError {
  return new ApiError(403, `Permission check failed (${path}, ${privileges.join('|')})`);
}

/** 501 for a path or method that this release does not have. */
export function notImplemented(method: string, path: string): ApiError {
  return new ApiError(501, `Method '${method} ${path}' not implemented`);
}
