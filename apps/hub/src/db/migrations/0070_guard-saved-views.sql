grant select, insert, delete on saved_views to upline_app;
grant update (name, shared, query, changed_at) on saved_views to upline_app;
