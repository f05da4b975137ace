grant select, insert, update, delete on people, person_sessions, person_credentials, person_verifications, person_totp, person_passkeys,
  sign_in_attempts to upline_people;
-- A place that was taken away stays on record, and so does an invitation.
grant select, insert on company_people, invitations to upline_people;
grant update (role, revoked_at) on company_people to upline_people;
grant update (used_at, revoked_at) on invitations to upline_people;
grant insert on audit_log to upline_people;
grant select (company_id, slug, name) on companies to upline_people;
-- Keys are worth what their person's role is: they go with it.
grant select (company_id, key_no, person_id, prefix, revoked_at), update (revoked_at) on api_keys to upline_people;

-- A company reads who has a place in it, and the names of those who work for it; it changes nothing of it by itself.
grant select on company_people to upline_app;
grant select (person_id, name, email) on people to upline_app;

--> statement-breakpoint
-- What people do with what they sign in with is written down where it happens, whatever the library of sign-ins does to get there: in the
-- log of every company that they have a place in. `upline.actor` says who did it where it was somebody else.
create function audit_person() returns trigger language plpgsql as $$
declare
  who text;
  done text;
begin
  if tg_table_name = 'people' then
    who := new.person_id;
    done := case when new.totp_enabled <> old.totp_enabled then case when new.totp_enabled then 'person.totp-on' else 'person.totp-off' end
                 when new.email <> old.email then 'person.email' when new.name <> old.name then 'person.name' end;
  else
    who := case tg_op when 'DELETE' then old.person_id else new.person_id end;
    done := case tg_table_name || ' ' || tg_op
      when 'person_sessions INSERT' then 'person.sign-in' when 'person_sessions DELETE' then 'person.sign-out'
      when 'person_credentials INSERT' then 'person.password' when 'person_credentials UPDATE' then 'person.password'
      when 'person_credentials DELETE' then 'person.password-removed'
      when 'person_passkeys INSERT' then 'person.passkey' when 'person_passkeys DELETE' then 'person.passkey-removed' end;
  end if;
  if done is null then return null; end if;
  insert into audit_log (company_id, actor, act, subject)
    select distinct seat.company_id, coalesce(nullif(current_setting('upline.actor', true), ''), 'person:' || who), done, who
      from company_people seat where seat.person_id = who and seat.revoked_at is null;
  return null;
end $$;
--> statement-breakpoint
create trigger audited after update on people for each row execute function audit_person();
--> statement-breakpoint
create trigger audited after insert or delete on person_sessions for each row execute function audit_person();
--> statement-breakpoint
create trigger audited after insert or delete or update of password on person_credentials for each row execute function audit_person();
--> statement-breakpoint
create trigger audited after insert or delete on person_passkeys for each row execute function audit_person();
