-- Rates are history: an order may have been paid by any of them.
create trigger append_only before update or delete on exchange_rates for each row execute function refuse_change();
create trigger append_only_truncate before truncate on exchange_rates for each statement execute function refuse_change();
grant select, insert on exchange_rates to upline_app;
