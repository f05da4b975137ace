-- Periods and their closes: volumes by period, locked inputs, runs and what they came to, placement trees, rank directives.

-- Periods -------------------------------------------------------------------------------------

create table periods (
  company_id integer not null references companies,
  period_no integer not null check (period_no > 0),
  plan_id text not null,
  -- What people call it, such as 2026-06.
  name text not null check (name <> ''),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  time_zone text not null,
  -- Every amount of its close.
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  state text not null default 'open' check (state in ('open', 'closing', 'closed')),
  opened_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, period_no),
  unique (company_id, plan_id, starts_at),
  unique (company_id, plan_id, name)
);

create function guard_period() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if exists (select from periods p where p.company_id = new.company_id and p.plan_id = new.plan_id
                and p.starts_at < new.ends_at and new.starts_at < p.ends_at) then
      raise exception 'period % overlaps another one of its plan', new.name using errcode = 'exclusion_violation';
    end if;
    return new;
  end if;
  if (old.state, new.state) not in (('open', 'closing'), ('closing', 'open'), ('closing', 'closed')) or to_jsonb(new) - 'state' <> to_jsonb(old) - 'state' then
    raise exception 'a period goes from open to closing, and from there to closed or back' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger guard before insert or update on periods for each row execute function guard_period();

-- Volumes -------------------------------------------------------------------------------------

-- Volumes are booked to periods like value is booked to accounts: by difference, never changed. An order's volume
-- goes to the period it was placed in while that is open; what comes later goes where its plan says.
--   order        to the order's own period
--   late         to the next open period: late orders, edits, and refunds under "volume-only-next-period"
--   shadow       to a closed period, for its next run: refunds under "reverse-delta"
--   written-off  to no period: refunds under "write-off"
--   adjustment   an admin's, with its reason
create table volume_entries (
  company_id integer not null references companies,
  -- Given under the company's lock, so that everything up to a number is complete.
  entry_no bigint generated always as identity,
  period_no integer,
  kind text not null check (kind in ('order', 'late', 'shadow', 'written-off', 'adjustment')),
  order_no bigint,
  revision integer,
  distributor_no integer not null,
  commission_class text not null,
  market text not null,
  self_purchase boolean not null,
  -- A fast start takes the place of other bonuses on this order.
  fast_start boolean not null,
  currency char(3) not null,
  -- Ten-thousandths; net in minor units.
  pv bigint not null,
  qv bigint not null,
  cv bigint not null,
  net_minor bigint not null,
  effective_at timestamptz not null,
  actor text,
  reason text,
  recorded_at timestamptz not null default now(),
  primary key (company_id, entry_no),
  check ((period_no is null) = (kind = 'written-off')),
  check ((order_no is null) = (kind = 'adjustment')),
  check (kind <> 'adjustment' or (actor is not null and reason is not null)),
  foreign key (company_id, period_no) references periods
);
create index volume_entries_by_period on volume_entries (company_id, period_no, entry_no);
create index volume_entries_by_order on volume_entries (company_id, order_no) where order_no is not null;

-- Up to which revision an order's volumes are booked.
create table volume_heads (
  company_id integer not null,
  order_no bigint not null,
  revision integer not null,
  primary key (company_id, order_no)
);

-- Ranks and their exceptions --------------------------------------------------------------------

-- An admin's word on a rank: "override" sets it, "constraint" keeps it from rising above. The newest of each kind counts.
create table rank_directives (
  company_id integer not null,
  directive_no bigint generated always as identity,
  distributor_no integer not null,
  kind text not null check (kind in ('override', 'constraint')),
  -- Rank id of the plan; null is no rank.
  rank text,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  reason text not null check (reason <> ''),
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, directive_no),
  foreign key (company_id, distributor_no) references distributors
);

-- Closes --------------------------------------------------------------------------------------

-- What a close reads, fixed: everything recorded up to these marks and nothing after. The same lock gives the same bytes.
create table period_locks (
  company_id integer not null,
  lock_no bigint generated always as identity,
  period_no integer not null,
  plan_hash text not null,
  volume_upto bigint not null,
  directory_version bigint not null,
  distributors integer not null,
  directive_upto bigint not null,
  -- The run of the period before, whose ranks and carried volumes this one starts from.
  after_run bigint,
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, lock_no),
  foreign key (company_id, period_no) references periods
);

-- What order-time bonuses paid until a lock and no earlier period has matched: for matching bonuses of the close.
create table period_earnings (
  company_id integer not null,
  lock_no bigint not null,
  bonus_id text not null,
  distributor_no integer not null,
  amount bigint not null,
  primary key (company_id, lock_no, bonus_id, distributor_no),
  foreign key (company_id, lock_no) references period_locks
);

create sequence close_run_numbers as bigint;

-- trial     somebody looked: totals only
-- proposed  computed on locked inputs, waits for a second person
-- committed posted; a later one of the same period supersedes it, and posted the differences
create table close_runs (
  company_id integer not null,
  run_no bigint not null,
  period_no integer not null,
  kind text not null check (kind in ('trial', 'proposed', 'committed')),
  cause text not null check (cause in ('close', 'rerun', 'refund')),
  lock_no bigint,
  -- Of a committed run: the proposal it carries out, and the committed run it replaces.
  proposal bigint,
  supersedes bigint,
  plan_hash text not null,
  input_hash text not null check (input_hash ~ '^[0-9a-f]{64}$'),
  output_hash text not null check (output_hash ~ '^[0-9a-f]{64}$'),
  -- Of what the next close starts from: if it changes, later closes must run again.
  carry_hash text not null check (carry_hash ~ '^[0-9a-f]{64}$'),
  totals jsonb not null,
  actor text not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, run_no),
  foreign key (company_id, period_no) references periods,
  foreign key (company_id, lock_no) references period_locks,
  check ((kind = 'trial') = (lock_no is null)),
  check ((kind = 'committed') = (proposal is not null)),
  check (supersedes is null or kind = 'committed')
);
create index close_runs_by_period on close_runs (company_id, period_no, run_no);
-- One chain of committed runs per period, and each proposal is carried out once.
create unique index close_runs_first on close_runs (company_id, period_no) where kind = 'committed' and supersedes is null;
create unique index close_runs_next on close_runs (company_id, supersedes) where supersedes is not null;
create unique index close_runs_proposal on close_runs (company_id, proposal) where proposal is not null;

-- One row for whoever had volume, a rank, a title or an amount. Ranks are positions in the run's plan, -1 for none.
create table run_results (
  company_id integer not null,
  run_no bigint not null,
  distributor_no integer not null,
  active boolean not null,
  pv bigint not null,
  -- Own and group volume in the plan's rank volume.
  own_volume bigint not null,
  gv bigint not null,
  personal_group_volume bigint not null,
  retail_volume bigint not null,
  active_legs integer not null,
  qualified_rank smallint not null,
  rank smallint not null,
  title smallint not null,
  grace_used smallint not null,
  primary key (company_id, run_no, distributor_no)
);

-- Minor units by bonus and distributor, before and after the plan's caps; distributor 0 is the company: breakage.
create table run_bonuses (
  company_id integer not null,
  run_no bigint not null,
  bonus_id text not null,
  distributor_no integer not null,
  before_caps bigint not null,
  amount bigint not null,
  primary key (company_id, run_no, distributor_no, bonus_id)
);

create table run_pairs (
  company_id integer not null,
  run_no bigint not null,
  bonus_id text not null,
  distributor_no integer not null,
  left_volume bigint not null,
  right_volume bigint not null,
  -- Volume, or a number of cycles.
  matched bigint not null,
  used_left bigint not null,
  used_right bigint not null,
  primary key (company_id, run_no, bonus_id, distributor_no)
);

-- What the next close starts from: binary volume by age in closes, pools that roll over (distributor 0), completed matrices.
create table run_carry (
  company_id integer not null,
  run_no bigint not null,
  bonus_id text not null,
  kind text not null check (kind in ('left', 'right', 'pool', 'completed')),
  age smallint not null,
  distributor_no integer not null,
  amount bigint not null,
  primary key (company_id, run_no, bonus_id, kind, age, distributor_no)
);

-- Placement -----------------------------------------------------------------------------------

create table placement_trees (
  company_id integer not null references companies,
  tree text not null check (tree ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  width smallint not null check (width between 2 and 100),
  -- Levels below a distributor that spillover searches; null is without end.
  depth smallint check (depth between 1 and 100),
  spillover text not null check (spillover in ('breadth-first', 'depth-first', 'fewest-children', 'leftmost', 'rightmost')),
  -- So long a newcomer waits in the holding tank for a sponsor's choice, and may be moved after being placed.
  window_days integer not null check (window_days between 0 and 366),
  recorded_at timestamptz not null default now(),
  primary key (company_id, tree)
);

-- Who stands where, from when on. Whoever has no row waits in the holding tank. Parent 0 is the top of the tree.
create table placement_edges (
  company_id integer not null,
  edge_no bigint generated always as identity,
  tree text not null,
  distributor_no integer not null,
  parent_no integer not null check (parent_no <> distributor_no),
  leg smallint not null check (leg >= 0),
  valid_from timestamptz not null,
  version bigint not null,
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, edge_no),
  foreign key (company_id, tree) references placement_trees,
  foreign key (company_id, distributor_no) references distributors
);
create index placement_edges_by_distributor on placement_edges (company_id, tree, distributor_no, edge_no);

-- The ledger says of an order's rows their order, and of a close's rows their run. ------------------

create or replace view ledger with (security_invoker = true) as
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

do $$
declare name text;
begin
  foreach name in array array['volume_entries', 'rank_directives', 'period_locks', 'period_earnings', 'close_runs', 'run_results',
    'run_bonuses', 'run_pairs', 'run_carry', 'placement_edges'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
  end loop;
  execute 'create trigger keep before delete on periods for each row execute function refuse_change()';
  execute 'create trigger keep_truncate before truncate on periods for each statement execute function refuse_change()';
end $$;

do $$
declare name text;
begin
  foreach name in array array['periods', 'volume_entries', 'volume_heads', 'rank_directives', 'period_locks', 'period_earnings',
    'close_runs', 'run_results', 'run_bonuses', 'run_pairs', 'run_carry', 'placement_trees', 'placement_edges'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I to upline_app using (company_id = (select current_company())) with check (company_id = (select current_company()))', name);
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
end $$;

grant update (state) on periods to upline_app;
grant update (revision) on volume_heads to upline_app;
grant usage on sequence close_run_numbers to upline_app;
