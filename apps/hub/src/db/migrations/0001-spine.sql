-- The spine: companies, stores, network, SKU map, plans, inbox, orders, ledger.
--
-- Two roles besides the owner, who only migrates:
--   upline_gate  the door: finds a store or an API key before the company is known, and writes the inbox.
--   upline_app   everything of one company: row-level security shows it the rows of `upline.company_id` only.

do $$
begin
  if not exists (select from pg_roles where rolname = 'upline_app') then create role upline_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  if not exists (select from pg_roles where rolname = 'upline_gate') then create role upline_gate nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  execute format('grant upline_app, upline_gate to %I', current_user);
exception when unique_violation then null;
end $$;

create function current_company() returns integer language sql stable as
  $$ select nullif(current_setting('upline.company_id', true), '')::integer $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only: write a new row instead of a % of an old one', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;

-- Companies -----------------------------------------------------------------------------------

create table companies (
  company_id integer generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text not null check (name <> ''),
  -- Raised by every change of network, SKU map or plans, so that workers know when their copies are old.
  directory_version bigint not null default 1,
  -- Evidence order of the attribution, best first; null is the default order.
  evidence_order text[],
  -- Hashes buyers, so that no personal data is stored; deleting it makes the hashes meaningless. Encrypted at rest.
  buyer_key bytea not null,
  created_at timestamptz not null default now()
);

-- Stores --------------------------------------------------------------------------------------

create table stores (
  company_id integer not null references companies,
  store_id text not null unique,
  platform text not null check (platform in ('shopify', 'woocommerce', 'magento')),
  domain text not null check (domain = lower(domain) and domain <> ''),
  -- The platform's own number of the shop, where bodies name that instead of the domain (Shopify).
  platform_shop_id text,
  name text not null,
  status text not null default 'active' check (status in ('active', 'paused', 'disconnected')),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (company_id, store_id)
);
-- One shop belongs to one company: deliveries of an app arrive at one address for all shops.
create unique index stores_by_domain on stores (platform, domain) where status <> 'disconnected';
create unique index stores_by_shop_id on stores (platform, platform_shop_id) where status <> 'disconnected';

create table store_secrets (
  company_id integer not null,
  store_id text not null,
  secret_no integer generated always as identity,
  ciphertext bytea not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (company_id, store_id, secret_no),
  foreign key (company_id, store_id) references stores
);

create table api_keys (
  company_id integer not null references companies,
  key_no integer generated always as identity,
  key_hash bytea not null unique,
  prefix text not null,
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (company_id, key_no)
);

create table audit_log (
  company_id integer not null references companies,
  audit_no bigint generated always as identity,
  actor text not null,
  act text not null,
  subject text not null,
  details jsonb not null default '{}',
  recorded_at timestamptz not null default now(),
  primary key (company_id, audit_no)
);

-- Network -------------------------------------------------------------------------------------

create table distributors (
  company_id integer not null references companies,
  -- Dense per company: workers hold the trees as arrays over it. 0 is the company itself.
  distributor_no integer not null check (distributor_no > 0),
  distributor_id text not null check (distributor_id <> ''),
  name text not null default '',
  country text check (country ~ '^[A-Z]{2}$'),
  tax_id_ciphertext bytea,
  enrolled_at timestamptz not null,
  version bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, distributor_no),
  unique (company_id, distributor_id)
);
create index distributors_by_version on distributors (company_id, version);

-- Who sponsors whom, from when on. An audited correction is a new row with a later recorded_at.
create table sponsor_edges (
  company_id integer not null,
  edge_no bigint generated always as identity,
  distributor_no integer not null,
  sponsor_no integer not null default 0 check (sponsor_no <> distributor_no),
  valid_from timestamptz not null,
  version bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, edge_no),
  foreign key (company_id, distributor_no) references distributors
);
create index sponsor_edges_by_distributor on sponsor_edges (company_id, distributor_no, valid_from);
create index sponsor_edges_by_sponsor on sponsor_edges (company_id, sponsor_no);
create index sponsor_edges_by_version on sponsor_edges (company_id, version);

-- Status, rank and last closed period's volume of a distributor, from when on.
create table standings (
  company_id integer not null,
  standing_no bigint generated always as identity,
  distributor_no integer not null,
  status text not null check (status in ('active', 'inactive', 'suspended', 'terminated')),
  rank text,
  period_pv bigint,
  valid_from timestamptz not null,
  version bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, standing_no),
  foreign key (company_id, distributor_no) references distributors
);
create index standings_by_distributor on standings (company_id, distributor_no, valid_from);
create index standings_by_version on standings (company_id, version);

create table referral_codes (
  company_id integer not null,
  folded_code text not null check (folded_code <> ''),
  code text not null,
  distributor_no integer not null,
  version bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, folded_code),
  foreign key (company_id, distributor_no) references distributors
);
create index referral_codes_by_distributor on referral_codes (company_id, distributor_no);
create index referral_codes_by_version on referral_codes (company_id, version);

-- Which buyers are distributors themselves, by the same keyed hash as on orders.
create table distributor_buyers (
  company_id integer not null,
  buyer_hash text not null,
  distributor_no integer not null,
  version bigint not null,
  primary key (company_id, buyer_hash),
  foreign key (company_id, distributor_no) references distributors
);
create index distributor_buyers_by_version on distributor_buyers (company_id, version);

-- SKU map and plans ---------------------------------------------------------------------------

create table sku_map (
  company_id integer not null references companies,
  mapping_no bigint generated always as identity,
  sku_id text not null check (sku_id <> ''),
  platform text not null check (platform in ('shopify', 'woocommerce', 'magento')),
  platform_sku text not null default '',
  variant_id text,
  name text not null,
  category text not null default '',
  commission_class text not null check (commission_class <> ''),
  pv text not null,
  qv text not null,
  cv text not null,
  retail_margin text,
  valid_from timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, mapping_no),
  check (platform_sku <> '' or variant_id is not null)
);
create index sku_map_by_sku on sku_map (company_id, platform, platform_sku);

create table plans (
  company_id integer not null references companies,
  plan_hash text not null check (plan_hash ~ '^[0-9a-f]{64}$'),
  plan_id text not null,
  version integer not null,
  document jsonb not null,
  effective_from timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, plan_hash),
  unique (company_id, plan_id, version)
);

-- Inbox ---------------------------------------------------------------------------------------

-- Raw, verified deliveries, committed before the shop is answered. Append-only: what became of a
-- delivery is a row of its own, which is cheaper than rewriting this one.
create table inbox (
  company_id integer not null,
  delivery_id bigint generated always as identity primary key,
  store_id text not null,
  topic text not null,
  -- The delivery id of an unsigned header: shown to people, never trusted.
  platform_delivery_id text,
  -- base64 where the bytes are no valid UTF-8 text.
  encoding text not null default 'utf8' check (encoding in ('utf8', 'base64')),
  body text not null,
  received_at timestamptz not null default now()
);
-- An ordinary body stays in its row, uncompressed: compressing it, or cutting it into pieces of a
-- side table with an index of its own, costs several times the write.
alter table inbox alter column body set storage external;
alter table inbox set (toast_tuple_target = 8160);

create table inbox_outcomes (
  company_id integer not null,
  delivery_id bigint primary key,
  outcome text not null check (outcome in ('applied', 'duplicate', 'outdated', 'hint', 'ignored', 'shop', 'dead')),
  order_no bigint,
  detail text,
  processed_at timestamptz not null default now()
);
create index inbox_outcomes_dead on inbox_outcomes (company_id, delivery_id) where outcome = 'dead';
create index inbox_outcomes_by_order on inbox_outcomes (company_id, order_no) where order_no is not null;

-- Deliveries that failed and wait for their next attempt.
create table inbox_retries (
  company_id integer not null,
  delivery_id bigint primary key,
  attempts integer not null,
  next_attempt_at timestamptz not null,
  error text not null
);
create index inbox_retries_due on inbox_retries (next_attempt_at);

-- Nothing below this delivery waits any more: the sweeper starts here.
create table inbox_floor (only_row boolean primary key default true check (only_row), delivery_id bigint not null);
insert into inbox_floor (delivery_id) values (0);

-- Orders --------------------------------------------------------------------------------------

create sequence order_numbers as bigint;

create table orders (
  company_id integer not null,
  order_no bigint not null,
  store_id text not null,
  platform text not null,
  platform_order_id text not null,
  order_name text not null,
  revision integer not null,
  revision_at timestamptz not null,
  revision_tie text not null,
  state_hash text not null,
  stage text not null check (stage in ('pending', 'earned', 'void')),
  platform_status text not null,
  placed_at timestamptz not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total_minor bigint not null,
  net_minor bigint not null,
  refunded_net_minor bigint not null,
  -- Null is the house account; `unresolved` then tells whether a code was given that led to nobody.
  distributor_no integer,
  unresolved boolean not null default false,
  self_purchase boolean not null default false,
  referral_code text,
  buyer_hash text,
  quarantined_lines integer not null default 0,
  recorded_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, order_no),
  unique (company_id, store_id, platform_order_id)
) with (fillfactor = 85);

-- One calculation snapshot per order revision: canonical state, what was locked at first sight, and the entries.
create table order_revisions (
  company_id integer not null,
  order_no bigint not null,
  revision integer not null,
  delivery_id bigint,
  cause text not null check (cause in ('delivery', 'api', 'remap', 'reattribution', 'reconcile')),
  snapshot text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, order_no, revision)
);
alter table order_revisions alter column snapshot set storage external;
alter table order_revisions set (toast_tuple_target = 8160);

-- What is known of an order besides its newest state: full accounts of its refunds, or that it was deleted.
create table order_facts (
  company_id integer not null,
  store_id text not null,
  platform_order_id text not null,
  fact_key text not null,
  standalone boolean not null,
  fact text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, store_id, platform_order_id, fact_key)
);

-- Lines that no SKU mapping covers: they earn nothing until somebody maps them.
create table quarantine (
  company_id integer not null,
  order_no bigint not null,
  line_id text not null,
  platform text not null,
  variant_id text,
  sku text,
  name text not null,
  net_minor bigint not null,
  currency text not null,
  recorded_at timestamptz not null default now(),
  primary key (company_id, order_no, line_id)
);
create index quarantine_by_sku on quarantine (company_id, platform, sku);

-- Ledger --------------------------------------------------------------------------------------

-- One row moves value from a debit to a credit account: it cannot be unbalanced. Owner 0 is the company.
-- Accounts: 1 held, 2 payable, 3 paid, 4 recoverable, 10 commission expense, 11 breakage, 12 payout clearing, 13 tax withheld.
-- The primary key is the effect's own identity: a repeat cannot be written.
create table transfers (
  company_id integer not null,
  -- 1 an order, 2 a period's close, 3 an adjustment, 4 a payout.
  source_kind smallint not null,
  source_no bigint not null,
  revision integer not null,
  seq smallint not null,
  transfer_id bigint generated always as identity,
  kind text not null check (kind in ('commission', 'clawback', 'breakage', 'breakage-clawback')),
  entry_key text not null,
  -- The distributor the row is about; 0 for the company's own.
  distributor_no integer not null,
  debit_owner integer not null,
  debit_account smallint not null,
  credit_owner integer not null,
  credit_account smallint not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  -- Rows below the oldest running transaction are complete: seals and folds read up to there.
  recorded_xid xid8 not null default pg_current_xact_id(),
  primary key (company_id, source_kind, source_no, revision, seq),
  check (debit_owner <> credit_owner or debit_account <> credit_account)
);
create unique index transfers_by_id on transfers (company_id, transfer_id);
create index transfers_by_distributor on transfers (company_id, distributor_no, transfer_id);

-- The document's ledger: event_id, order_id, distributor_id, amount, calc_snapshot_json.
create view ledger with (security_invoker = true) as
  select t.company_id,
         t.transfer_id as event_id,
         t.source_no as order_id,
         d.distributor_id,
         case when t.kind in ('commission', 'breakage') then t.amount else -t.amount end as amount_minor,
         t.currency,
         t.kind,
         t.entry_key,
         t.effective_at,
         t.recorded_at,
         r.snapshot as calc_snapshot_json
    from transfers t
    left join distributors d on d.company_id = t.company_id and d.distributor_no = t.distributor_no
    left join order_revisions r
      on r.company_id = t.company_id and r.order_no = t.source_no and r.revision = t.revision and t.source_kind = 1;

-- Guards --------------------------------------------------------------------------------------

do $$
declare name text;
begin
  foreach name in array array['sponsor_edges', 'standings', 'sku_map', 'plans', 'inbox', 'order_revisions', 'transfers', 'audit_log'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
  end loop;
end $$;

do $$
declare name text;
begin
  foreach name in array array['companies', 'stores', 'store_secrets', 'api_keys', 'audit_log', 'distributors', 'sponsor_edges',
    'standings', 'referral_codes', 'distributor_buyers', 'sku_map', 'plans', 'inbox', 'inbox_outcomes', 'inbox_retries', 'orders', 'order_revisions',
    'order_facts', 'quarantine', 'transfers'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_company on %I to upline_app using (company_id = (select current_company())) with check (company_id = (select current_company()))', name);
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
  foreach name in array array['stores', 'store_secrets', 'api_keys', 'companies', 'inbox', 'inbox_outcomes', 'inbox_retries'] loop
    execute format('create policy any_company on %I to upline_gate using (true) with check (true)', name);
    execute format('grant select on %I to upline_gate', name);
  end loop;
end $$;

grant insert on inbox, inbox_outcomes, inbox_retries to upline_gate;
grant update, delete on inbox_retries to upline_gate, upline_app;
grant select, update on inbox_floor to upline_gate;
-- A replay forgets that a delivery was dead; nothing else of an outcome ever changes.
grant delete on inbox_outcomes to upline_app;
grant update (directory_version, evidence_order, name) on companies to upline_app;
grant update (status, settings, name, platform_shop_id) on stores to upline_app;
grant update (revoked_at) on store_secrets, api_keys to upline_app;
grant update (name, country, tax_id_ciphertext, version) on distributors to upline_app;
grant update on orders, order_facts to upline_app;
grant delete on quarantine to upline_app;
grant select on ledger to upline_app;
grant usage on sequence order_numbers to upline_app;
