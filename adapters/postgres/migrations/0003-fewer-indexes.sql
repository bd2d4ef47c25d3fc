-- Every index of the journal is paid for by every commit, a decision (signal, verdict, intent) before its order leaves included. What services
-- look for when they start stays indexed: events by kind, and what books and orders are made from by symbol and by strategy. What nobody but a
-- person asks for, and what a journal is full of anyway, is read along the journal.

DROP INDEX tradewind.journal_kind;
DROP INDEX tradewind.journal_symbol;
DROP INDEX tradewind.journal_strategy;
CREATE INDEX journal_kind ON tradewind.journal (kind, seq) WHERE kind NOT IN ('evaluation', 'signal', 'verdict');
CREATE INDEX journal_symbol ON tradewind.journal (symbol, seq) WHERE kind IN ('fill', 'balance');
CREATE INDEX journal_strategy ON tradewind.journal (strategy, seq) WHERE kind IN ('order', 'fill', 'balance');
