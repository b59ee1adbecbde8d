-- What holds reading rights against raw SQL on SQLite.  RAISE(ABORT, 'yicheng:<code>').
-- Whether a matter is restricted changes only by the command that says so, told of last.
CREATE TRIGGER matter_update_restricted BEFORE UPDATE ON matter
WHEN NEW.restricted IS NOT OLD.restricted
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_restricted_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.matter_id = OLD.id AND journal.command = 'restrict_access'
    );
END;

CREATE TRIGGER matter_insert_restricted BEFORE INSERT ON matter
WHEN NEW.restricted
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_restricted_without_journal');
END;

-- The parties to a matter change only with an act on it, of which the newest entry tells.
CREATE TRIGGER matter_party_insert BEFORE INSERT ON matter_party
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_party_replaced')
    WHERE EXISTS (
        SELECT 1 FROM matter_party
        WHERE matter_id = NEW.matter_id AND side = NEW.side AND code = NEW.code AND tie = NEW.tie
    );
    SELECT RAISE(ABORT, 'yicheng:matter_party_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.matter_id = NEW.matter_id
    );
END;

CREATE TRIGGER matter_party_delete BEFORE DELETE ON matter_party
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_party_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.matter_id = OLD.matter_id
    );
END;

CREATE TRIGGER matter_party_update BEFORE UPDATE ON matter_party
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_party_unchangeable');
END;
