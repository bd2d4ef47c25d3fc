export type { SnapshotProblem } from './book-builder.ts';
export { BookKeeper, type BookKeeperOptions } from './book-keeper.ts';
export type { BookDifference } from './compare-books.ts';
export {
  type BookTrouble,
  type BookView,
  DEFAULT_BOOK_TIMES,
  LocalBook,
  type LocalBookListener,
  type LocalBookOptions,
  type LocalBookTimes,
  type SideView,
} from './local-book.ts';
export { SnapshotQueue, type SnapshotQueueOptions } from './snapshot-queue.ts';
export type { SnapshotSource } from './snapshot-source.ts';
