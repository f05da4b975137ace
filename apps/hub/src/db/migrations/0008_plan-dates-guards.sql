create trigger append_only before update or delete on plan_dates for each row execute function refuse_change();
--> statement-breakpoint
create trigger append_only_truncate before truncate on plan_dates for each statement execute function refuse_change();
--> statement-breakpoint
grant select, insert on plan_dates to upline_app;
