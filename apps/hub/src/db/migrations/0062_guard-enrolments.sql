grant select, insert on enrolment_settings, consent_texts, enrolments, enrolment_decisions, given_consents to upline_app;
grant update (is_open, needs_approval, inviter, id_prefix, intro, fields, consents, changed_at) on enrolment_settings to upline_app;
grant update (state, confirmed_at, decided_at, email_ciphertext, name, answers_ciphertext) on enrolments to upline_app;
-- Whoever never confirmed their address is forgotten. What was agreed to and decided holds the others: its keys name them.
grant delete on enrolments to upline_app;
--> statement-breakpoint
create trigger append_only before update or delete on consent_texts for each row execute function refuse_change();
--> statement-breakpoint
create trigger append_only_truncate before truncate on consent_texts for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or delete on enrolment_decisions for each row execute function refuse_change();
--> statement-breakpoint
create trigger append_only_truncate before truncate on enrolment_decisions for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or delete on given_consents for each row execute function refuse_change();
--> statement-breakpoint
create trigger append_only_truncate before truncate on given_consents for each statement execute function refuse_change();
