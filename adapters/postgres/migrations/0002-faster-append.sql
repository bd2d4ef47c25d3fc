-- A faster way to append. Rows come as arrays of the tables' own row types, which PostgreSQL reads several times faster than JSON; what must
-- not be there twice is left to the constraints, so that nothing is looked for beforehand; and who may write intents stands in the one row
-- that every append locks anyway.

ALTER TABLE tradewind.head
  ADD COLUMN epoch bigint NOT NULL DEFAULT 0,
  ADD COLUMN holder text,
  ADD COLUMN until timestamptz NOT NULL DEFAULT '-infinity';
UPDATE tradewind.head AS h SET epoch = l.epoch, holder = l.holder, until = l.until FROM tradewind.lease AS l;
DROP TABLE tradewind.lease;
DROP FUNCTION tradewind.append_events;
DROP FUNCTION tradewind.refusal_of;

-- Compare and set in one statement, by the clock of the database (faults.md P12). Waits for an append that is under way, so that none is
-- acknowledged under an epoch that has passed.
CREATE OR REPLACE FUNCTION tradewind.acquire_lease(wanted_holder text, duration_ms bigint) RETURNS json
  LANGUAGE plpgsql AS $$
DECLARE
  now_at timestamptz := clock_timestamp();
  found_lease tradewind.head;
BEGIN
  UPDATE tradewind.head SET
      epoch = CASE WHEN holder = wanted_holder AND until > now_at THEN epoch ELSE epoch + 1 END,
      holder = wanted_holder,
      until = now_at + duration_ms * interval '1 millisecond'
    WHERE holder IS NULL OR holder = wanted_holder OR until <= now_at
    RETURNING * INTO found_lease;
  IF NOT FOUND THEN SELECT * INTO found_lease FROM tradewind.head; END IF;
  RETURN json_build_object('epoch', found_lease.epoch, 'holder', found_lease.holder,
    'until', floor(extract(epoch FROM found_lease.until) * 1000)::bigint);
END $$;

-- Why events were not written: {"known": [[id, seq], ...]} of those that are there already, or {"refused": [{"commit", "refusal"}, ...]}
-- with the first claim of each commit that another has, as the contract names it; NULL when nothing stands in their way any more.
CREATE FUNCTION tradewind.conflict_of(ids text[], epochs json, client_order_ids json, fills json, keys json) RETURNS json
  LANGUAGE plpgsql AS $$
DECLARE
  answer json;
BEGIN
  SELECT json_agg(json_build_array(id, seq)) INTO answer FROM tradewind.journal WHERE id = ANY (ids);
  IF answer IS NOT NULL THEN RETURN json_build_object('known', answer); END IF;
  SELECT json_agg(json_build_object('commit', commit, 'refusal', refusal)) INTO answer FROM (
    SELECT DISTINCT ON (commit) commit, refusal FROM (
      SELECT 1 AS place, commit,
          json_build_object('reason', 'stale_epoch', 'epoch', e.epoch, 'current', head.epoch) AS refusal
        FROM json_to_recordset(epochs) AS e (commit integer, epoch bigint), tradewind.head
        WHERE e.epoch <> head.epoch OR head.holder IS NULL OR head.until <= clock_timestamp()
      UNION ALL
      SELECT 2, commit, json_build_object('reason', 'client_order_id_used', 'clientOrderId', e.id)
        FROM json_to_recordset(client_order_ids) AS e (commit integer, id text)
        JOIN tradewind.client_order_ids AS used ON used.client_order_id = e.id
      UNION ALL
      SELECT 3, commit, json_build_object(
          'reason', 'fill_booked', 'symbol', symbol, 'tradeId', trade_id, 'venueOrderId', venue_order_id)
        FROM json_to_recordset(fills) AS e (commit integer, symbol text, "tradeId" bigint, "venueOrderId" bigint)
        JOIN tradewind.fills AS booked USING (symbol)
        WHERE booked.trade_id = e."tradeId" AND booked.venue_order_id = e."venueOrderId"
      UNION ALL
      SELECT 4, commit, json_build_object('reason', 'key_booked', 'key', key)
        FROM json_to_recordset(keys) AS e (commit integer, key text)
        JOIN tradewind.booked_keys USING (key)
    ) AS found ORDER BY commit, place
  ) AS first;
  IF answer IS NOT NULL THEN RETURN json_build_object('refused', answer); END IF;
  RETURN NULL;
END $$;

-- Writes events with all that is projected from them, or nothing. Where a row has a seq, it is the position of its event, from 1. The payloads
-- come as lines of one text, which nobody has to quote: JSON has no line break. Arguments that would be empty lists are NULL. Answers {"written": seq of the last, "hash"}; NULL when one of the epochs is not that of the running
-- lease. What is there already breaks a constraint. After either `conflict_of` says what it was.
-- Every table is reached by its index, with one plan for ever: a plan of its own for each call takes longer than the call, and one made
-- while the tables were small would read all of them when they are not.
CREATE FUNCTION tradewind.append_events(
  build text,
  configuration_hash text,
  epochs bigint[],
  events tradewind.journal[],
  payload_lines text,
  filed_orders tradewind.journal_orders[],
  claimed_ids tradewind.client_order_ids[],
  new_orders tradewind.orders[],
  changed_orders tradewind.orders[],
  new_fills tradewind.fills[],
  claimed_keys tradewind.booked_keys[],
  new_postings tradewind.postings[],
  changed_positions tradewind.positions[],
  added_profits tradewind.profits[],
  changed_watermarks tradewind.watermarks[],
  changed_breaks tradewind.breaks[],
  changed_strategies tradewind.strategies[],
  changed_words tradewind.last_words[]
) RETURNS json LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET jit = off
AS $$
DECLARE
  head tradewind.head;
  entry tradewind.journal;
  last_seq bigint;
  last_hash text;
  hashes text[];
  payloads text[] := string_to_array(payload_lines, E'\n');
BEGIN
  -- Whatever the settings of server or pooler are: what is acknowledged is on disk.
  PERFORM set_config('synchronous_commit', 'on', true);
  SELECT * INTO head FROM tradewind.head FOR UPDATE;
  IF epochs IS NOT NULL
    AND (head.holder IS NULL OR head.until <= clock_timestamp() OR NOT epochs <@ ARRAY[head.epoch]) THEN
    RETURN NULL;
  END IF;

  last_seq := head.seq;
  last_hash := head.hash;
  hashes := ARRAY[last_hash];
  FOREACH entry IN ARRAY events LOOP
    last_seq := last_seq + 1;
    last_hash := encode(sha256(convert_to(concat_ws(E'\n', last_hash, last_seq, entry.id, entry.at_ms, entry.kind,
      entry.service, entry.correlation_id, entry.cause_id, build, configuration_hash, payloads[entry.seq]), 'UTF8')),
      'hex');
    hashes := hashes || last_hash;
  END LOOP;
  INSERT INTO tradewind.journal
    SELECT head.seq + e.seq, e.id, e.at_ms, e.kind, e.service, e.correlation_id, e.cause_id, append_events.build,
      append_events.configuration_hash, e.symbol, e.strategy, payloads[e.seq], hashes[e.seq], hashes[e.seq + 1]
      FROM unnest(events) AS e;
  UPDATE tradewind.head SET seq = last_seq, at_ms = entry.at_ms, hash = last_hash;

  IF filed_orders IS NOT NULL THEN
    INSERT INTO tradewind.journal_orders SELECT client_order_id, head.seq + seq FROM unnest(filed_orders);
  END IF;
  IF claimed_ids IS NOT NULL THEN
    INSERT INTO tradewind.client_order_ids SELECT client_order_id, head.seq + seq FROM unnest(claimed_ids);
  END IF;
  IF new_orders IS NOT NULL THEN
    INSERT INTO tradewind.orders
      SELECT client_order_id, list_client_order_id, head.seq + intent_seq, leg, strategy, symbol, intent, record, state,
        ended_at_ms, expires_at_ms, created_at_ms, correlation_id FROM unnest(new_orders);
  END IF;
  IF changed_orders IS NOT NULL THEN
    UPDATE tradewind.orders AS o SET record = e.record, state = e.state, ended_at_ms = e.ended_at_ms
      FROM unnest(changed_orders) AS e WHERE o.client_order_id = e.client_order_id;
  END IF;
  IF new_fills IS NOT NULL THEN
    INSERT INTO tradewind.fills
      SELECT symbol, trade_id, venue_order_id, client_order_id, strategy, side, quantity, price, quote_amount, quote_asset,
        fee_amount, fee_asset, liquidity, realized_pnl, time_ms, head.seq + seq FROM unnest(new_fills);
  END IF;
  IF claimed_keys IS NOT NULL THEN
    INSERT INTO tradewind.booked_keys SELECT * FROM unnest(claimed_keys);
  END IF;
  IF new_postings IS NOT NULL THEN
    INSERT INTO tradewind.postings
      SELECT head.seq + seq, ordinal, sub_account, account, asset, amount FROM unnest(new_postings);
    INSERT INTO tradewind.balances AS b (sub_account, account, asset, amount)
      SELECT sub_account, account, asset, sum(amount) FROM unnest(new_postings) GROUP BY sub_account, account, asset
      ON CONFLICT (sub_account, account, asset) DO UPDATE SET amount = b.amount + excluded.amount;
  END IF;
  IF changed_positions IS NOT NULL THEN
    INSERT INTO tradewind.positions SELECT * FROM unnest(changed_positions)
      ON CONFLICT (strategy, symbol) DO UPDATE SET quantity = excluded.quantity, cost = excluded.cost,
        realized_pnl = excluded.realized_pnl, realized_before = excluded.realized_before;
  END IF;
  IF added_profits IS NOT NULL THEN
    INSERT INTO tradewind.profits AS p SELECT * FROM unnest(added_profits)
      ON CONFLICT (day_ms, strategy, symbol, quote_asset) DO UPDATE SET
        realized_pnl = p.realized_pnl + excluded.realized_pnl, fills = p.fills + excluded.fills,
        round_trips = p.round_trips + excluded.round_trips,
        won_round_trips = p.won_round_trips + excluded.won_round_trips;
  END IF;
  IF changed_watermarks IS NOT NULL THEN
    INSERT INTO tradewind.watermarks AS w SELECT * FROM unnest(changed_watermarks)
      ON CONFLICT (symbol) DO UPDATE SET trade_id = greatest(w.trade_id, excluded.trade_id);
  END IF;
  IF changed_breaks IS NOT NULL THEN
    INSERT INTO tradewind.breaks SELECT * FROM unnest(changed_breaks)
      ON CONFLICT (name) DO UPDATE SET is_open = excluded.is_open, body = excluded.body;
  END IF;
  IF changed_strategies IS NOT NULL THEN
    INSERT INTO tradewind.strategies SELECT * FROM unnest(changed_strategies)
      ON CONFLICT (strategy) DO UPDATE SET body = excluded.body;
  END IF;
  IF changed_words IS NOT NULL THEN
    INSERT INTO tradewind.last_words SELECT * FROM unnest(changed_words)
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
  END IF;
  RETURN json_build_object('written', last_seq, 'hash', last_hash);
END $$;
