/** What the venue said instead of a result, over REST or over the WebSocket API. */
export interface VenueError {
  /** An HTTP status; the WebSocket API sends the same numbers. */
  readonly status: number;
  /** undefined when the answer carried none: a gateway's or firewall's page. */
  readonly code: number | undefined;
  /** The venue's text, or what little can be said of an answer that is no JSON. */
  readonly message: string;
  /** What else came in the error: both halves of a cancel-replace, the WebSocket API's `retryAfter`. */
  readonly data: unknown;
}
