grant select, insert on distributor_notes to upline_app;
grant update (body, changed_at) on distributor_notes to upline_app;
