grant select, insert on retention_settings to upline_app;
grant update (body_days, delivery_days, click_days, changed_at) on retention_settings to upline_app;
-- How often links were followed long ago goes where the company says so.
grant delete on referral_clicks to upline_app;
