-- A shop that has moved keeps its store, at another domain.
grant update (domain) on stores to upline_app;
