-- Triggers for PostgreSQL. Each error is `yicheng:` and a stable code, as on SQLite.
-- A function reads what others committed up to its own statement, which is why the unit of work
-- writes at READ COMMITTED, and locks the rows that its answer rests on until the transaction ends.
-- Whoever may disable a trigger or set session_replication_role is beyond this; the chain tells.
--
-- A temporary table must not be taken for one of ours, so the functions look in our schema first.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE FUNCTION yicheng_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'yicheng:' || TG_ARGV[0];
END;
$$;

-- Organisations and the rules that they run under.
CREATE TRIGGER organisation_update BEFORE UPDATE ON organisation
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.code IS DISTINCT FROM OLD.code
    OR NEW.profile IS DISTINCT FROM OLD.profile
    OR NEW.time_zone IS DISTINCT FROM OLD.time_zone
    OR NEW.rehearsal IS DISTINCT FROM OLD.rehearsal
)
EXECUTE FUNCTION yicheng_refuse('organisation_identity');

CREATE TRIGGER organisation_delete BEFORE DELETE ON organisation
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('organisation_undeletable');

CREATE TRIGGER organisation_truncate BEFORE TRUNCATE ON organisation
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('organisation_undeletable');

-- Units and people: what they are called may change, what they are may not.
CREATE TRIGGER unit_update BEFORE UPDATE ON unit
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.code IS DISTINCT FROM OLD.code
    OR NEW.functions::text IS DISTINCT FROM OLD.functions::text
)
EXECUTE FUNCTION yicheng_refuse('unit_identity');

CREATE TRIGGER unit_delete BEFORE DELETE ON unit
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('unit_undeletable');

CREATE TRIGGER unit_truncate BEFORE TRUNCATE ON unit
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('unit_undeletable');

CREATE TRIGGER person_update BEFORE UPDATE ON person
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account IS DISTINCT FROM OLD.account
)
EXECUTE FUNCTION yicheng_refuse('person_identity');

CREATE TRIGGER person_delete BEFORE DELETE ON person
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('person_undeletable');

CREATE TRIGGER person_truncate BEFORE TRUNCATE ON person
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('person_undeletable');

-- After the founding, who holds which post changes only with the entry that the same command has
-- just put at the end of the journal. Days are those of the organisation, the entry's instant is in
-- UTC: a day of grace covers every time zone.
CREATE FUNCTION yicheng_appointment_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.until < NEW.since THEN
        RAISE check_violation USING MESSAGE = 'yicheng:appointment_days';
    END IF;
    IF EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND NOT (
                journal.command = 'appoint' AND journal.status = 'done'
                AND NEW.appointed_by IS NOT DISTINCT FROM journal.actor
                AND NEW.since >= (journal.at AT TIME ZONE 'UTC')::date - 1
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:appointment_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER appointment_insert BEFORE INSERT ON appointment
FOR EACH ROW EXECUTE FUNCTION yicheng_appointment_insert();

CREATE TRIGGER appointment_update BEFORE UPDATE ON appointment
FOR EACH ROW WHEN (
    NEW.until IS NULL
    OR NEW.until >= OLD.until
    OR to_jsonb(NEW) - 'until' IS DISTINCT FROM to_jsonb(OLD) - 'until'
)
EXECUTE FUNCTION yicheng_refuse('appointment_unchangeable');

CREATE FUNCTION yicheng_appointment_update_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id
            AND journal.command = 'end_appointment' AND journal.status = 'done'
            AND (NEW.until IS NULL OR NEW.until >= (journal.at AT TIME ZONE 'UTC')::date - 1)
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:appointment_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER appointment_update_journal BEFORE UPDATE ON appointment
FOR EACH ROW EXECUTE FUNCTION yicheng_appointment_update_journal();

CREATE TRIGGER appointment_delete BEFORE DELETE ON appointment
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('appointment_undeletable');

CREATE TRIGGER appointment_truncate BEFORE TRUNCATE ON appointment
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('appointment_undeletable');

CREATE FUNCTION yicheng_mandate_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND NOT (
                journal.command = 'grant_mandate' AND journal.status = 'done'
                AND journal.actor IS NOT DISTINCT FROM (
                    SELECT account FROM person WHERE id = NEW.principal_id
                )
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:mandate_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER mandate_insert BEFORE INSERT ON mandate
FOR EACH ROW EXECUTE FUNCTION yicheng_mandate_insert();

CREATE TRIGGER mandate_update BEFORE UPDATE ON mandate
FOR EACH ROW WHEN (
    OLD.ended_on IS NOT NULL
    OR NEW.ended_on IS NULL
    OR to_jsonb(NEW) - 'ended_on' IS DISTINCT FROM to_jsonb(OLD) - 'ended_on'
)
EXECUTE FUNCTION yicheng_refuse('mandate_unchangeable');

CREATE FUNCTION yicheng_mandate_update_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id
            AND journal.command = 'end_mandate' AND journal.status = 'done'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:mandate_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER mandate_update_journal BEFORE UPDATE ON mandate
FOR EACH ROW EXECUTE FUNCTION yicheng_mandate_update_journal();

CREATE TRIGGER mandate_delete BEFORE DELETE ON mandate
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('mandate_undeletable');

CREATE TRIGGER mandate_truncate BEFORE TRUNCATE ON mandate
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('mandate_undeletable');

CREATE TRIGGER procedure_version_update BEFORE UPDATE ON procedure_version
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('procedure_version_unchangeable');

CREATE TRIGGER procedure_version_delete BEFORE DELETE ON procedure_version
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('procedure_version_undeletable');

CREATE TRIGGER procedure_version_truncate BEFORE TRUNCATE ON procedure_version
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('procedure_version_undeletable');

-- Matters.
CREATE TRIGGER matter_insert_new BEFORE INSERT ON matter
FOR EACH ROW WHEN (
    NEW.current_draft_id IS NOT NULL OR NEW.agenda_item_id IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('matter_born_tabled');

CREATE TRIGGER matter_update_identity BEFORE UPDATE ON matter
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.number IS DISTINCT FROM OLD.number
    OR NEW.year IS DISTINCT FROM OLD.year
    OR NEW.serial IS DISTINCT FROM OLD.serial
)
EXECUTE FUNCTION yicheng_refuse('matter_identity');

CREATE FUNCTION yicheng_matter_update_draft() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_tabled_text';
    END IF;
    IF NEW.current_draft_id IS DISTINCT FROM (
        SELECT id FROM draft
        WHERE matter_id = OLD.id AND organisation_id = OLD.organisation_id
        ORDER BY number DESC LIMIT 1
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_draft_not_newest';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER matter_update_draft BEFORE UPDATE ON matter
FOR EACH ROW WHEN (NEW.current_draft_id IS DISTINCT FROM OLD.current_draft_id)
EXECUTE FUNCTION yicheng_matter_update_draft();

-- What stands of a matter changes only together with its next version, of which the entry that the
-- same command has just put at the end of the journal tells. JSON has no equality: it is compared as
-- text.
CREATE FUNCTION yicheng_matter_update_journal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.version IS DISTINCT FROM OLD.version + 1 OR NOT EXISTS (
        SELECT FROM journal
        WHERE organisation_id = OLD.organisation_id
            AND seq = (
                SELECT seq FROM journal_head WHERE organisation_id = OLD.organisation_id
            )
            AND matter_id = OLD.id AND matter_version = NEW.version AND status = 'done'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER matter_update_journal BEFORE UPDATE ON matter
FOR EACH ROW WHEN (
    NEW.version IS DISTINCT FROM OLD.version
    OR NEW.stage IS DISTINCT FROM OLD.stage
    OR NEW.answers::text IS DISTINCT FROM OLD.answers::text
    OR NEW.title IS DISTINCT FROM OLD.title
    OR NEW.proposing_unit IS DISTINCT FROM OLD.proposing_unit
    OR NEW.lead_unit IS DISTINCT FROM OLD.lead_unit
    OR NEW.co_units::text IS DISTINCT FROM OLD.co_units::text
    OR NEW.paused_since IS DISTINCT FROM OLD.paused_since
    OR NEW.procedure_version_id IS DISTINCT FROM OLD.procedure_version_id
    OR NEW.project_key IS DISTINCT FROM OLD.project_key
    OR NEW.counterparty_key IS DISTINCT FROM OLD.counterparty_key
    OR NEW.purpose_key IS DISTINCT FROM OLD.purpose_key
    OR NEW.amount_yuan IS DISTINCT FROM OLD.amount_yuan
)
EXECUTE FUNCTION yicheng_matter_update_journal();

-- What was reviewed rests on the answers, the units and the rules: all stand while it is tabled.
CREATE FUNCTION yicheng_matter_tabled() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:' || TG_ARGV[0];
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER matter_update_answers BEFORE UPDATE ON matter
FOR EACH ROW WHEN (
    NEW.answers::text IS DISTINCT FROM OLD.answers::text
    OR NEW.title IS DISTINCT FROM OLD.title
    OR NEW.proposing_unit IS DISTINCT FROM OLD.proposing_unit
    OR NEW.lead_unit IS DISTINCT FROM OLD.lead_unit
    OR NEW.co_units::text IS DISTINCT FROM OLD.co_units::text
)
EXECUTE FUNCTION yicheng_matter_tabled('matter_tabled_answers');

CREATE TRIGGER matter_update_rules BEFORE UPDATE ON matter
FOR EACH ROW WHEN (NEW.procedure_version_id IS DISTINCT FROM OLD.procedure_version_id)
EXECUTE FUNCTION yicheng_matter_tabled('matter_tabled_rules');

CREATE FUNCTION yicheng_matter_update_agenda_item() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.agenda_item_id IS DISTINCT FROM (
        SELECT id FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_agenda_item';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER matter_update_agenda_item BEFORE UPDATE ON matter
FOR EACH ROW WHEN (NEW.agenda_item_id IS DISTINCT FROM OLD.agenda_item_id)
EXECUTE FUNCTION yicheng_matter_update_agenda_item();

CREATE TRIGGER matter_delete BEFORE DELETE ON matter
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('matter_undeletable');

CREATE TRIGGER matter_truncate BEFORE TRUNCATE ON matter
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('matter_undeletable');

-- Meetings.
CREATE TRIGGER meeting_update_identity BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.code IS DISTINCT FROM OLD.code
    OR NEW.year IS DISTINCT FROM OLD.year
    OR NEW.serial IS DISTINCT FROM OLD.serial
    OR NEW.body IS DISTINCT FROM OLD.body
    OR NEW.held_on IS DISTINCT FROM OLD.held_on
)
EXECUTE FUNCTION yicheng_refuse('meeting_identity');

CREATE TRIGGER meeting_update_frozen BEFORE UPDATE ON meeting
FOR EACH ROW WHEN (
    OLD.frozen_on IS NOT NULL AND NEW.frozen_on IS DISTINCT FROM OLD.frozen_on
)
EXECUTE FUNCTION yicheng_refuse('meeting_unfrozen');

CREATE TRIGGER meeting_delete BEFORE DELETE ON meeting
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('meeting_undeletable');

CREATE TRIGGER meeting_truncate BEFORE TRUNCATE ON meeting
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('meeting_undeletable');

-- The journal and its head.
CREATE FUNCTION yicheng_journal_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM journal_head
    WHERE organisation_id = NEW.organisation_id
        AND seq = NEW.seq - 1 AND digest = NEW.previous
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:journal_out_of_order';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER journal_insert BEFORE INSERT ON journal
FOR EACH ROW EXECUTE FUNCTION yicheng_journal_insert();

CREATE TRIGGER journal_update BEFORE UPDATE ON journal
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('journal_unchangeable');

CREATE TRIGGER journal_delete BEFORE DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('journal_undeletable');

CREATE TRIGGER journal_truncate BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('journal_undeletable');

CREATE TRIGGER journal_head_insert_first BEFORE INSERT ON journal_head
FOR EACH ROW WHEN (NEW.seq IS DISTINCT FROM 0)
EXECUTE FUNCTION yicheng_refuse('journal_head_not_first');

CREATE FUNCTION yicheng_journal_head_update() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
        OR NEW.seq IS DISTINCT FROM OLD.seq + 1
        OR NOT EXISTS (
            SELECT FROM journal
            WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
                AND previous = OLD.digest AND digest = NEW.digest
        ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:journal_head_out_of_order';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER journal_head_update BEFORE UPDATE ON journal_head
FOR EACH ROW EXECUTE FUNCTION yicheng_journal_head_update();

CREATE TRIGGER journal_head_delete BEFORE DELETE ON journal_head
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('journal_head_undeletable');

CREATE TRIGGER journal_head_truncate BEFORE TRUNCATE ON journal_head
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('journal_head_undeletable');

-- What is filed on a matter.
CREATE FUNCTION yicheng_draft_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_organisation';
    END IF;
    IF NEW.digest IS DISTINCT FROM encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_digest';
    END IF;
    IF NEW.number IS DISTINCT FROM 1 + (
        SELECT coalesce(max(number), 0) FROM draft WHERE matter_id = NEW.matter_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_out_of_order';
    END IF;
    IF EXISTS (
        SELECT FROM agenda_item WHERE matter_id = NEW.matter_id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_tabled_text';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER draft_insert BEFORE INSERT ON draft
FOR EACH ROW EXECUTE FUNCTION yicheng_draft_insert();

CREATE TRIGGER draft_update BEFORE UPDATE ON draft
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('draft_unchangeable');

CREATE TRIGGER draft_delete BEFORE DELETE ON draft
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('draft_undeletable');

CREATE TRIGGER draft_truncate BEFORE TRUNCATE ON draft
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('draft_undeletable');

-- A record names its matter, organisation and journal entry by foreign keys; here nobody can switch
-- them off.
CREATE TRIGGER record_update BEFORE UPDATE ON record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('record_unchangeable');

CREATE TRIGGER record_delete BEFORE DELETE ON record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('record_undeletable');

CREATE TRIGGER record_truncate BEFORE TRUNCATE ON record
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('record_undeletable');

CREATE FUNCTION yicheng_review_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:review_organisation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM record
        WHERE matter_id = NEW.matter_id AND position = NEW.position
            -- The commands by which a text is found to be lawful, or not.
            AND command IN ('give_review_verdict', 'confirm_changes', 'recheck_text')
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:review_without_record';
    END IF;
    IF EXISTS (
        SELECT FROM review WHERE matter_id = NEW.matter_id AND position > NEW.position
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:review_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM draft
        WHERE id = NEW.draft_id AND matter_id = NEW.matter_id
            AND organisation_id = NEW.organisation_id AND digest = NEW.digest
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:review_of_another_text';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER review_insert BEFORE INSERT ON review
FOR EACH ROW EXECUTE FUNCTION yicheng_review_insert();

CREATE TRIGGER review_update BEFORE UPDATE ON review
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('review_unchangeable');

CREATE TRIGGER review_delete BEFORE DELETE ON review
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('review_undeletable');

CREATE TRIGGER review_truncate BEFORE TRUNCATE ON review
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('review_undeletable');

-- Clearances: the latest review passed, on the very text that is current.
CREATE FUNCTION yicheng_clearance_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:clearance_organisation';
    END IF;
    IF NOT EXISTS (
        SELECT
        FROM matter
        JOIN draft ON draft.id = matter.current_draft_id
        JOIN review ON review.matter_id = matter.id
        WHERE matter.id = NEW.matter_id AND matter.organisation_id = NEW.organisation_id
            AND draft.id = NEW.draft_id AND draft.matter_id = matter.id
            AND draft.digest = NEW.digest
            AND draft.number = (SELECT max(number) FROM draft WHERE matter_id = NEW.matter_id)
            AND review.id = NEW.review_id AND review.passed
            AND review.digest = NEW.digest
            AND review.position = (
                SELECT max(position) FROM review WHERE matter_id = NEW.matter_id
            )
            AND NOT EXISTS (
                SELECT FROM record
                WHERE record.matter_id = NEW.matter_id AND record.command = 'migrate'
                    AND record.outcome = 'review_lapsed' AND record.position > review.position
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:clearance_without_passed_review';
    END IF;
    IF NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND journal.seq = NEW.journal_seq AND journal.matter_id = NEW.matter_id
            AND journal.command = 'propose_agenda_item' AND journal.status = 'done'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:clearance_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER clearance_insert BEFORE INSERT ON clearance
FOR EACH ROW EXECUTE FUNCTION yicheng_clearance_insert();

CREATE TRIGGER clearance_update BEFORE UPDATE ON clearance
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('clearance_unchangeable');

CREATE TRIGGER clearance_delete BEFORE DELETE ON clearance
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('clearance_undeletable');

CREATE TRIGGER clearance_truncate BEFORE TRUNCATE ON clearance
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('clearance_undeletable');

-- Agenda items: nothing without a clearance that still holds.
CREATE FUNCTION yicheng_agenda_item_insert() RETURNS trigger
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
    IF convened.frozen_on IS NOT NULL THEN
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
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_insert BEFORE INSERT ON agenda_item
FOR EACH ROW EXECUTE FUNCTION yicheng_agenda_item_insert();

CREATE FUNCTION yicheng_agenda_item_inserted() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE matter SET agenda_item_id = NEW.id WHERE id = NEW.matter_id;
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_inserted AFTER INSERT ON agenda_item
FOR EACH ROW EXECUTE FUNCTION yicheng_agenda_item_inserted();

CREATE TRIGGER agenda_item_update BEFORE UPDATE ON agenda_item
FOR EACH ROW WHEN (
    OLD.removed_at IS NOT NULL
    OR NEW.removed_at IS NULL
    OR to_jsonb(NEW) - 'removed_at' IS DISTINCT FROM to_jsonb(OLD) - 'removed_at'
)
EXECUTE FUNCTION yicheng_refuse('agenda_item_unchangeable');

CREATE FUNCTION yicheng_agenda_item_updated() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE matter SET agenda_item_id = NULL WHERE id = NEW.matter_id;
    RETURN NEW;
END;
$$;

CREATE TRIGGER agenda_item_updated AFTER UPDATE ON agenda_item
FOR EACH ROW EXECUTE FUNCTION yicheng_agenda_item_updated();

CREATE TRIGGER agenda_item_delete BEFORE DELETE ON agenda_item
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('agenda_item_undeletable');

CREATE TRIGGER agenda_item_truncate BEFORE TRUNCATE ON agenda_item
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('agenda_item_undeletable');
