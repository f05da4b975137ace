-- What the foreign key of standings said, looked up for all rows of a statement together.

create function refuse_unknown_distributors() returns trigger language plpgsql as $$
begin
  if exists (select from added a where not exists (
      select from distributors d where d.company_id = a.company_id and d.distributor_no = a.distributor_no)) then
    raise exception 'a row of % names a distributor that does not exist', tg_table_name using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger known_distributors after insert on standings referencing new table as added
  for each statement execute function refuse_unknown_distributors();
