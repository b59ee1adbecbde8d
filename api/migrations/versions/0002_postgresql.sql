-- What holds the sittings of meetings against raw SQL on PostgreSQL.  Errors are yicheng:<code>.

-- The newest entry of an organisation's journal, where it tells of something done.
CREATE FUNCTION yicheng_told(home bigint) RETURNS SETOF journal
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT journal.*
    FROM journal_head
    JOIN journal USING (organisation_id, seq)
    WHERE journal_head.organisation_id = home AND journal.status = 'done'
$$;

-- A meeting is opened once its agenda is frozen, and closed once it was opened; neither is undone.
CREATE TRIGGER meeting_update_sitting BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (
    (OLD.opened_on IS NOT NULL AND NEW.opened_on IS DISTINCT FROM OLD.opened_on)
    OR (OLD.closed_on IS NOT NULL AND NEW.closed_on IS DISTINCT FROM OLD.closed_on)
    OR (NEW.opened_on IS NOT NULL AND NEW.frozen_on IS NULL)
    OR (NEW.closed_on IS NOT NULL AND NEW.opened_on IS NULL)
)
EXECUTE FUNCTION yicheng_refuse('meeting_sitting');

CREATE TRIGGER meeting_insert_sitting BEFORE INSERT ON meeting
FOR EACH ROW WHEN (
    NEW.frozen_on IS NOT NULL OR NEW.opened_on IS NOT NULL OR NEW.closed_on IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('meeting_sitting');

-- Each day of a meeting is written by its command, of which the newest entry of the journal tells.
CREATE FUNCTION yicheng_meeting_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.meeting_id = OLD.id AND told.matter_id IS NULL
            AND (
                OLD.frozen_on IS NOT NULL OR NEW.frozen_on IS NULL
                OR told.command = 'freeze_agenda'
            )
            AND (
                OLD.opened_on IS NOT NULL OR NEW.opened_on IS NULL
                OR told.command = 'open_meeting'
            )
            AND (
                OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL
                OR told.command = 'close_meeting'
            )
            AND (
                OLD.cancelled_on IS NOT NULL OR NEW.cancelled_on IS NULL
                OR told.command = 'cancel_meeting'
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:meeting_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER meeting_update_journal BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (
    (OLD.frozen_on IS NULL AND NEW.frozen_on IS NOT NULL)
    OR (OLD.opened_on IS NULL AND NEW.opened_on IS NOT NULL)
    OR (OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL)
    OR (OLD.cancelled_on IS NULL AND NEW.cancelled_on IS NOT NULL)
)
EXECUTE FUNCTION yicheng_meeting_journal();

-- Nothing is left open on the agenda of a meeting that is over.
CREATE FUNCTION yicheng_meeting_close() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM agenda_item WHERE meeting_id = OLD.id AND removed_at IS NULL) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:meeting_items_open';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER meeting_close BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (NEW.closed_on IS NOT NULL)
EXECUTE FUNCTION yicheng_meeting_close();

CREATE FUNCTION yicheng_proceeding_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM meeting
    WHERE id = NEW.meeting_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:proceeding_organisation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = NEW.command
            AND told.actor = NEW.actor
            AND told.meeting_id = NEW.meeting_id AND told.matter_id IS NULL
    ) OR EXISTS (
        SELECT FROM proceeding
        WHERE meeting_id = NEW.meeting_id AND journal_seq = NEW.journal_seq
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:proceeding_without_journal';
    END IF;
    IF (SELECT closed_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL
        AND (
            NEW.command <> 'close_meeting'
            OR EXISTS (
                SELECT FROM proceeding
                WHERE meeting_id = NEW.meeting_id AND command = 'close_meeting'
            )
        )
    THEN
        RAISE check_violation USING MESSAGE = 'yicheng:proceeding_meeting_closed';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER proceeding_insert BEFORE INSERT ON proceeding
FOR EACH ROW EXECUTE FUNCTION yicheng_proceeding_insert();

CREATE TRIGGER proceeding_update BEFORE UPDATE ON proceeding
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('proceeding_unchangeable');

CREATE TRIGGER proceeding_delete BEFORE DELETE ON proceeding
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('proceeding_undeletable');

CREATE TRIGGER proceeding_truncate BEFORE TRUNCATE ON proceeding
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('proceeding_undeletable');

-- An item is concluded in a sitting, and only what was concluded stays so.
DROP TRIGGER agenda_item_update ON agenda_item;

CREATE TRIGGER agenda_item_update BEFORE UPDATE ON agenda_item
FOR EACH ROW WHEN (
    OLD.removed_at IS NOT NULL
    OR NEW.removed_at IS NULL
    OR to_jsonb(NEW) - 'removed_at' - 'concluded'
        IS DISTINCT FROM to_jsonb(OLD) - 'removed_at' - 'concluded'
)
EXECUTE FUNCTION yicheng_refuse('agenda_item_unchangeable');

CREATE TRIGGER agenda_item_insert_concluded BEFORE INSERT ON agenda_item
FOR EACH ROW WHEN (NEW.concluded IS NOT NULL)
EXECUTE FUNCTION yicheng_refuse('agenda_item_not_active');

CREATE FUNCTION yicheng_agenda_item_conclude() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM meeting
    WHERE id = NEW.meeting_id AND opened_on IS NOT NULL AND closed_on IS NULL
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_not_sitting';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_conclude BEFORE UPDATE ON agenda_item
FOR EACH ROW WHEN (NEW.concluded IS NOT NULL)
EXECUTE FUNCTION yicheng_agenda_item_conclude();

-- Once its meeting sits, an item leaves with a conclusion only.
CREATE FUNCTION yicheng_agenda_item_in_session() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM meeting WHERE id = OLD.meeting_id AND opened_on IS NOT NULL FOR UPDATE;
    IF FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_in_session';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_update_sitting BEFORE UPDATE ON agenda_item
FOR EACH ROW WHEN (
    OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL AND NEW.concluded IS NULL
)
EXECUTE FUNCTION yicheng_agenda_item_in_session();

-- An item leaves the agenda by the newest entry of the journal, with the conclusion that it tells.
CREATE FUNCTION yicheng_agenda_item_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.matter_id = OLD.matter_id
            AND CASE
                WHEN NEW.concluded IS NULL
                THEN told.command IN ('remove_agenda_item', 'withdraw', 'end_decision')
                ELSE told.command = 'conclude_item' AND told.meeting_id = OLD.meeting_id
                    AND told.body::jsonb #>> '{payload,conclusion}' = NEW.concluded
            END
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_update_journal BEFORE UPDATE ON agenda_item
FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
EXECUTE FUNCTION yicheng_agenda_item_journal();

-- Document numbers of a series follow each other without gaps, and stay.  Each is given by the
-- newest entry of the journal, which is that of the issue of its matter and tells of it.
CREATE FUNCTION yicheng_document_number_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:document_number_organisation';
    END IF;
    IF NEW.serial <> 1 + (
        SELECT coalesce(max(serial), 0) FROM document_number
        WHERE organisation_id = NEW.organisation_id AND series = NEW.series AND year = NEW.year
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:document_number_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = 'issue'
            AND told.matter_id = NEW.matter_id
            AND told.body::jsonb -> 'payload' @> jsonb_build_object(
                'series', NEW.series, 'year', NEW.year, 'number', NEW.serial
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:document_number_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER document_number_insert BEFORE INSERT ON document_number
FOR EACH ROW EXECUTE FUNCTION yicheng_document_number_insert();

CREATE TRIGGER document_number_update BEFORE UPDATE ON document_number
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('document_number_unchangeable');

CREATE TRIGGER document_number_delete BEFORE DELETE ON document_number
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('document_number_undeletable');

CREATE TRIGGER document_number_truncate BEFORE TRUNCATE ON document_number
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('document_number_undeletable');

-- Acts on the catalogue of a year follow each other without gaps, each with its entry, and stay.
CREATE FUNCTION yicheng_catalogue_record_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NEW.position <> 1 + (
        SELECT coalesce(max(position), 0) FROM catalogue_record
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:catalogue_record_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = NEW.command
            AND told.actor = NEW.actor AND told.matter_id IS NULL AND told.meeting_id IS NULL
    ) OR EXISTS (
        SELECT FROM catalogue_record
        WHERE organisation_id = NEW.organisation_id AND journal_seq = NEW.journal_seq
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:catalogue_record_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER catalogue_record_insert BEFORE INSERT ON catalogue_record
FOR EACH ROW EXECUTE FUNCTION yicheng_catalogue_record_insert();

CREATE TRIGGER catalogue_record_update BEFORE UPDATE ON catalogue_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('catalogue_record_unchangeable');

CREATE TRIGGER catalogue_record_delete BEFORE DELETE ON catalogue_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('catalogue_record_undeletable');

CREATE TRIGGER catalogue_record_truncate BEFORE TRUNCATE ON catalogue_record
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('catalogue_record_undeletable');

-- Which entry of a catalogue a matter is, and which other it changes or ends, as with whatever else
-- ties it to others.
CREATE TRIGGER matter_update_entry BEFORE UPDATE ON matter
FOR EACH ROW WHEN (
    NEW.entry_year IS DISTINCT FROM OLD.entry_year
    OR NEW.entry_number IS DISTINCT FROM OLD.entry_number
    OR NEW.adjusts IS DISTINCT FROM OLD.adjusts
)
EXECUTE FUNCTION yicheng_matter_update_journal();

-- A meeting is called off before it is opened, with nothing on its agenda, and stays so.
CREATE FUNCTION yicheng_meeting_cancel() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.cancelled_on IS NOT NULL
        OR NEW.opened_on IS NOT NULL
        OR EXISTS (SELECT FROM agenda_item WHERE meeting_id = NEW.id AND removed_at IS NULL)
    THEN
        RAISE check_violation USING MESSAGE = 'yicheng:meeting_cancelled';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER meeting_update_cancelled BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (OLD.cancelled_on IS NOT NULL OR NEW.cancelled_on IS NOT NULL)
EXECUTE FUNCTION yicheng_meeting_cancel();

CREATE TRIGGER meeting_insert_cancelled BEFORE INSERT ON meeting
FOR EACH ROW WHEN (NEW.cancelled_on IS NOT NULL)
EXECUTE FUNCTION yicheng_refuse('meeting_cancelled');

-- An urgent item comes onto an agenda that is frozen: once, by the newest entry of the journal,
-- which is that of its clearance and says that it is urgent.  Nothing else is lifted.
CREATE OR REPLACE FUNCTION yicheng_agenda_item_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    tabled matter;
    convened meeting;
BEGIN
    IF NEW.removed_at IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_not_active';
    END IF;
    SELECT * INTO tabled FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_organisation';
    END IF;
    SELECT * INTO convened FROM meeting
    WHERE id = NEW.meeting_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_organisation';
    END IF;
    IF EXISTS (
        SELECT FROM agenda_item WHERE matter_id = NEW.matter_id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_matter_listed';
    END IF;
    IF EXISTS (
        SELECT FROM agenda_item
        WHERE meeting_id = NEW.meeting_id AND place = NEW.place AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_place_taken';
    END IF;
    IF convened.cancelled_on IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_meeting_cancelled';
    END IF;
    IF NEW.urgent THEN
        IF convened.closed_on IS NOT NULL OR EXISTS (
            SELECT FROM agenda_item
            WHERE clearance_id = NEW.clearance_id
                OR (
                    meeting_id = NEW.meeting_id AND matter_id = NEW.matter_id
                    AND concluded IS NOT NULL
                )
        ) OR NOT EXISTS (
            SELECT
            FROM clearance
            JOIN journal ON journal.organisation_id = clearance.organisation_id
                AND journal.seq = clearance.journal_seq
            JOIN journal_head ON journal_head.organisation_id = journal.organisation_id
                AND journal_head.seq = journal.seq
            WHERE clearance.id = NEW.clearance_id
                AND clearance.organisation_id = NEW.organisation_id
                AND journal.matter_id = NEW.matter_id AND journal.meeting_id = NEW.meeting_id
                AND journal.command = 'propose_agenda_item' AND journal.status = 'done'
                AND jsonb_typeof(journal.body::jsonb #> '{payload,urgent}') = 'object'
        ) THEN
            RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_urgent_without_journal';
        END IF;
    ELSIF convened.frozen_on IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_agenda_frozen';
    END IF;
    IF tabled.paused_since IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_matter_paused';
    END IF;
    IF NOT EXISTS (
        SELECT
        FROM clearance
        JOIN matter ON matter.id = clearance.matter_id
        JOIN draft ON draft.id = matter.current_draft_id
        JOIN review ON review.id = clearance.review_id
        WHERE clearance.id = NEW.clearance_id AND clearance.organisation_id = NEW.organisation_id
            AND matter.id = NEW.matter_id
            AND draft.id = clearance.draft_id AND draft.matter_id = matter.id
            AND draft.digest = clearance.digest
            AND draft.number = (SELECT max(number) FROM draft WHERE matter_id = NEW.matter_id)
            AND review.matter_id = matter.id AND review.passed
            AND review.digest = clearance.digest
            AND review.position = (
                SELECT max(position) FROM review WHERE matter_id = NEW.matter_id
            )
            AND NOT EXISTS (
                SELECT FROM record
                WHERE record.matter_id = NEW.matter_id AND record.command = 'migrate'
                    AND record.outcome = 'review_lapsed' AND record.position > review.position
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_without_clearance';
    END IF;
    -- No clearance serves twice: it is that of the newest entry, for this meeting.
    IF NOT EXISTS (
        SELECT
        FROM yicheng_told(NEW.organisation_id) AS told
        JOIN clearance ON clearance.journal_seq = told.seq
        WHERE clearance.id = NEW.clearance_id AND told.meeting_id = NEW.meeting_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:agenda_item_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

-- A record stands on the newest entry, which is that of its act, by the same account, on the same
-- matter and of the version that the act brings: one record for each.
CREATE FUNCTION yicheng_record_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:record_organisation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = NEW.command
            AND told.actor = NEW.actor AND told.matter_id = NEW.matter_id
            AND told.matter_version = NEW.position
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:record_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER record_insert BEFORE INSERT ON record
FOR EACH ROW EXECUTE FUNCTION yicheng_record_insert();
