-- Who signs people in: sees persons, what they sign in with and where they have a place, and nothing of a company's business.
do $$
begin
  if not exists (select from pg_roles where rolname = 'upline_people') then create role upline_people nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
