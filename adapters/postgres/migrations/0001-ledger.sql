-- The ledger: an append-only journal, its postings, and what is projected from it. PostgreSQL 15 and later.

CREATE TABLE tradewind.journal (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  at_ms bigint NOT NULL,
  kind text NOT NULL,
  service text NOT NULL,
  correlation_id text NOT NULL,
  -- Empty where the event has no cause.
  cause_id text NOT NULL,
  build text NOT NULL,
  configuration_hash text NOT NULL,
  symbol text,
  strategy text,
  payload text NOT NULL,
  -- Hex, as the hash itself: SHA-256 over the lines that shared/proto/ledger/entry.ts documents.
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX journal_correlation ON tradewind.journal (correlation_id);
CREATE INDEX journal_kind ON tradewind.journal (kind, seq);
CREATE INDEX journal_symbol ON tradewind.journal (symbol, seq) WHERE symbol IS NOT NULL;
CREATE INDEX journal_strategy ON tradewind.journal (strategy, seq) WHERE strategy IS NOT NULL;
CREATE INDEX journal_time ON tradewind.journal USING brin (at_ms);

-- Which events an order or a list is found in.
CREATE TABLE tradewind.journal_orders (
  client_order_id text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (client_order_id, seq)
);

CREATE TABLE tradewind.postings (
  seq bigint NOT NULL,
  ordinal integer NOT NULL,
  sub_account text NOT NULL,
  account text NOT NULL,
  asset text NOT NULL,
  amount numeric NOT NULL CHECK (scale(amount) <= 8),
  PRIMARY KEY (seq, ordinal)
);

-- Ids of orders and of lists: unique for ever.
CREATE TABLE tradewind.client_order_ids (
  client_order_id text PRIMARY KEY,
  seq bigint NOT NULL
);

CREATE TABLE tradewind.orders (
  client_order_id text PRIMARY KEY,
  list_client_order_id text,
  intent_seq bigint NOT NULL,
  leg integer NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL,
  intent text NOT NULL,
  record text NOT NULL,
  state text NOT NULL,
  -- NULL while the order is not final.
  ended_at_ms bigint,
  expires_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  correlation_id text NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX orders_open ON tradewind.orders (intent_seq, leg) WHERE ended_at_ms IS NULL;
CREATE INDEX orders_ended ON tradewind.orders (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

CREATE TABLE tradewind.fills (
  symbol text NOT NULL,
  trade_id bigint NOT NULL,
  venue_order_id bigint NOT NULL,
  client_order_id text NOT NULL,
  strategy text NOT NULL,
  side text NOT NULL,
  quantity numeric NOT NULL,
  price numeric NOT NULL,
  quote_amount numeric NOT NULL,
  quote_asset text NOT NULL,
  fee_amount numeric NOT NULL,
  fee_asset text NOT NULL,
  liquidity text NOT NULL,
  realized_pnl numeric NOT NULL,
  time_ms bigint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (symbol, trade_id, venue_order_id)
);

CREATE TABLE tradewind.booked_keys (
  key text PRIMARY KEY,
  at_ms bigint NOT NULL
);
CREATE INDEX booked_keys_time ON tradewind.booked_keys (at_ms);

CREATE TABLE tradewind.balances (
  sub_account text NOT NULL,
  account text NOT NULL,
  asset text NOT NULL,
  amount numeric NOT NULL,
  PRIMARY KEY (sub_account, account, asset)
) WITH (fillfactor = 50);

CREATE TABLE tradewind.positions (
  strategy text NOT NULL,
  symbol text NOT NULL,
  quantity numeric NOT NULL,
  cost numeric NOT NULL,
  realized_pnl numeric NOT NULL,
  realized_before numeric NOT NULL,
  PRIMARY KEY (strategy, symbol)
) WITH (fillfactor = 50);

CREATE TABLE tradewind.profits (
  day_ms bigint NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL,
  quote_asset text NOT NULL,
  realized_pnl numeric NOT NULL,
  fills integer NOT NULL,
  round_trips integer NOT NULL,
  won_round_trips integer NOT NULL,
  PRIMARY KEY (day_ms, strategy, symbol, quote_asset)
) WITH (fillfactor = 70);

CREATE TABLE tradewind.watermarks (
  symbol text PRIMARY KEY,
  trade_id bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tradewind.breaks (
  name text PRIMARY KEY,
  is_open boolean NOT NULL,
  body text NOT NULL
);

CREATE TABLE tradewind.strategies (
  strategy text PRIMARY KEY,
  body text NOT NULL
) WITH (fillfactor = 50);

-- Of the breakers and of the valuation the last word.
CREATE TABLE tradewind.last_words (
  name text PRIMARY KEY CHECK (name IN ('breakers', 'valuation')),
  body text NOT NULL
) WITH (fillfactor = 50);

-- One row: the end of the journal. Who appends locks it, so that there is one order of all events.
CREATE TABLE tradewind.head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  ledger_id text NOT NULL DEFAULT gen_random_uuid()::text,
  seq bigint NOT NULL,
  at_ms bigint NOT NULL,
  hash text NOT NULL
) WITH (fillfactor = 10);
INSERT INTO tradewind.head (seq, at_ms, hash) VALUES (0, 0, repeat('0', 64));

-- One row: who may write intents.
CREATE TABLE tradewind.lease (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  epoch bigint NOT NULL,
  holder text,
  until timestamptz NOT NULL
) WITH (fillfactor = 10);
INSERT INTO tradewind.lease (epoch, until) VALUES (0, '-infinity');

CREATE FUNCTION tradewind.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of tradewind.% is refused: the ledger only grows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.journal
  EXECUTE FUNCTION tradewind.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.journal_orders
  EXECUTE FUNCTION tradewind.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.postings
  EXECUTE FUNCTION tradewind.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.client_order_ids
  EXECUTE FUNCTION tradewind.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.fills
  EXECUTE FUNCTION tradewind.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tradewind.booked_keys
  EXECUTE FUNCTION tradewind.refuse_change();

-- Whoever writes postings, by whatever statement: for each event and asset they sum to zero.
CREATE FUNCTION tradewind.check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  SELECT seq, asset, sum(amount) AS total INTO wrong
    FROM added GROUP BY seq, asset HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the postings of event % sum to % %, not to zero', wrong.seq, wrong.total, wrong.asset
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sums_to_zero AFTER INSERT ON tradewind.postings
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tradewind.check_balance();

-- What of the claims of new events stands in their way, as the refusal of the contract; NULL when nothing does.
CREATE FUNCTION tradewind.refusal_of(epochs json, client_order_ids json, fills json, keys json) RETURNS json
  LANGUAGE plpgsql AS $$
DECLARE
  current_epoch bigint;
  is_running boolean;
  found_claim json;
BEGIN
  IF epochs IS NOT NULL THEN
    -- Until this transaction ends nobody can take the lease.
    SELECT epoch, holder IS NOT NULL AND until > clock_timestamp() INTO current_epoch, is_running
      FROM tradewind.lease FOR SHARE;
    SELECT json_build_object('commit', e.commit, 'refusal',
        json_build_object('reason', 'stale_epoch', 'epoch', e.epoch, 'current', current_epoch))
      INTO found_claim FROM json_to_recordset(epochs) AS e (commit integer, epoch bigint)
      WHERE NOT is_running OR e.epoch <> current_epoch ORDER BY e.commit LIMIT 1;
    IF FOUND THEN RETURN found_claim; END IF;
  END IF;
  IF client_order_ids IS NOT NULL THEN
    SELECT json_build_object('commit', e.commit, 'refusal',
        json_build_object('reason', 'client_order_id_used', 'clientOrderId', e.id))
      INTO found_claim FROM json_to_recordset(client_order_ids) AS e (commit integer, id text)
      JOIN tradewind.client_order_ids AS used ON used.client_order_id = e.id ORDER BY e.commit LIMIT 1;
    IF FOUND THEN RETURN found_claim; END IF;
  END IF;
  IF fills IS NOT NULL THEN
    SELECT json_build_object('commit', e.commit, 'refusal', json_build_object(
        'reason', 'fill_booked', 'symbol', symbol, 'tradeId', trade_id, 'venueOrderId', venue_order_id))
      INTO found_claim FROM json_to_recordset(fills)
        AS e (commit integer, symbol text, "tradeId" bigint, "venueOrderId" bigint)
      JOIN tradewind.fills AS booked USING (symbol)
      WHERE booked.trade_id = e."tradeId" AND booked.venue_order_id = e."venueOrderId"
      ORDER BY e.commit LIMIT 1;
    IF FOUND THEN RETURN found_claim; END IF;
  END IF;
  IF keys IS NOT NULL THEN
    SELECT json_build_object('commit', e.commit, 'refusal', json_build_object('reason', 'key_booked', 'key', key))
      INTO found_claim FROM json_to_recordset(keys) AS e (commit integer, key text)
      JOIN tradewind.booked_keys USING (key) ORDER BY e.commit LIMIT 1;
    IF FOUND THEN RETURN found_claim; END IF;
  END IF;
  RETURN NULL;
END $$;

-- Writes events with all that is projected from them, or nothing. Arguments that would be empty lists are NULL.
-- Answers {"written": seq of the last, "hash"}, or {"known": [[id, seq], ...]} when some are there already, or {"commit", "refusal"}.
-- Every table is reached by its index, with one plan for ever: a plan of its own for each call takes longer than the call, and one made
-- while the tables were small would read all of them when they are not.
CREATE FUNCTION tradewind.append_events(
  ids text[],
  events json,
  build text,
  configuration_hash text,
  filed_orders json,
  claimed_epochs json,
  claimed_ids json,
  claimed_fills json,
  claimed_keys json,
  new_orders json,
  changed_orders json,
  new_fills json,
  new_postings json,
  changed_positions json,
  added_profits json,
  changed_watermarks json,
  changed_breaks json,
  changed_strategies json,
  changed_words json
) RETURNS json LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET jit = off
AS $$
DECLARE
  before tradewind.head;
  answer json;
  entry record;
  last_seq bigint;
  previous_hash text;
  last_hash text;
BEGIN
  -- Whatever the settings of server or pooler are: what is acknowledged is on disk.
  PERFORM set_config('synchronous_commit', 'on', true);
  SELECT * INTO before FROM tradewind.head FOR UPDATE;

  SELECT json_agg(json_build_array(id, seq)) INTO answer FROM tradewind.journal WHERE id = ANY (ids);
  IF answer IS NOT NULL THEN RETURN json_build_object('known', answer); END IF;
  answer := tradewind.refusal_of(claimed_epochs, claimed_ids, claimed_fills, claimed_keys);
  IF answer IS NOT NULL THEN RETURN answer; END IF;

  last_hash := before.hash;
  FOR entry IN SELECT * FROM ROWS FROM (json_to_recordset(events) AS (
      id text, at bigint, kind text, service text, correlation text, cause text, symbol text, strategy text,
      payload text)) WITH ORDINALITY AS e (id, at, kind, service, correlation, cause, symbol, strategy, payload, position)
  LOOP
    last_seq := before.seq + entry.position;
    previous_hash := last_hash;
    last_hash := encode(sha256(convert_to(concat_ws(E'\n', previous_hash, last_seq, entry.id, entry.at, entry.kind,
      entry.service, entry.correlation, entry.cause, build, configuration_hash, entry.payload), 'UTF8')), 'hex');
    INSERT INTO tradewind.journal VALUES (last_seq, entry.id, entry.at, entry.kind, entry.service, entry.correlation,
      entry.cause, build, configuration_hash, entry.symbol, entry.strategy, entry.payload, previous_hash, last_hash);
  END LOOP;
  UPDATE tradewind.head SET seq = last_seq, at_ms = entry.at, hash = last_hash;

  IF filed_orders IS NOT NULL THEN
    INSERT INTO tradewind.journal_orders (client_order_id, seq)
      SELECT id, before.seq + event FROM json_to_recordset(filed_orders) AS e (id text, event bigint);
  END IF;
  IF claimed_ids IS NOT NULL THEN
    INSERT INTO tradewind.client_order_ids (client_order_id, seq)
      SELECT id, before.seq + event FROM json_to_recordset(claimed_ids) AS e (id text, event bigint);
  END IF;
  IF new_orders IS NOT NULL THEN
    INSERT INTO tradewind.orders (client_order_id, list_client_order_id, intent_seq, leg, strategy, symbol, intent,
        record, state, expires_at_ms, created_at_ms, correlation_id)
      SELECT id, list, before.seq + event, leg, strategy, symbol, intent, record, state, expires, created, correlation
      FROM json_to_recordset(new_orders) AS e (id text, list text, event bigint, leg integer, strategy text,
        symbol text, intent text, record text, state text, expires bigint, created bigint, correlation text);
  END IF;
  IF changed_orders IS NOT NULL THEN
    UPDATE tradewind.orders AS o SET record = e.record, state = e.state, ended_at_ms = e.ended
      FROM json_to_recordset(changed_orders) AS e (id text, record text, state text, ended bigint)
      WHERE o.client_order_id = e.id;
  END IF;
  IF new_fills IS NOT NULL THEN
    INSERT INTO tradewind.fills (symbol, trade_id, venue_order_id, client_order_id, strategy, side, quantity, price,
        quote_amount, quote_asset, fee_amount, fee_asset, liquidity, realized_pnl, time_ms, seq)
      SELECT symbol, trade, venue, id, strategy, side, quantity, price, quote, quote_asset, fee, fee_asset, liquidity,
        pnl, time, before.seq + event
      FROM json_to_recordset(new_fills) AS e (symbol text, trade bigint, venue bigint, id text, strategy text,
        side text, quantity numeric, price numeric, quote numeric, quote_asset text, fee numeric, fee_asset text,
        liquidity text, pnl numeric, time bigint, event bigint);
  END IF;
  IF claimed_keys IS NOT NULL THEN
    INSERT INTO tradewind.booked_keys (key, at_ms)
      SELECT key, at FROM json_to_recordset(claimed_keys) AS e (key text, at bigint);
  END IF;
  IF new_postings IS NOT NULL THEN
    INSERT INTO tradewind.postings (seq, ordinal, sub_account, account, asset, amount)
      SELECT before.seq + event, ordinal, sub, account, asset, amount
      FROM json_to_recordset(new_postings) AS e (event bigint, ordinal integer, sub text, account text, asset text,
        amount numeric);
    INSERT INTO tradewind.balances AS b (sub_account, account, asset, amount)
      SELECT sub, account, asset, sum(amount)
      FROM json_to_recordset(new_postings) AS e (sub text, account text, asset text, amount numeric)
      GROUP BY sub, account, asset
      ON CONFLICT (sub_account, account, asset) DO UPDATE SET amount = b.amount + excluded.amount;
  END IF;
  IF changed_positions IS NOT NULL THEN
    INSERT INTO tradewind.positions (strategy, symbol, quantity, cost, realized_pnl, realized_before)
      SELECT strategy, symbol, quantity, cost, pnl, before_pnl
      FROM json_to_recordset(changed_positions) AS e (strategy text, symbol text, quantity numeric, cost numeric,
        pnl numeric, before_pnl numeric)
      ON CONFLICT (strategy, symbol) DO UPDATE SET quantity = excluded.quantity, cost = excluded.cost,
        realized_pnl = excluded.realized_pnl, realized_before = excluded.realized_before;
  END IF;
  IF added_profits IS NOT NULL THEN
    INSERT INTO tradewind.profits AS p (day_ms, strategy, symbol, quote_asset, realized_pnl, fills, round_trips,
        won_round_trips)
      SELECT day, strategy, symbol, quote_asset, pnl, fills, trips, won
      FROM json_to_recordset(added_profits) AS e (day bigint, strategy text, symbol text, quote_asset text,
        pnl numeric, fills integer, trips integer, won integer)
      ON CONFLICT (day_ms, strategy, symbol, quote_asset) DO UPDATE SET
        realized_pnl = p.realized_pnl + excluded.realized_pnl, fills = p.fills + excluded.fills,
        round_trips = p.round_trips + excluded.round_trips,
        won_round_trips = p.won_round_trips + excluded.won_round_trips;
  END IF;
  IF changed_watermarks IS NOT NULL THEN
    INSERT INTO tradewind.watermarks AS w (symbol, trade_id)
      SELECT symbol, trade FROM json_to_recordset(changed_watermarks) AS e (symbol text, trade bigint)
      ON CONFLICT (symbol) DO UPDATE SET trade_id = greatest(w.trade_id, excluded.trade_id);
  END IF;
  IF changed_breaks IS NOT NULL THEN
    INSERT INTO tradewind.breaks (name, is_open, body)
      SELECT name, is_open, body FROM json_to_recordset(changed_breaks) AS e (name text, is_open boolean, body text)
      ON CONFLICT (name) DO UPDATE SET is_open = excluded.is_open, body = excluded.body;
  END IF;
  IF changed_strategies IS NOT NULL THEN
    INSERT INTO tradewind.strategies (strategy, body)
      SELECT strategy, body FROM json_to_recordset(changed_strategies) AS e (strategy text, body text)
      ON CONFLICT (strategy) DO UPDATE SET body = excluded.body;
  END IF;
  IF changed_words IS NOT NULL THEN
    INSERT INTO tradewind.last_words (name, body)
      SELECT name, body FROM json_to_recordset(changed_words) AS e (name text, body text)
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
  END IF;
  RETURN json_build_object('written', last_seq, 'hash', last_hash);
END $$;

-- Compare and set in one statement, by the clock of the database (faults.md P12).
CREATE FUNCTION tradewind.acquire_lease(wanted_holder text, duration_ms bigint) RETURNS json
  LANGUAGE plpgsql AS $$
DECLARE
  now_at timestamptz := clock_timestamp();
  found_lease tradewind.lease;
BEGIN
  UPDATE tradewind.lease SET
      epoch = CASE WHEN holder = wanted_holder AND until > now_at THEN epoch ELSE epoch + 1 END,
      holder = wanted_holder,
      until = now_at + duration_ms * interval '1 millisecond'
    WHERE holder IS NULL OR holder = wanted_holder OR until <= now_at
    RETURNING * INTO found_lease;
  IF NOT FOUND THEN SELECT * INTO found_lease FROM tradewind.lease; END IF;
  RETURN json_build_object('epoch', found_lease.epoch, 'holder', found_lease.holder,
    'until', floor(extract(epoch FROM found_lease.until) * 1000)::bigint);
END $$;
