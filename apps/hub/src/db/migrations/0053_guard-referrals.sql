grant select, insert on referral_links, referral_clicks, referral_visitors to upline_app;
grant update (revoked_at) on referral_links to upline_app;
grant update (clicks, visitors, bots) on referral_clicks to upline_app;
-- Who came is forgotten with the day.
grant delete on referral_visitors to upline_app;
