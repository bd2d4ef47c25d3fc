export {
  AccountBooks,
  type BookedFill,
  type FillToBook,
  type MarketName,
  OWNER,
  type PositionState,
  type Posting,
} from './account-books.ts';
export { ACCOUNT_NAMES, Account, AssetBook, type PostingListener } from './asset-book.ts';
export { equityOf } from './equity-of.ts';
export { type MarketAccounts, Portfolio } from './portfolio.ts';
export { Position } from './position.ts';
