/** What runs in the test that shows a row: one part; a real store; a service with the exchange in virtual time; processes of their own. */
export type Level = 'unit' | 'stores' | 'service' | 'simulation' | 'processes';

/** One kind of fault that real trading systems have met. */
export interface FaultRow {
  readonly id: string;
  readonly fault: string;
  /** The lowest level that shows the row survived; tests at other levels come on top. */
  readonly level: Level;
}

/** By the letter that the numbers of a group begin with. */
export const GROUPS: Readonly<Record<string, string>> = {
  O: 'Orders: submission and life',
  U: 'User data stream',
  M: 'Market data and trading rules',
  R: 'Limits and bans',
  C: 'Clocks',
  B: 'Balances and fees',
  P: 'Persistence and messaging',
  X: 'The process',
  K: 'Risk controls',
  G: 'Configuration and keys',
  S: 'Security',
};

const row = (id: string, level: Level, fault: string): FaultRow => ({ id, fault, level });

export const FAULT_ROWS: readonly FaultRow[] = [
  row('O1', 'service', 'The exchange took the order, and its answer is lost or late.'),
  row('O2', 'service', 'A server error or -1006/-1007 leaves open whether the order exists.'),
  row('O3', 'service', 'For seconds after its acceptance a query does not find the order.'),
  row(
    'O4',
    'service',
    'A client order id that was used before makes a second order once the first has ended.',
  ),
  row('O5', 'service', 'A repeated placement is refused as a duplicate, because the first one got through.'),
  row('O6', 'service', 'A refusal for good is answered with the same order, again and again.'),
  row('O7', 'service', 'An order that filled in part is canceled or times out.'),
  row('O8', 'service', 'An order ends as expired although part of it has traded.'),
  row('O9', 'service', 'A cancel is refused because a fill was faster, and the fill is told later.'),
  row('O10', 'service', 'A cancel is not answered: the order may rest, be gone or be filled.'),
  row('O11', 'service', 'The report of a cancel carries the id of the cancel instead of that of the order.'),
  row('O12', 'service', 'Of a cancel-replace one half succeeds and the other fails.'),
  row('O13', 'service', 'An amendment crosses a fill, changes the client order id or is not answered.'),
  row('O14', 'service', 'A stop was taken away for an exit that does not come, and the position is naked.'),
  row('O15', 'service', 'Legs of an order list end one another, told in any order.'),
  row('O16', 'service', 'Own orders meet, and self-trade prevention ends them without a fill.'),

  row('U1', 'service', 'Single events are lost on a socket that is fine.'),
  row('U2', 'service', 'The stream is cut, and what fills meanwhile is never told again.'),
  row('U3', 'unit', 'The socket lives while its subscription has ended.'),
  row('U4', 'service', 'An event comes twice, at once or minutes later.'),
  row('U5', 'service', 'Events come out of order.'),
  row('U6', 'service', 'The fill is told before the answer to the placement.'),
  row('U7', 'service', 'Answer, event and sweep tell the same fill.'),
  row('U8', 'unit', 'The exchange ends the connection as announced, or after its 24 hours.'),
  row('U9', 'unit', 'A balance event names only some assets and races the order event.'),
  row('U10', 'service', 'An order appears that this system has not sent.'),
  row('U11', 'unit', 'The handler of one event throws.'),

  row('M1', 'service', 'A depth update is missing.'),
  row('M2', 'unit', 'The snapshot of the book is older than the first update that was kept.'),
  row('M3', 'service', 'The book is crossed or locked.'),
  row('M4', 'service', 'A feed is silent while its socket answers pings.'),
  row('M5', 'service', 'A candle comes late or never.'),
  row('M6', 'service', 'An open candle looks closed, or one closes twice.'),
  row('M7', 'service', 'Trades come twice or out of order.'),
  row('M8', 'service', 'The time inside events is far from the time of their arrival.'),
  row('M9', 'service', 'Trading in a symbol is stopped, and starts again later.'),
  row('M10', 'service', 'A status, type or reason that is in no document.'),
  row('M11', 'service', 'A symbol is delisted while some of it is held.'),
  row('M12', 'service', 'Tick size or lot step changes while orders rest.'),
  row('M13', 'service', 'A trading rule is gone, renamed, or zero for "none".'),
  row('M14', 'unit', 'A number in exponent form comes in or goes out.'),
  row('M15', 'service', 'One trade is printed far from all others.'),

  row('R1', 'unit', 'The exchange asks for silence (429).'),
  row('R2', 'simulation', 'The address is banned (418) while streams go on.'),
  row('R3', 'unit', 'Somebody else behind the same address uses up the weight.'),
  row('R4', 'service', 'The count of orders is used up, by a person for example.'),
  row('R5', 'unit', 'All sockets are dropped at once.'),
  row('R6', 'service', 'After an outage there are hundreds of orders to ask for.'),

  row('C1', 'service', 'Our clock is ahead, and requests are refused for their timestamp.'),
  row('C2', 'unit', 'A request waits for so long that its timestamp is too old.'),
  row('C3', 'service', 'The clock of the host is set while orders are open.'),
  row('C4', 'processes', 'The host is not in UTC, or its summer time begins or ends.'),
  row('C5', 'service', 'The machine sleeps for minutes and wakes up.'),

  row('B1', 'service', 'The fee is taken from what was bought, so that less is there than was ordered.'),
  row('B2', 'service', 'The fee is taken in a third asset, or in different ones within one order.'),
  row('B3', 'service', 'What is left of a position is too small to be sold.'),
  row('B4', 'service', 'A deposit arrives.'),
  row('B5', 'service', 'Coins of a position are withdrawn or sold by hand.'),
  row('B6', 'service', 'Coins are locked by something that is not ours.'),
  row('B7', 'service', 'A balance that is read right after a fill is the old one.'),
  row('B8', 'service', 'A quantity is rounded up to more than is held.'),

  row('P1', 'service', 'A crash between the commit of the intent and its sending.'),
  row('P2', 'service', 'A crash between the sending and the answer.'),
  row('P3', 'stores', 'A crash in the middle of booking a fill.'),
  row('P4', 'service', 'The database is down when an order is to be placed.'),
  row('P5', 'service', 'The database is down while fills arrive.'),
  row('P6', 'stores', 'The connection is lost while a commit is under way.'),
  row('P7', 'stores', 'The database ends a transaction (40001, 40P01).'),
  row('P8', 'processes', 'The disk is full.'),
  row('P9', 'processes', 'Redis is emptied, evicts or is lost.'),
  row('P10', 'stores', 'A message is delivered again after its work was done.'),
  row('P11', 'service', 'A database comes back without the last commits.'),
  row('P12', 'stores', 'A connection pooler shares or strands locks of sessions.'),
  row('P13', 'stores', 'Program and schema are of different versions.'),

  row('X1', 'processes', 'The process is killed at any point.'),
  row('X2', 'stores', 'A reader is too slow and its queue grows.'),
  row('X3', 'service', 'The event loop stands still for seconds.'),
  row('X4', 'processes', 'Two instances run, or one that was replaced wakes up.'),
  row('X5', 'service', 'A supervisor restarts a process that crashes at each start.'),
  row('X6', 'processes', 'The process is asked to end while orders are in flight.'),

  row('K1', 'service', 'Many orders pass the same check at the same moment.'),
  row('K2', 'service', 'A restart forgets what was lost today.'),
  row('K3', 'service', 'An order is placed before midnight UTC and fills after it.'),
  row('K4', 'service', 'A value that is missing or not a number reaches a comparison.'),
  row('K5', 'unit', 'A control is configured, and nobody calls it.'),
  row('K6', 'unit', 'An order is checked against an old price.'),
  row('K7', 'processes', 'The kill switch is used while stores and exchange hang.'),
  row('K8', 'service', 'Limits forget orders of which nobody knows whether they exist.'),
  row('K9', 'service', 'A unit is mistaken: base for quote, a thousand times too much, sell for buy.'),
  row('K10', 'service', 'A strategy orders the same over and over.'),

  row('G1', 'service', 'A symbol is misspelt or looks like another one.'),
  row('G2', 'service', 'Keys and hosts of different environments are mixed.'),
  row('G3', 'service', 'A key may withdraw or transfer, or works from everywhere.'),
  row('G4', 'service', 'A key is revoked while orders are open.'),
  row('G5', 'unit', 'A limit is missing or misspelt.'),
  row('G6', 'processes', 'An old setting brings old code back to life.'),

  row('S1', 'unit', 'A secret gets into a log line or an error.'),
  row('S2', 'service', 'A foreign page posts to the control API.'),
  row('S3', 'service', 'A foreign name resolves to this machine.'),
  row('S4', 'service', 'A foreign page opens a WebSocket.'),
  row('S5', 'service', 'A panel is open without a password.'),
  row('S6', 'service', 'A signal from outside is sent again later.'),
  row('S7', 'service', 'A body sets the prototype of objects.'),
  row('S8', 'service', 'A body is huge or very deep.'),
  row('S9', 'service', 'Thousands of sockets never finish their request.'),
  row('S10', 'unit', 'Text from outside forges a log line.'),
  row('S11', 'service', 'A request carries fields that nobody asked for.'),
  row('S12', 'unit', 'A package that is installed steals keys.'),
];

/** Group S comes whole with the dashboard. */
export const ROWS_THAT_NEED_TESTS = FAULT_ROWS.filter(({ id }) => !id.startsWith('S'));
