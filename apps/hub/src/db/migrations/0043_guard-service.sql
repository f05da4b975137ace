-- Service keys are of no company: the owner writes them, and the door reads them.
grant select on service_keys to upline_gate;

create trigger append_only before update or delete on service_log for each row execute function refuse_change();
create trigger append_only_truncate before truncate on service_log for each statement execute function refuse_change();

grant select, insert on store_apps, told_evidence to upline_app;
grant select on store_apps to upline_gate;
grant update (connected_at, uninstalled_at, key_no, currency, time_zone, hinted_at) on store_apps to upline_app;
grant update (status, decided_by, decided_at, reason) on told_evidence to upline_app;

-- A shop that asks to erase a buyer has the buyer's hashes erased too.
grant delete on order_buyers to upline_app;
