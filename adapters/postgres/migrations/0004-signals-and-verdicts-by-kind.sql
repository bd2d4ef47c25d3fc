-- Who looks at a status screen reads the newest of nine kinds, signals and verdicts among them, twice a second; where strategies judge every bar
-- and hardly ever trade, these are found by no walk along the journal.

DROP INDEX tradewind.journal_kind;
CREATE INDEX journal_kind ON tradewind.journal (kind, seq) WHERE kind <> 'evaluation';
