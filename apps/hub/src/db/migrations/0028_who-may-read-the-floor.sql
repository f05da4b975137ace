-- A list of the deliveries that wait begins where all before are done. It is one number, of no company.
grant select on inbox_floor to upline_app;
