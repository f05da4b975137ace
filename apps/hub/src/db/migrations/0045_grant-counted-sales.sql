grant select, insert, update (counts, number) on counted_sales to upline_app;
