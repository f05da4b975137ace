grant select, insert on portal_settings, materials, questions, question_messages to upline_app;
grant update (names, contacts, changed_at) on portal_settings to upline_app;
grant update (title, body, changed_at, withdrawn_at) on materials to upline_app;
grant update (answered_at, wrote_at, read_at, settled_at) on questions to upline_app;
--> statement-breakpoint
create trigger append_only before update or delete on question_messages for each row execute function refuse_change();
--> statement-breakpoint
create trigger append_only_truncate before truncate on question_messages for each statement execute function refuse_change();
