-- A group of many deliveries stays in its row, uncompressed, as an ordinary body does.
alter table inbox_groups alter column salts set storage external;
alter table inbox_groups set (toast_tuple_target = 8160);

grant select, insert on inbox_groups to upline_gate;
-- Which deliveries were committed together never changes; a salt is only ever erased.
grant select, update (salts) on inbox_groups to upline_app;
-- A group is named by its first delivery, so that the numbers are taken before the rows are written.
grant usage on sequence inbox_delivery_id_seq to upline_gate;

-- Of a delivery in its group; null where it was erased.
create function salt_in(delivery_ids bigint[], salts bytea, delivery_id bigint) returns bytea language sql immutable parallel safe as
  $$ select nullif(substr(salts, array_position(delivery_ids, delivery_id) * 16 - 15, 16), '\x00000000000000000000000000000000'::bytea) $$;

-- Every delivery so far was, in effect, committed alone: its row names no group, so that its group has its own number.
insert into inbox_groups (company_id, group_no, delivery_ids, salts)
select i.company_id, i.delivery_id, array[i.delivery_id], k.salt
  from inbox i left join body_keys k on k.company_id = i.company_id and k.delivery_id = i.delivery_id;
