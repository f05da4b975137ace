grant select, insert on company_branding to upline_app;
grant update (shown_name, accent, support, logo, logo_type, logo_hash, changed_at) on company_branding to upline_app;
