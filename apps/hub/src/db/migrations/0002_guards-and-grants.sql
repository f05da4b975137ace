-- What the schema in TypeScript cannot say: storage, the ledger's view, guards and grants.

-- An ordinary body stays in its row, uncompressed: compressing it, or cutting it into pieces of a
-- side table with an index of its own, costs several times the write.
alter table inbox alter column body set storage external;
alter table inbox set (toast_tuple_target = 8160);
alter table order_revisions alter column snapshot set storage external;
alter table order_revisions set (toast_tuple_target = 8160);
alter table orders set (fillfactor = 85);

insert into inbox_floor (delivery_id) values (0);

-- The document's ledger: event_id, order_id, distributor_id, amount, calc_snapshot_json.
-- Of an order's rows it says their order, of a close's rows their run.
create view ledger with (security_invoker = true) as
  select t.company_id,
         t.transfer_id as event_id,
         case when t.source_kind = 1 then t.source_no end as order_id,
         d.distributor_id,
         case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end as amount_minor,
         t.currency,
         t.kind,
         t.entry_key,
         t.effective_at,
         t.recorded_at,
         coalesce(r.snapshot, case when c.run_no is not null then jsonb_build_object('format', 'upline-close/1', 'run', c.run_no,
           'period', c.period_no, 'plan_hash', c.plan_hash, 'input_hash', c.input_hash, 'output_hash', c.output_hash)::text end)
           as calc_snapshot_json,
         t.source_kind,
         t.source_no
    from transfers t
    left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
    left join order_revisions r
      on r.company_id = t.company_id and r.order_no = t.source_no and r.revision = t.revision and t.source_kind = 1
    left join close_runs c on c.company_id = t.company_id and c.run_no = t.source_no and t.source_kind = 2;

-- Guards --------------------------------------------------------------------------------------

create function guard_period() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if exists (select from periods p where p.company_id = new.company_id and p.plan_id = new.plan_id
                and p.starts_at < new.ends_at and new.starts_at < p.ends_at) then
      raise exception 'period % overlaps another one of its plan', new.name using errcode = 'exclusion_violation';
    end if;
    return new;
  end if;
  if (old.state, new.state) not in (('open', 'closing'), ('closing', 'open'), ('closing', 'closed'))
    or to_jsonb(new) - 'state' <> to_jsonb(old) - 'state' then
    raise exception 'a period goes from open to closing, and from there to closed or back' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger guard before insert or update on periods for each row execute function guard_period();
create trigger keep before delete on periods for each row execute function refuse_change();
create trigger keep_truncate before truncate on periods for each statement execute function refuse_change();

do $$
declare name text;
begin
  foreach name in array array['audit_log', 'sponsor_edges', 'standings', 'placement_edges', 'sku_map', 'plans', 'inbox', 'order_revisions',
    'transfers', 'reconciliations', 'volume_entries', 'rank_directives', 'period_locks', 'period_earnings', 'close_runs', 'run_results',
    'run_bonuses', 'run_pairs', 'run_carry'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
  end loop;
end $$;

-- Grants: whoever has a policy on a table may read it, and a company may add rows ------------------

do $$
declare name text;
begin
  for name in select tablename from pg_policies where schemaname = 'public' and policyname = 'own_company' loop
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
  for name in select tablename from pg_policies where schemaname = 'public' and policyname = 'any_company' loop
    execute format('grant select on %I to upline_gate', name);
  end loop;
end $$;

grant insert on inbox, inbox_outcomes, inbox_retries to upline_gate;
grant update, delete on inbox_retries to upline_gate, upline_app;
grant select, update on inbox_floor to upline_gate;
-- A replay forgets that a delivery was dead; nothing else of an outcome ever changes.
grant delete on inbox_outcomes to upline_app;

grant update (directory_version, evidence_order, name) on companies to upline_app;
grant update (revoked_at) on api_keys, store_secrets, store_tokens to upline_app;
grant update (status, settings, name, platform_shop_id) on stores to upline_app;
grant update (used_at, store_id) on connection_codes to upline_app;
grant update (used_at) on store_grants to upline_app;
grant update on store_access, store_reads to upline_app;
grant update (name, country, tax_id_ciphertext, version) on distributors to upline_app;
grant update on orders, order_facts to upline_app;
grant delete on quarantine to upline_app;
grant update (state) on periods to upline_app;
grant update (revision) on volume_heads to upline_app;
grant select on ledger to upline_app;
grant usage on sequence order_numbers, close_run_numbers to upline_app;
