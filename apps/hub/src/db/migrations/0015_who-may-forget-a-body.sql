-- An ordinary body stays in its row, as before it was sealed; what is encrypted cannot be compressed.
alter table inbox alter column sealed set storage external;

grant select, insert on body_keys to upline_gate;
-- Nobody changes the key of a body; whoever may forget it deletes it.
grant select, delete on body_keys to upline_app;
